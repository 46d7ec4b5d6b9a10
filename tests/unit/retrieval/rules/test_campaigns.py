"""Campaigns in a file of rules:

1. They are read with their times in the zone of the file, sets written out in their order, and kept with the file.
2. Everything that is wrong is told, with the campaign, its field and what to do; what only seems wrong is noted.
3. A query means an occasion that it holds as whole words, in any way of writing it; a number only where it begins so.
4. Of several the first of the file that runs is meant, and one of new shoppers only for them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from retrieval.analysis.segment import open_segmenter
from retrieval.rules.campaign import Order
from retrieval.rules.edition import Edition
from retrieval.rules.read import read_document, read_text
from retrieval.rules.reading import Reading
from retrieval.understanding.plan import Plan

SEGMENTER = open_segmenter("auto", ())
FILE = """
time_zone: Asia/Tokyo
sets: {好货: [p3, p1, p2]}
campaigns:
  - id: double11
    name: 双11 狂欢
    label: 双11价保
    from: 2026-11-01 00:00
    until: 2026-11-12 00:00
    words: [双十一, 双11]
    products: {ids: p2, set: 好货, category: 厨具}
    order: ids
"""
BASE = {"id": "c", "name": "名", "label": "标", "products": {"category": "厨具"}}


def test_a_file() -> None:  # 1
    read = read_text(FILE)
    assert read.problems == ()
    (campaign,) = read.rules.campaigns
    (products,) = campaign.products
    assert (products.ids, products.set, campaign.order) == (("p2", "p3", "p1"), (), Order.IDS)
    began = datetime(2026, 10, 31, 15, tzinfo=UTC).timestamp()  # midnight in Tokyo
    assert [campaign.runs_at(began + seconds) for seconds in (-0.1, 0, 11 * 86_400 - 0.1, 11 * 86_400)] == [
        False, True, True, False
    ]  # fmt: skip
    assert read_text(orjson.dumps(read.document).decode()) == read


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label": ""}, "label"), ({"label": "长" * 21}, "label"), ({"name": ""}, "name"), ({"id": "a b"}, "id"),
        ({"products": []}, "products"), ({"products": {}}, "products"), ({"products": {"set": "无"}}, "products.set"),
        ({"words": "！"}, "words"), ({"order": "ids"}, "order"), ({"order": "best"}, "order"),
        ({"segment": "known"}, "segment"), ({"colour": 1}, "colour"),
        ({"from": "2026-01-02", "until": "2026-01-01"}, "until"),
    ],
)  # fmt: skip
def test_what_is_wrong(fields: dict[str, Any], field: str) -> None:  # 2
    read = read_document({"campaigns": [BASE | fields, BASE | {"id": "good"}]})
    [problem] = read.problems
    assert problem.field.startswith(field)
    assert problem.fatal
    assert problem.hint or problem.message
    assert [each.id for each in read.rules.campaigns] == ["good"]


def test_among_each_other() -> None:  # 2
    twice = read_document({"campaigns": [BASE, BASE]})
    assert [(each.rule, each.field, each.fatal) for each in twice.problems] == [("c", "id", True)]
    same = read_document({"campaigns": [BASE | {"words": "双11"}, BASE | {"id": "d", "words": "双１１"}]})
    assert [(each.rule, each.field, each.fatal) for each in same.problems] == [("d", "words", False)]
    assert [each.field for each in read_document({"campaigns": {"id": "c"}}).problems] == ["campaigns"]


def means(query: str, *campaigns: dict[str, Any], now: float = 0.0, new: bool = False) -> str | None:
    read = read_document({"campaigns": [BASE | {"id": f"c{n}"} | each for n, each in enumerate(campaigns)]})
    assert read.publishable, read.problems
    edition = Edition.of(3, 1, read.rules)
    reading = Reading.of(query, Plan(query, None), SEGMENTER, 0.5)  # type: ignore[arg-type]
    found = edition.occasion([reading], now, lambda _: new)
    assert found is None or found.version == 3
    return found.campaign.id if found else None


@pytest.mark.parametrize(
    ("word", "query", "expected"),
    [
        ("双十一", "雙十一", True), ("双11", "双11 羽绒服", True), ("双11", "羽绒服双１１", True),
        ("年货节", "年货节 坚果", True),
        ("年货节", "年货", False), ("双11", "双1", False), ("520", "520", True), ("520", "520 礼物", True),
        ("520", "联想 520", False), ("520", "1520", False), ("520", "口红", False),
    ],
)  # fmt: skip
def test_occasions(word: str, query: str, expected: bool) -> None:  # 3
    assert means(query, {"words": word}) == ("c0" if expected else None)


def test_which_of_several() -> None:  # 4
    late, early = {"words": "双11", "from": "2026-11-01T00:00:00Z"}, {"words": "双11"}
    assert means("双11", late, early) == "c1"
    assert means("双11", late, early, now=datetime(2026, 11, 2, tzinfo=UTC).timestamp()) == "c0"
    fresh = {"words": "双11", "segment": "new"}
    assert (means("双11", fresh, early), means("双11", fresh, early, new=True)) == ("c1", "c0")
    assert means("双11", early | {"enabled": False}) is None
