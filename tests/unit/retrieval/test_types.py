"""Filters: equal ones have equal keys whatever the order and repetition of their values; different ones differ."""

from __future__ import annotations

import pytest

from retrieval.types import Filters

FILTERS = Filters({"brand": ("花田", "山风"), "labels": ("新品",)}, (100, None))


@pytest.mark.parametrize(
    "same",
    [
        Filters({"labels": ("新品",), "brand": ("山风", "花田")}, (100, None)),
        Filters({"brand": ("花田", "山风", "花田"), "labels": ("新品",)}, (100, None)),
    ],
)
def test_equal_keys(same: Filters) -> None:
    assert same.key == FILTERS.key
    assert hash(same.key) == hash(FILTERS.key)


@pytest.mark.parametrize(
    "other",
    [
        Filters(),
        Filters({"brand": ("花田",), "labels": ("新品",)}, (100, None)),
        Filters({"brand": ("花田", "山风"), "services": ("新品",)}, (100, None)),
        Filters(FILTERS.keywords, (None, 100)),
        Filters(FILTERS.keywords, (0, None)),
        Filters(FILTERS.keywords, (100, None), in_stock=True),
    ],
)
def test_different_keys(other: Filters) -> None:
    assert other.key != FILTERS.key


@pytest.mark.parametrize(
    ("filters", "empty"),
    [
        (Filters(), True),
        (Filters({}, (None, None), in_stock=False), True),
        (Filters(in_stock=True), False),
        (Filters(price=(0, None)), False),
        (Filters({"brand": ("花田",)}), False),
    ],
)
def test_empty(filters: Filters, empty: bool) -> None:
    assert filters.empty is empty
