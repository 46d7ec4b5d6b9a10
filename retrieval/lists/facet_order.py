"""The order of the values of a facet: by count, or as people order them, 8 before 110cm and S before XL.

A value is read as a run of texts and numbers, and a number comes before a text. Sizes in letters have their own order.
Equal counts stand in this order, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.types import FacetOrder, FacetValue

_PIECE = re.compile(r"(\d+(?:\.\d+)?)|(\D+)")
_LETTERS = {
    size: place
    for place, sizes in enumerate(
        ("xxs", "xs", "s", "m", "l", "xl", "xxl 2xl", "xxxl 3xl", "xxxxl 4xl", "5xl", "6xl", "7xl", "8xl")
    )
    for size in sizes.split()
}

Key = tuple[tuple[int, float, str], ...]


def ordered(values: Iterable[FacetValue], order: FacetOrder) -> tuple[FacetValue, ...]:
    """`values` by count, the most frequent first, equal counts by value; or by value alone."""
    if order is FacetOrder.VALUE:
        return tuple(sorted(values, key=lambda each: natural(each.value)))
    return tuple(sorted(values, key=lambda each: (-each.count, natural(each.value))))


def natural(value: str) -> Key:
    """What values are compared by: numbers as numbers; of ``name=value`` the name first."""
    name, equals, rest = value.partition("=")
    return (*((2, 0.0, name),) * bool(equals), *_pieces(rest if equals else value), (3, 0.0, value))


def _pieces(text: str) -> Key:
    if (place := _LETTERS.get(text.casefold())) is not None:
        return ((1, float(place), ""),)
    return tuple((0, float(number), "") if number else (2, 0.0, word) for number, word in _PIECE.findall(text))
