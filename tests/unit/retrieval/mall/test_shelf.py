"""What is offered to anybody:

1. Things stand by worth inside a category, and categories take turns: a small one is not behind a large one.
2. Sales and shoppers make the worth, buyers of the crowd more than a piece sold; what is not known is worth nothing.
3. What has too few stars is not offered; what nobody rated is. What is sensitive is offered in a chosen category alone.
4. The newest things are known, and fade by half in their half-life; without a date nothing is new.
5. The sample is of good things, the same for the same seed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retrieval.forward_head import UNKNOWN
from retrieval.mall.columns import Columns
from retrieval.mall.shelf import Shelf, stock_shelf


def columns(size: int, **given: Any) -> Columns:
    kinds = {"groups": np.uint64, "quality": np.float32, "sensitive": np.bool_}
    usual = {"quality": 0.94, "sales": UNKNOWN, "listed": UNKNOWN}
    return Columns(**{
        name: np.array(given.get(name, [usual.get(name, 0)] * size), kinds.get(name, np.uint32))
        for name in Columns.__slots__
    })  # fmt: skip


def stocked(size: int, liked: list[float] | None = None, **given: Any) -> Shelf:
    return stock_shelf(columns(size, **given), np.array(liked or [0] * size, np.float32), 0.8, seed=1)


def test_categories_take_turns() -> None:  # 1
    shelf = stocked(8, categories=[1] * 6 + [2] * 2, sales=[600, 500, 400, 300, 200, 100, 60, 50])
    order = shelf.popular.tolist()
    assert [row for row in order if row < 6] == list(range(6))
    assert order[:2] == [0, 6]
    assert order.index(7) < 5
    assert sorted(order) == list(range(8))


def test_worth() -> None:  # 2
    shelf = stocked(4, [0, 10, 0, 0], sales=[50, UNKNOWN, UNKNOWN, 0])
    assert shelf.popular.tolist() == [1, 0, 2, 3]
    assert shelf.liking.tolist() == [float(np.float32(np.log1p(5) / np.log1p(10))), 1.0, 0.0, 0.0]
    assert stocked(2).liking.tolist() == [0.0, 0.0]


def test_quality_and_sense() -> None:  # 3
    shelf = stocked(4, quality=[0.5, 0.8, 0.94, 0.94], sensitive=[False, False, False, True])
    assert shelf.popular.tolist() == [2, 3, 1]
    rows = np.arange(4)
    assert shelf.offered(rows, chosen=False).tolist() == [False, True, True, False]
    assert shelf.offered(rows, chosen=True).tolist() == [False, True, True, True]


def test_freshness() -> None:  # 4
    day = 86_400
    shelf = stocked(4, listed=[10 * day, 20 * day, UNKNOWN, 30 * day])
    assert shelf.newest.tolist() == [3, 1, 0]
    assert shelf.fresh(np.arange(4), now=20.0 * day, half_life_days=5).tolist() == [0.25, 1.0, 0.0, 1.0]


def test_sample() -> None:  # 5
    shelf = stocked(9000, quality=[0.5, 0.94] * 4500)
    assert len(shelf.sample) == len(set(shelf.sample.tolist())) == 4000
    assert set((shelf.sample % 2).tolist()) == {1}
    assert shelf.sample.tolist() == stocked(9000, quality=[0.5, 0.94] * 4500).sample.tolist() != sorted(shelf.sample)
    assert stocked(0).popular.tolist() == []
