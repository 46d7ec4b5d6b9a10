"""Which moments keep to the filters of a search.

1. One that shows nothing for sure stays; of others, those that show a product that passes.
2. Without filters all stay; a product that is not there passes nothing.
"""

from __future__ import annotations

from retrieval.spoken.moment import MomentRow, ShownProduct
from retrieval.types import Filters
from retrieval.videos.fitting import fitting
from tests.unit.retrieval.tiny_reader import Item, TinyReader

ITEMS = [Item("a", "pot", brand="x"), Item("b", "pot", brand="y")]


def moment(**shown: float) -> MomentRow:
    return MomentRow("v", "video", "", tuple(ShownProduct(id, sure) for id, sure in shown.items()))


MOMENTS = (moment(a=0.9), moment(b=0.9), moment(a=0.9, b=0.9), moment(b=0.3), moment(), moment(gone=0.9))


def test_filters() -> None:  # 1, 2
    kept = fitting(TinyReader(ITEMS).reader, MOMENTS, Filters({"brand": ("x",)}), 0.5)
    assert kept.tolist() == [True, False, True, True, True, False]


def test_no_filters() -> None:  # 2
    assert fitting(TinyReader(ITEMS).reader, MOMENTS, Filters(), 0.5).all()
