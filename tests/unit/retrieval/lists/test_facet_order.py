"""The order of facet values:

1. Numbers stand as numbers, before texts; sizes in letters as they are worn; values of one name beside each other.
2. By count the most frequent come first, equal counts by value; whatever the order they come in.
"""

from __future__ import annotations

import random

import pytest

from retrieval.lists.facet_order import natural, ordered
from retrieval.types import FacetOrder, FacetValue


@pytest.mark.parametrize(
    "values",
    [
        ("8", "90cm", "110cm", "均码"),
        ("1.5米", "1.8米", "2米", "10米"),
        ("XS", "S", "m", "L", "XL", "2XL", "XXXL", "5xl"),
        ("36", "36.5", "40-41", "40-42", "S", "红"),
        ("尺码=8", "尺码=10", "身高=90"),
        ("第2代", "第10代"),
        ("",),
    ],
)
def test_natural(values: tuple[str, ...]) -> None:  # 1
    mixed = [*values]
    random.Random(7).shuffle(mixed)
    assert sorted(mixed, key=natural) == [*values]


def test_orders() -> None:  # 2
    given = [FacetValue("110cm", 2), FacetValue("8", 2), FacetValue("均码", 5)]
    assert [value.value for value in ordered(given, FacetOrder.COUNT)] == ["均码", "8", "110cm"]
    assert [value.value for value in ordered(given[::-1], FacetOrder.VALUE)] == ["8", "110cm", "均码"]
