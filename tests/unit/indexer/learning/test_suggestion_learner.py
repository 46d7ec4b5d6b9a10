"""What a generation suggests:

1. Queries of a log and names of the catalogue, where one title says all their words; each with the best sold of these.
2. The demand is a part of how often a log has a query, and a little for what it finds; its quality is of that.
3. Where nearly all documents are of one category, it is named, with a document of it; what is called so is in the one
   above.
4. A shop is found by its name, and searched for what it has most of.
5. Numbers and addresses of somebody, and single characters, are not suggested.
6. Where rows moved, no document is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from indexer.learning.suggestion_learner import LOGGED, UNASKED, SuggestionLearner
from indexer.learning.title_words import TitleWords
from retrieval.suggest.entry import Entry, Kind
from retrieval.understanding.knowledge import Knowledge
from tests.unit.retrieval.understanding.mall import learner
from tests.world import analysed_of

SHOP = {"name": "花田旗舰店"}
ROWS: list[Mapping[str, Any]] = [
    {"id": "a", "title": "法式 连衣裙 红色", "category": ["女装", "连衣裙"], "sales_30d": 5, "shop": SHOP},
    {"id": "b", "title": "连衣裙 显瘦", "category": ["女装", "连衣裙"], "sales_30d": 50, "rating": 5.0, "reviews": 900},
    {"id": "c", "title": "红色 连衣裙", "category": ["女装", "连衣裙"], "shop": SHOP},
    {"id": "d", "title": "红色 保温杯", "category": ["厨具", "水具"], "shop": SHOP},
]
FLAGSHIP = [*ROWS, {"id": "f", "title": "白色 连衣裙", "shop": SHOP}]
KNOWN = Knowledge(products={"连衣裙": 3, "保温杯": 1, "雨伞": 9}, brands={"花田": 1}, categories={"女装/连衣裙": 3})


def learned(log: Mapping[str, int], rows: Iterable[Mapping[str, Any]] = ROWS, **options: bool) -> dict[str, Entry]:
    learning = SuggestionLearner(learner().cut)
    learning.products([analysed_of(dict(row)) for row in rows])
    for query, times in log.items():
        learning.query(query, times)
    table = learning.finish(KNOWN, **options)
    return {table[place].text: table[place] for place in range(len(table))}


def test_entries() -> None:  # 1
    found = learned({"红色 连衣裙": 7, "蓝色 连衣裙": 9, "连衣裙": 2})
    assert {text: (one.kind, one.found, one.rows) for text, one in found.items() if one.kind is not Kind.SHOP} == {
        "连衣裙": (Kind.CATEGORY, 3, (1, 0, 2)),
        "保温杯": (Kind.PRODUCT, 1, (3,)),
        "红色 连衣裙": (Kind.QUERY, 2, (0, 2)),
    }


def test_demand() -> None:  # 2
    found = learned({"红色 连衣裙": 7})
    assert found["红色 连衣裙"].demand == pytest.approx(7 * LOGGED + UNASKED * 2**0.5)
    assert found["保温杯"].demand == pytest.approx(UNASKED)
    assert found["保温杯"].quality == pytest.approx(0.94 / 2, abs=0.01)
    assert found["连衣裙"].quality > found["保温杯"].quality


def test_categories() -> None:  # 3
    found = learned({"红色 连衣裙": 7, "法式": 1, "显瘦 连衣裙": 3}, [*ROWS, {**ROWS[2], "id": "e"}])
    assert (found["红色 连衣裙"].category, found["红色 连衣裙"].inside) == ("女装/连衣裙", 0)
    assert (found["连衣裙"].category, found["显瘦 连衣裙"].category) == ("女装", "")


def test_a_few_of_many() -> None:  # 3
    bare = [{"id": f"n{n}", "title": "红色 连衣裙"} for n in range(60)]
    assert learned({"红色 连衣裙": 1}, [*ROWS, {**ROWS[2], "id": "e"}, *bare])["红色 连衣裙"].category == ""


def test_shops() -> None:  # 4
    shop = learned({}, FLAGSHIP)["花田旗舰店"]
    assert (shop.kind, shop.asks, shop.shop, shop.found, shop.rows) == (Kind.SHOP, "连衣裙", "花田旗舰店", 3, (0, 2, 4))
    assert "花田旗舰店" not in learned({})


def test_private() -> None:  # 5
    rows = [{"id": "x", "title": "红 13800138000 连衣裙"}]
    assert set(learned({"13800138000": 5, "红": 5}, rows)) == {"连衣裙"}


def test_moved_rows() -> None:  # 6
    assert {one.rows for one in learned({"红色 连衣裙": 7}, rows_kept=False).values()} == {()}


def test_words_in_titles() -> None:  # 1
    titles = TitleWords()
    for words in (["甲", "乙", "甲"], [], ["乙", "丙"], ["甲", "丙", "乙"]):
        titles.add(words)
    found = titles.finish()
    assert {text: found.of(text).tolist() for text in ("甲", "乙", "丙", "甲丙", "丙乙", "丁", "甲丁", "")} == {
        "甲": [0, 3], "乙": [0, 2, 3], "丙": [2, 3], "甲丙": [3], "丙乙": [2, 3], "丁": [], "甲丁": [], "": [],
    }  # fmt: skip
