"""Queries with one planted spelling error, to measure what a search loses by it.

A clean query is a few neighbouring words of a title, which is then its known answer, or a query of the log. One
character of it is damaged as shoppers damage it: another character of the same sound or of a like shape, two
neighbours swapped, one left out, or one typed twice. Which characters sound or look alike is given, so that the damage
need not come from the tables that repair it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.analysis.normalize import HAN, normalize

KINDS = ("pinyin", "shape", "swap", "missing")
SHORTEST, LONGEST = 4, 10
"""Characters of a query made from a title; nine of ten real queries are in this range."""

_HAN_CHAR = re.compile(rf"[{HAN}]")
_LEAST_HAN = 4
_DRAWS = 200
"""Tries for each query asked for, after which the texts are said to be unfit."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A query as meant and as typed; `document` is the id of the product it was taken from, if it was from a title."""

    clean: str
    typed: str
    kind: str
    document: str | None


def title_queries(
    titles: Sequence[tuple[str, str]], cut: Callable[[str], Sequence[str]], count: int, seed: int
) -> list[tuple[str, str]]:
    """`count` pairs (document id, query): neighbouring whole words of a title, out of (document id, title).

    Args:
        cut: words of a normalised text, in order; joined they are the text.

    Raises:
        ValueError: the titles have too few pieces of 4–10 characters with at least 4 Han characters.
    """
    rng = random.Random(seed)
    drawn: list[tuple[str, str]] = []
    for _ in range(count * _DRAWS):
        if len(drawn) == count:
            return drawn
        document, title = rng.choice(titles)
        piece = _piece(cut(normalize(title)), rng)
        if piece:
            drawn.append((document, piece))
    raise ValueError(f"only {len(drawn)} of {count} queries could be made: the titles are too short or too few")


def plant(
    queries: Sequence[tuple[str | None, str]],
    alike: Mapping[str, Mapping[str, Sequence[str]]],
    count: int,
    seed: int,
    kinds: Sequence[str] = KINDS,
) -> list[Planted]:
    """`count` damaged queries, the kinds in turn, each query used at most once.

    Args:
        queries: (document id or None, normalised query).
        alike: ``pinyin``, ``near_pinyin`` and ``shape`` → character → characters it is mistaken for.
        kinds: of these three, ``swap``, ``missing`` and ``extra`` (a character typed twice).

    Raises:
        ValueError: too few queries can be damaged.
    """
    rng = random.Random(seed)
    order = rng.sample(range(len(queries)), len(queries))
    planted: list[Planted] = []
    for row in order:
        if len(planted) == count:
            break
        document, clean = queries[row]
        kind = kinds[len(planted) % len(kinds)]
        typed = _damaged(clean, kind, alike.get(kind, {}), rng)
        if typed is not None:
            planted.append(Planted(clean, typed, kind, document))
    if len(planted) < count:
        raise ValueError(f"only {len(planted)} of {count} errors could be planted in {len(queries)} queries")
    return planted


def _piece(words: Sequence[str], rng: random.Random) -> str | None:
    start = rng.randrange(len(words)) if words else 0
    length = rng.randint(SHORTEST, LONGEST)
    piece = ""
    for word in words[start:]:
        if len(piece) + len(word) > length:
            break
        piece += word
    piece = " ".join(piece.split())
    fit = len(piece) >= SHORTEST and len(_HAN_CHAR.findall(piece)) >= _LEAST_HAN
    return piece if fit else None


def _damaged(clean: str, kind: str, alike: Mapping[str, Sequence[str]], rng: random.Random) -> str | None:
    """`clean` with one error of `kind` at a random Han character, None where it has no place for one."""
    places = [m.start() for m in _HAN_CHAR.finditer(clean)]
    if kind == "swap":
        places = [i for i in places if i + 1 in places and clean[i] != clean[i + 1]]
    elif kind not in ("missing", "extra"):
        places = [i for i in places if alike.get(clean[i])]
    if not places or len(clean) < _LEAST_HAN:
        return None
    i = rng.choice(places)
    if kind == "swap":
        return clean[:i] + clean[i + 1] + clean[i] + clean[i + 2 :]
    if kind in ("missing", "extra"):
        return clean[:i] + clean[i] * (2 if kind == "extra" else 0) + clean[i + 1 :]
    return clean[:i] + rng.choice(alike[clean[i]]) + clean[i + 1 :]
