"""Queries that lead to nothing:

1. What enough distinct shoppers asked and few of them chose from is asked again, what most wanted first; one shopper
   who asks a thousand times is one, and choosing without having asked is no choice of that query.
2. Without an answer now it says so, with the autopsy; with answers it says that nobody opens them.
3. As many as asked for are looked at; a query that takes too long keeps no other from being told.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.insight.unanswered import Bounds, Unanswered, Why, unanswered
from retrieval.answer import QueryView, SearchResponse, Total
from retrieval.errors import DeadlineExceeded
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.request import SearchRequest
from retrieval.types import Filters, Match, Sort

NOW = 1_800_000_000.0
THERE = {"保温杯": 12, "花瓶": 3}


def search(request: SearchRequest) -> SearchResponse:
    """So many answers as `THERE` says."""
    if request.query == "慢":
        raise DeadlineExceeded("too late")
    view = QueryView(request.query, request.query, (request.query,), Match.ALL, truncated=False)
    total = Total(THERE.get(request.query, 0), "eq")
    return SearchResponse(view, Filters(), Sort.RELEVANCE, (), total, {}, None, "g1", (), None, 0.5)


@pytest.fixture
def store(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


def asked(store: SqliteEventStore, query: str, shoppers: int, chose: int = 0, times: int = 1) -> None:
    for user in range(shoppers):
        acts = [("search", "", n) for n in range(times)] + [("click", "p1", times)] * (user < chose)
        store.add([
            ShopperEvent(f"{query}{user}{n}", NOW - 1000 + n, EventType(name), f"{user}", item_id=item, query=query)
            for name, item, n in acts
        ])  # fmt: skip


def found(store: SqliteEventStore, **bounds: float) -> list[Unanswered]:
    return unanswered(store, search, now=NOW, days=7, bounds=Bounds(**bounds))  # type: ignore[arg-type]


def test_which(store: SqliteEventStore) -> None:  # 1, 2
    asked(store, "飞行汽车", 3)
    asked(store, "保温杯", 10, chose=1)
    asked(store, "花瓶", 4, chose=2)
    asked(store, "秘密", 1, times=50)
    store.add([ShopperEvent("x", NOW, EventType.CLICK, user_id="99", item_id="p1", query="飞行汽车")])
    told = [(each.query, each.why, each.shoppers, each.chose, each.total) for each in found(store)]
    assert told == [("保温杯", Why.UNOPENED, 10, 1, 12), ("飞行汽车", Why.NOTHING, 3, 0, 0)]
    assert [each.query for each in found(store, share=0.5)] == ["保温杯", "飞行汽车", "花瓶"]


def test_how_many(store: SqliteEventStore) -> None:  # 3
    asked(store, "慢", 5)
    asked(store, "没有", 4, times=3)
    asked(store, "也没有", 3)
    told = found(store, most=2)
    assert [(each.query, each.searches) for each in told] == [("没有", 12)]
