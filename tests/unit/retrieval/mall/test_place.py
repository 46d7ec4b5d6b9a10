"""The mall of a generation while things are written beside it:

1. Columns are read once; of what is written later the rows behind, and an older reader needs none.
2. What is new is offered, as the newest and last among the popular; what is known of later is not there for a reader
   that has fewer rows, nor are its neighbours.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from retrieval.mall.columns import read_columns
from retrieval.mall.place import Neighbours, Place, fitted
from retrieval.mall.shelf import stock_shelf
from retrieval.mall.together import Together
from retrieval.protocols import IndexReader
from retrieval.types import IntArray
from tests.world import analysed_of


class Rows:
    """As many products as are told, alike but for their numbers; it notes which are read."""

    def __init__(self, rows: int) -> None:
        self.rows, self.read = rows, list[int]()

    @property
    def reader(self) -> IndexReader:
        return cast(IndexReader, self)

    def forward(self, rows: IntArray) -> list[bytes]:
        self.read += rows.tolist()
        made = ({"id": f"p{n}", "title": f"保温杯 {n}号", "rating": 5 * (n % 2), "reviews": 99} for n in rows.tolist())
        return [analysed_of(row).indexed.forward for row in made]


def test_columns_grow() -> None:  # 1
    first, later = Rows(4), Rows(6)
    known = read_columns(first.reader, lambda _: False)
    assert (len(known), first.read) == (4, [0, 1, 2, 3])
    grown = read_columns(later.reader, lambda text: "5号" in text, known)
    assert (len(grown), later.read) == (6, [4, 5])
    assert grown.sensitive.tolist() == [False] * 5 + [True]
    assert grown.quality[:4].tolist() == known.quality.tolist()
    assert read_columns(first.reader, lambda _: False, grown) is grown


def test_a_place_fits() -> None:  # 2
    columns = read_columns(Rows(6).reader, lambda _: False)
    four = read_columns(Rows(4).reader, lambda _: False)
    near = Neighbours({0: 0}, np.array([0, 3]), Together(np.array([0, 1, 1]), np.array([1]), np.ones(1, np.float32)))
    place = Place(stock_shelf(four, np.arange(4.0, dtype=np.float32), 0.0, 7), near, near, np.arange(4))
    more = fitted(place, columns, 6, 0.0).shelf
    assert more.popular.tolist() == [*place.shelf.popular.tolist(), 4, 5]
    assert more.newest.tolist()[:2] == [5, 4]
    assert more.liking.tolist() == [*place.shelf.liking.tolist(), 0.0, 0.0]
    assert len(more.good) == len(columns)
    fewer = fitted(place, columns, 3, 0.0)
    assert 3 not in fewer.shelf.popular
    assert 3 not in fewer.shelf.sample
    assert (place.viewed.of(0)[0].tolist(), fewer.viewed.of(0)[0].tolist()) == ([3], [])
