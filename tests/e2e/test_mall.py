"""`xunhuo feed`, `similar` and `related`, the twins of the routes.

1. --json has the shape of the API; a feed goes on with the cursor that it gave.
2. A table shows what is recommended, with its source and its sentence.
3. What cannot be asked ends with 2, what is not there with 4; one clear message.
4. A query that would be spelled otherwise is related to none.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from api.mall_schema import FeedAnswerShape, RelatedAnswerShape, SimilarAnswerShape
from tests import world
from tests.e2e.command import HASHING, Ended, Xunhuo, invoke

START = int(time.time()) - 600
CUP = {"id": "cup", "title": "保温杯 不锈钢", "category": ["家居", "水具"]}
ROWS: list[world.Row] = [CUP, {"id": "lid", "title": "杯盖 保温"}, *world.products(60)]


@pytest.fixture(scope="module")
def xunhuo(tmp_path_factory: pytest.TempPathFactory) -> Xunhuo:
    place = tmp_path_factory.mktemp("mall")
    acts = [("search", None, "保温杯"), ("click", "cup", "保温杯"), ("search", None, "杯盖"), ("click", "lid", "杯盖")]
    events: list[dict[str, Any]] = [
        {"id": f"{k}{n}", "ts": START + n, "type": type, "user_id": f"u{k}", "item_id": item, "query": query}
        for k in range(3)
        for n, (type, item, query) in enumerate(acts)
    ]
    shop, done = world.write(place / "shop.jsonl", ROWS), world.write(place / "events.jsonl", events)

    def called(*arguments: Any) -> Ended:
        return invoke(*map(str, arguments), "--data-dir", place / "data", *HASHING)

    assert called("rebuild", "--products", shop, "--events", done).code == 0
    return called


def test_json(xunhuo: Xunhuo) -> None:  # 1
    first = FeedAnswerShape.model_validate(xunhuo("feed", "--user", "u0", "--size", 5, "--json").json)
    assert (first.personal.applied, len(first.hits)) == (True, 5)
    again = ("feed", "--user", "u0", "--size", 5, "--cursor", first.next_cursor, "--json")
    second = FeedAnswerShape.model_validate(xunhuo(*again).json)
    assert [hit.rank for hit in second.hits] == list(range(6, 11))
    assert {hit.id for hit in first.hits}.isdisjoint(hit.id for hit in second.hits)
    everybody = FeedAnswerShape.model_validate(xunhuo("feed", "--user", "u0", "--no-personal", "--json").json)
    assert (everybody.personal.why_not, len(everybody.hits)) == ("off", 20)
    water = FeedAnswerShape.model_validate(xunhuo("feed", "--category", "家居/水具", "--json").json)
    assert [hit.id for hit in water.hits] == ["cup"]
    similar = SimilarAnswerShape.model_validate(xunhuo("similar", "cup", "--size", 3, "--json").json)
    assert (similar.id, len(similar.hits)) == ("cup", 3)
    related = RelatedAnswerShape.model_validate(xunhuo("related", "保温杯", "--json").json)
    assert (related.related[0].query, related.related[0].source) == ("杯盖", "same_visit")


def test_tables(xunhuo: Xunhuo) -> None:  # 2
    shown = xunhuo("feed", "--user", "u0", "--set", "mall.explore=0").out
    assert "source" in shown
    assert "因为" in shown or "看过「" in shown
    assert "similar" in xunhuo("similar", "cup").out
    assert "杯盖  (same_visit)" in xunhuo("related", "保温杯").out
    assert "nothing to show here" in xunhuo("feed", "--category", "没有").out


def test_a_misspelled_query_is_related_to_none(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 4
    typed = [
        {"id": f"t{who}-{n}", "ts": START + n, "type": "search", "user_id": f"t{who}", "query": query}
        for who in range(3)
        for n, query in enumerate(("保温杯", "保瘟杯", "保温壶"))
    ]
    assert xunhuo("events", world.write(tmp_path / "typed.jsonl", typed)).code == 0
    assert "保瘟杯 → 保温杯" in xunhuo("search", "保瘟杯").out
    related = xunhuo("related", "保温杯").out
    assert "保温壶" in related
    assert "保瘟杯" not in related


def test_what_cannot_be_asked(xunhuo: Xunhuo) -> None:  # 3
    assert "cursor" in xunhuo("feed", "--cursor", "x").failed_clearly(2)
    assert "nothing" in xunhuo("similar", "nothing").failed_clearly(4)
