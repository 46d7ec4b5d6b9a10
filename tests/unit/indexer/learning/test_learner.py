"""The learner, over a mall of six products:

1. Brands are split into their names, each with its written forms; 其他 is none.
   A title that opens as 美的（Midea） names one.
2. Leaf categories, shops, words (≥ 2 characters), attribute values and amounts are counted.
3. Queries and clicks are counted by their normal form.
4. Counters are cut to the most frequent.
5. Records with fields of another type teach what they can and never raise.
6. The same records give the same bytes.
7. Two or three Han words that follow each other are phrases, but no single character begins one.
"""

from __future__ import annotations

from typing import Any

import pytest

from indexer.learning import learner as learn
from indexer.learning.learner import Learner
from retrieval.analysis.brand_field import brand_names
from retrieval.understanding.knowledge import Knowledge
from tests.unit.retrieval.understanding.mall import RECORDS, learned, quantities, segmenter, words


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("华为（HUAWEI）", ("华为", "huawei")),
        ("Huawei/华为", ("huawei", "华为")),
        ("New  Balance", ("new balance",)),
        ("other/其他", ()),
        ("无品牌", ()),
        ("", ()),
    ],
)
def test_brand_names(written: str, names: tuple[str, ...]) -> None:
    assert brand_names(written) == names


def test_brands_with_written_forms() -> None:
    knowledge = learned()
    assert knowledge.brands == {"yunshan": 2, "云杉": 2, "midea": 1, "美的": 1, "青禾": 1}
    assert knowledge.brand_names["云杉"] == {"云杉（YUNSHAN）": 2}
    assert "美的" not in knowledge.brand_names  # no record has it as its brand: no filter would find it


def test_counts() -> None:
    knowledge = learned()
    assert knowledge.documents == len(RECORDS)
    assert knowledge.categories == {"厨具/杯子": 2, "厨具/锅": 2, "女装/连衣裙": 2}
    assert knowledge.shops == {"云杉旗舰": 1}
    assert knowledge.words["连衣裙"] == 2
    assert all(len(word) > 1 for word in knowledge.words)
    assert knowledge.attributes["颜色"] == {"红": 1, "蓝": 1}
    assert knowledge.amounts["ml"] == (500.0, 1000.0, 4000.0)
    assert knowledge.category_words["连衣裙"] == {"女装/连衣裙": 2}


def test_queries_and_clicks() -> None:
    learner = Learner(segmenter(), quantities(), words())
    learner.add_query("ＡＢＣ  杯", 2)
    learner.add_query("abc 杯")
    learner.add_click("水杯", ["厨具", "杯子"], 4)
    knowledge = learner.finish()
    assert knowledge.queries == {"abc 杯": 3}
    assert knowledge.clicks == {"水杯": {"厨具/杯子": 4}}
    assert knowledge.category_words["水杯"] == {"厨具/杯子": 4}


def test_counters_keep_the_most_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn, "QUERIES", 2)
    knowledge = learned((), {"a1": 5, "b2": 1, "c3": 4, "d4": 1, "e5": 1})
    assert knowledge.queries == {"a1": 5, "c3": 4}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"title": None},
        {"title": "杯", "brand": 3, "category": None, "attributes": ["x"], "shop": 7},
        {"title": "杯", "attributes": {"颜色": None, "尺寸": 3}, "category": [], "shop": {"name": None}},
    ],
)
def test_strange_records_teach_what_they_can(record: dict[str, Any]) -> None:
    assert learned([record]).documents == 1


def test_same_records_same_bytes() -> None:
    assert learned().to_bytes() == learned().to_bytes()


def test_phrases() -> None:  # 7
    learner = Learner(segmenter(), quantities(), words())
    learner.add({"title": "珠海水果礼盒 usb线"}, ("珠海水果礼盒 usb线", ["珠海", "水果", "礼盒", " ", "usb", "线"]))
    learner.add({"title": "大珠海水果"}, ("大珠海水果", ["大", "珠海", "水果"]))
    assert learner.finish().phrases == {"珠海水果": 2, "水果礼盒": 1, "珠海水果礼盒": 1}
    assert Knowledge.from_bytes(learner.finish().to_bytes()).phrases == learner.finish().phrases
