"""Kinds of queries. A mean hides where a search fails; a slice shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from eval.types import Outcome, Query, Tokenize

TINY = 20
"""A slice of fewer judged queries than this is marked."""

GROUPS: dict[str, tuple[str, ...]] = {
    "characters": ("1–4", "5–8", "9–12", "13+"),
    "script": ("no Latin or digits", "Latin or digits"),
    "model number": ("none", "model number"),
    "tokens": ("0", "1", "2", "3", "4–5", "6+"),
    "gold title": ("shares characters", "no shared character"),
    "answer": ("has an answer", "has none"),
}
"""Group → labels, in the order shown. A query has at most one label in a group."""

_LATIN_OR_DIGIT = re.compile(r"[A-Za-z0-9]")
_CODE = re.compile(r"[a-z0-9]+(?:[-_./+][a-z0-9]+)*")
_QUANTITY = re.compile(r"\d+(?:\.\d+)?(?:ml|l|mg|g|kg|mm|cm|m|w|kw|v|a|mah|k|kb|mb|gb|tb|hz|mhz|ghz|p|d|s|h)")


def slices_of(
    query: Query, gold_titles: Sequence[str], tokenize: Tokenize | None, answered: bool | None = None
) -> dict[str, str]:
    """The slices of a query, group → label.

    - characters: how many there are, white space not counted.
    - script: whether there is a Latin letter or a digit (full-width ones too).
    - model number: whether letters and digits stand together, as in ``z62``, ``i5-11400f``, ``ccc100-n2-h3``;
      a number with its unit (``500ml``, ``128g``) is a quantity and does not count.
    - tokens: how many there are; left out without ``tokenize``.
    - gold title: whether the query shares one letter, digit or ideograph with the title of any relevant document;
      left out when no title is known. Queries that share none are out of reach of word matching.
    - answer: whether a judged document is an answer; left out where nobody said from which grade on it is one.
    """
    text = unicodedata.normalize("NFKC", query.text).casefold()
    labels = {
        "characters": _bin("characters", len("".join(query.text.split())), (5, 9, 13)),
        "script": _either("script", bool(_LATIN_OR_DIGIT.search(text))),
        "model number": _either("model number", has_model_number(text)),
    }
    if tokenize is not None:
        labels["tokens"] = _bin("tokens", len(tokenize(query.text)), (1, 2, 3, 4, 6))
    if gold_titles:
        asked = _letters(query.text)
        labels["gold title"] = _either("gold title", all(asked.isdisjoint(_letters(title)) for title in gold_titles))
    if answered is not None:
        labels["answer"] = _either("answer", not answered)
    return labels


def members(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, list[int]]]:
    """(group, label, positions of its judged outcomes) of every slice that is not empty, in the order of GROUPS."""
    for group, labels in GROUPS.items():
        for label in labels:
            places = [i for i, outcome in enumerate(outcomes) if outcome.judged and outcome.slices.get(group) == label]
            if places:
                yield group, label, places


def has_model_number(text: str) -> bool:
    """Whether a lower-case text holds a code of letters and digits that is no quantity."""
    codes = (match.group() for match in _CODE.finditer(text))
    return any(re.search(r"[a-z]", c) and re.search(r"\d", c) and not _QUANTITY.fullmatch(c) for c in codes)


def _letters(text: str) -> set[str]:
    return {character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum()}


def _bin(group: str, count: int, edges: tuple[int, ...]) -> str:
    return GROUPS[group][sum(count >= edge for edge in edges)]


def _either(group: str, second: bool) -> str:
    return GROUPS[group][int(second)]
