"""Names on the cluster:

1. A generation's index is lower case and gives back the generation.
2. What cannot be a generation has no index, and another prefix's index is none of ours.
3. New names sort by time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrieval.backends.opensearch.names import Names, new_generation

NAMES = Names("shop")


def test_there_and_back() -> None:  # 1
    generation = "g20260101T120000.000Z-1a2b"
    index = NAMES.index(generation)
    assert index == "shop-products-g20260101t120000.000z-1a2b"
    assert NAMES.generation(index) == generation


@pytest.mark.parametrize("name", ["", "*", "_all", "g", "../x", "g20260101T120000.000Z-1a2b,other", "红", "g\0"])
def test_other_names(name: str) -> None:  # 2
    assert NAMES.index(name) is None
    assert NAMES.generation(f"shop-products-{name}") is None


def test_other_prefix() -> None:  # 2
    index = Names("other").index("g20260101T120000.000Z-1a2b")
    assert index is not None
    assert NAMES.generation(index) is None


def test_order_of_creation() -> None:  # 3
    start = datetime(2026, 1, 1, tzinfo=UTC)
    names = [new_generation(start + timedelta(milliseconds=7 * i)) for i in range(400)]
    assert names == sorted(names)
    assert all(NAMES.index(name) for name in names)
