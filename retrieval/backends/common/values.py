"""What both backends read into filters and exact values: alternatives, price bands, unwanted words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retrieval.analysis.analyzer import grams
from retrieval.types import Filters

PRICE_EDGES = (0, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 300_000)
"""Lower bounds of the price bands in fen: 0, 20, 50, 100, 200, 500, 1,000 and 3,000 yuan."""


_DENIALS = ("无", "免", "零", "非", "不含", "不带")


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


def price_band(i: int) -> str:
    """The name of band `i` in yuan: ``0-19.99``, …, ``3000-``."""
    low = PRICE_EDGES[i] // 100
    return f"{low}-{PRICE_EDGES[i + 1] // 100 - 0.01:.2f}" if i + 1 < len(PRICE_EDGES) else f"{low}-"


def excluded(filters: Filters) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """The tokens of each unwanted word, and what pardons a document that has them all; a word without tokens is none.

    Who wants no 酒精 is well served by 无酒精 and 不含酒精; a denial before the word shows in the bigram at the joint.
    """
    return [(tokens, _pardons(word)) for word in filters.without if (tokens := tuple(grams(word)))]


def _pardons(word: str) -> list[tuple[str, ...]]:
    return [tuple(grams(denial + word[0])) for denial in _DENIALS]
