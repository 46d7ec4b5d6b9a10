"""The routes of the mall, over a small one.

1. A feed is paged, and each page has the described shape; a hit has the fields that a hit of a search has.
2. Things like a thing, and with it; an id may hold slashes; an unknown one is 404.
3. Related queries come from events; an empty query has none.
4. What cannot be asked is 400 and names the field; a cursor of another shopper, too.
5. Without a mall there are no such routes; with one they are described, bounds and failures included.
6. Feeds are counted by outcome, and what they showed by source.
7. The mall learns while the service runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.mall_schema import AlsoAnswerShape, FeedAnswerShape, RelatedAnswerShape, SimilarAnswerShape
from api.options import ApiOptions
from retrieval.interest.event import EventType
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.mall.mall import Mall
from retrieval.wiring.options import mall_options
from tests import world
from tests.unit.api.tiny_engine import TinyEngine, serving
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.shop import did

MINE = ("a/b 1", "蓝牙耳机 降噪"), ("mate", "耳机收纳盒")
ROWS = [*({"id": id, "title": title, "category": ["数码", "耳机"]} for id, title in MINE), *world.products(80)]
FEED, RELATED = "/v1/mall/feed", "/v1/queries/related"
EVENTS = [
    did(n, f"c{n}", item, query=query)
    for n in range(3)
    for item, query in ((ROWS[0]["id"], "耳机"), (ROWS[1]["id"], "降噪耳机"), (ROWS[0]["id"], "降噪耳机"))
] + [
    did(n, f"c{n}", "", EventType.SEARCH, query=query, id=f"q{n}{query}")
    for n in range(3)
    for query in ("耳机", "降噪耳机")
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("mall")
    world.publish(folder, ROWS)
    store = SqliteEventStore(folder / "events.db")
    store.add(EVENTS)
    engine = world.engine(folder)
    mall = Mall(engine, mall_options(world.settings(folder)), store, FakeTaste({"tea": {"茶": 0.9}}))
    mall.refresh()
    options = ApiOptions(request_timeout_ms=60_000, max_page_size=30, default_page_size=5)
    app = create_app(engine, options=options, close_engine=True, events=store, mall=mall)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def get(client: TestClient, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_feed(client: TestClient) -> None:  # 1
    first = get(client, FEED, user_id="tea", size=6)
    FeedAnswerShape.model_validate(first, strict=True)
    assert first["personal"] == {"applied": True, "why_not": None}
    second = get(client, FEED, user_id="tea", size=6, cursor=first["next_cursor"])
    assert [hit["rank"] for hit in second["hits"]] == list(range(7, 13))
    assert len({hit["id"] for hit in first["hits"] + second["hits"]}) == 12
    known = set(get(client, "/v1/search", q="耳机")["hits"][0])
    own = {"source", "policy", "propensity"}
    of_a_list = {"relevance", "near", "pinned", "campaign", "neutral_rank", "highlights", "moments", "live", "explain"}
    assert set(first["hits"][0]) == known - of_a_list | own
    everybody = get(client, FEED, category="数码")
    assert (everybody["category"], everybody["personal"]["why_not"], len(everybody["hits"])) == ("数码", "nobody", 5)


def test_like_and_with_a_thing(client: TestClient) -> None:  # 2
    similar = get(client, "/v1/products/a%2Fb%201/similar", size=3)
    SimilarAnswerShape.model_validate(similar, strict=True)
    assert (similar["id"], similar["by"], len(similar["hits"])) == ("a/b 1", "meaning", 3)
    assert "a/b 1" not in [hit["id"] for hit in similar["hits"]]
    also = get(client, "/v1/products/a/b 1/also", size=3)
    AlsoAnswerShape.model_validate(also, strict=True)
    assert (also["viewed"]["by"], [hit["id"] for hit in also["viewed"]["hits"]]) == ("events", [ROWS[1]["id"]])
    assert also["viewed"]["hits"][0]["source"] == "viewed_together"
    assert (also["bought"]["by"], also["bought"]["hits"]) == ("meaning", similar["hits"])
    assert get(client, "/v1/products/a/b 1")["product"]["title"] == ROWS[0]["title"]
    for path in ("similar", "also"):
        assert client.get(f"/v1/products/nothing/{path}").json()["error"]["code"] == "not_found"


def test_related_queries(client: TestClient) -> None:  # 3
    found = get(client, RELATED, q=" 耳机 ")
    RelatedAnswerShape.model_validate(found, strict=True)
    assert found["query"] == "耳机"
    assert found["related"][0]["query"] == "降噪耳机"
    assert get(client, RELATED)["related"] == get(client, RELATED, q="没有人问过")["related"] == []


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        (FEED, {"size": 31}, "size"), (FEED, {"size": -1}, "size"), (FEED, {"cursor": "x"}, "cursor"),
        (FEED, {"user": "u"}, "user"), (FEED, {"user_id": "x" * 300}, "user_id"), (FEED, {"size": [1, 2]}, "size"),
        (RELATED, {"q": "a\0"}, "q"), (RELATED, {"query": "a"}, "query"), ("/v1/products/a/similar", {"n": 1}, "n"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(client: TestClient, path: str, params: dict[str, Any], field: str) -> None:  # 4
    answer = client.get(path, params=params)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_hints_are_of_the_route(client: TestClient) -> None:  # 4
    assert client.get(FEED, params={"user": "u"}).json()["error"]["hint"] == "Did you mean user_id?"
    assert client.get(RELATED, params={"zzz": "u"}).json()["error"]["hint"] == "Known: q, size."
    assert client.get("/v1/search", params={"zzz": "u"}).json()["error"]["hint"].startswith("Known: q, price_min")


def test_whose_cursor(client: TestClient) -> None:  # 4
    cursor = get(client, FEED, user_id="tea")["next_cursor"]
    answer = client.get(FEED, params={"user_id": "other", "cursor": cursor})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "cursor")


def test_description(client: TestClient) -> None:  # 5
    paths = client.get("/openapi.json").json()["paths"]
    mine = {FEED, RELATED, "/v1/products/{id}/similar", "/v1/products/{id}/also"}
    assert mine <= set(paths)
    for path in mine:
        operation = paths[path]["get"]
        size = next(p["schema"] for p in operation["parameters"] if p["name"] == "size")
        assert (size["anyOf"][0]["maximum"], size["default"]) == (30, 5)
        assert {"400", "500", "503"} <= set(operation["responses"])
        assert "422" not in operation["responses"]
    with serving(TinyEngine()) as bare:
        assert bare.get(FEED).status_code == 404
        assert mine.isdisjoint(bare.get("/openapi.json").json()["paths"])


def test_counters(client: TestClient) -> None:  # 6
    get(client, FEED, user_id="tea")
    get(client, FEED, personalize="false")
    text = client.get("/metrics").text
    assert 'xunhuo_mall_feeds_total{outcome="applied"}' in text
    assert 'xunhuo_mall_feeds_total{outcome="off"} 1.0' in text
    assert 'xunhuo_mall_shown_total{source="popular"}' in text
    assert 'route="/v1/mall/feed"' in text


class Learner:
    """A mall that only learns."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def refresh(self, every: float = 0.0) -> bool:
        self.asked.append(every)
        return True


def test_learning(capsys: pytest.CaptureFixture[str]) -> None:  # 7
    learner = Learner()
    app = create_app(
        TinyEngine(),
        options=ApiOptions(learn_seconds=30, refresh_seconds=0.001),
        mall=learner,  # type: ignore[arg-type]
    )
    with TestClient(app) as client:
        while len(learner.asked) < 3:
            client.get("/healthz")
    assert set(learner.asked) == {30}
