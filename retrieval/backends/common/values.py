"""What both backends read into filters and exact values: alternatives, price bands, unwanted words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from retrieval.analysis.analyzer import grams
from retrieval.types import Filters

SOLD_OUT = 0
"""The stock of what cannot be had; where it is not known, somebody may have it."""

_DENIALS = ("无", "免", "零", "0", "非", "不", "不含", "不带", "不加", "未加", "没有")


def alternatives_of(filters: Filters) -> Iterator[tuple[str, list[str]]]:
    """Fields with a group of values, one of each of which a document must have."""
    for name, values in (*filters.keywords.items(), *filters.also):
        yield from ((name, group) for group in _groups(name, values))


def _groups(name: str, values: Iterable[str]) -> list[list[str]]:
    """Attributes are grouped by their name."""
    if name != "attributes":
        return [list(values)]
    groups: dict[str, list[str]] = {}
    for value in values:
        groups.setdefault(value.split("=", 1)[0], []).append(value)
    return list(groups.values())


def band_name(edges: Sequence[int], i: int) -> str:
    """The name of band `i` of those that begin at `edges`, in hundredths of them: ``0-19.99``, …, ``3000-``."""
    low = edges[i] // 100
    return f"{low}-{edges[i + 1] // 100 - 0.01:.2f}" if i + 1 < len(edges) else f"{low}-"


def excluded(filters: Filters) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """The tokens of each unwanted word, and what pardons a document that has them all; a word without tokens is none.

    Who wants no 酒精 is well served by 无酒精 and 不含酒精; a denial before the word shows in the bigram at the joint.
    """
    return [(tokens, _pardons(word)) for word in filters.without if (tokens := tuple(grams(word)))]


def _pardons(word: str) -> list[tuple[str, ...]]:
    return [tuple(grams(denial + word[0])) for denial in _DENIALS]
