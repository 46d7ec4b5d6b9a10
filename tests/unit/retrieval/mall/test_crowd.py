"""What the crowd is learned from:

1. Things are viewed together by whatever says that they were looked at; bought together by orders, within days.
2. What was hidden or given back counts for nothing, of that shopper; videos and impressions count for nothing at all.
3. Buyers count more than those who only looked. What fewer shoppers chose than are asked for is not known.
4. Queries go together by visit, and by what was chosen after them; a query of too few is kept nowhere.
5. Only the newest events count, by days and by number.
6. Without consent nothing counts, and after a deletion nothing is left.
7. Any order of delivery gives the same.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices
from retrieval.mall.crowd import Crowd, learn_crowd
from retrieval.mall.log import LONGEST_QUERY, asked_as
from retrieval.mall.options import CrowdOptions
from retrieval.mall.together import Together
from tests.unit.retrieval.mall.shop import did

OPTIONS = CrowdOptions(days=90, events=10_000, minutes=30, bought_days=3, least_shoppers=2, neighbours=5, pairs=1000)
DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


def learned(store: SqliteEventStore, new: list[ShopperEvent], **changes: int) -> Crowd:
    store.add(new)
    return learn_crowd(store, replace(OPTIONS, **changes))


def names(crowd: Crowd, together: Together, item: str) -> list[str]:
    return [crowd.ids[n] for n in together.of(crowd.ids.index(item))[0].tolist()] if item in crowd.ids else []


def both(type: EventType = EventType.CLICK, items: str = "ab", apart: int = 1, who: str = "u") -> list[ShopperEvent]:
    return [did(n * apart, f"{who}{k}", item, type) for k in range(2) for n, item in enumerate(items)]


@pytest.mark.parametrize("type", [EventType.CLICK, EventType.VIEW, EventType.WATCH, EventType.LIKE, EventType.CART])
def test_viewed(store: SqliteEventStore, type: EventType) -> None:  # 1
    crowd = learned(store, both(type))
    assert (names(crowd, crowd.viewed, "a"), names(crowd, crowd.bought, "a")) == (["b"], [])


def test_bought(store: SqliteEventStore) -> None:  # 1
    crowd = learned(store, both(EventType.ORDER, apart=2 * DAY))
    assert (names(crowd, crowd.viewed, "a"), names(crowd, crowd.bought, "a")) == ([], ["b"])
    crowd = learned(store, both(EventType.ORDER, "cd", apart=4 * DAY, who="v"))
    assert names(crowd, crowd.bought, "c") == []


def test_taken_back(store: SqliteEventStore) -> None:  # 2
    clicks, orders = both(items="ab"), both(EventType.ORDER, "cd")
    back = [did(9, "u0", "a", EventType.HIDE), did(9, "u1", "c", EventType.REFUND)]
    crowd = learned(store, clicks + orders + back)
    assert (names(crowd, crowd.bought, "d"), "d" in names(crowd, crowd.viewed, "c")) == ([], True)
    assert set(crowd.ids) == {"b", "c", "d"}
    others = [replace(event, id=f"v{event.id}", kind="video", item_id=f"v{event.item_id}") for event in clicks]
    shown = both(EventType.IMPRESSION, "xy")
    assert set(learned(store, others + shown).ids) == {"b", "c", "d"}


def test_popularity(store: SqliteEventStore) -> None:  # 3
    events = [*both(items="a"), *both(EventType.ORDER, "b", who="v"), did(0, "w", "c")]
    crowd = learned(store, events)
    assert dict(zip(crowd.ids, crowd.liked.tolist(), strict=True)) == {"a": 2.0, "b": 8.0}


def test_queries(store: SqliteEventStore) -> None:  # 4
    asked = [
        did(n, f"u{k}", "", EventType.SEARCH, query=query, id=f"q{k}{n}")
        for k in range(2)
        for n, query in enumerate(["连衣裙", "Ｔ恤", "杯子", "水杯"][2 * k :])
    ]
    more = [did(n, f"w{n}", "", EventType.SEARCH, query="连衣裙 ", id=f"w{n}") for n in range(2)]
    more += [
        did(n, f"w{n}", "", EventType.SEARCH, query=query, id=f"{query}{n}")
        for n in range(2)
        for query in ("杯子", "水杯")
    ]
    clicks = [did(n, "z", "cup", query=query, id=f"c{n}") for n, query in enumerate(("杯子", "水杯"))]
    queries = learned(store, asked + more + clicks).queries
    assert set(queries.texts) == {"连衣裙", "杯子", "水杯"}
    number = queries.numbers["杯子"]
    assert {queries.texts[n] for n in queries.visits.of(number)[0]} == {"水杯", "连衣裙"}
    assert [queries.texts[n] for n in queries.things.of(number)[0]] == ["水杯"]
    assert asked_as(" Ｔ恤  女\n") == "t恤 女"
    assert asked_as("字" * (LONGEST_QUERY + 1)) == ""


def test_the_newest(store: SqliteEventStore) -> None:  # 5
    events = [*both(items="ab"), *(replace(each, ts=each.ts + 5 * DAY) for each in both(items="cd", who="v"))]
    assert set(learned(store, events).ids) == set("abcd")
    assert set(learned(store, [], days=3).ids) == set("cd")
    assert set(learned(store, [], events=4).ids) == set("cd")
    assert learned(store, [], events=1).ids == ()


def test_rights(store: SqliteEventStore) -> None:  # 6
    assert set(learned(store, both()).ids) == {"a", "b"}
    store.choose("u0", Choices(consent=False))
    assert learned(store, []).ids == ()
    store.choose("u0", Choices())
    assert set(learned(store, []).ids) == {"a", "b"}
    store.delete("u0")
    assert learned(store, []).ids == ()


def test_any_order(tmp_path: Path) -> None:  # 7
    rng = random.Random(3)
    events = [did(n, f"u{rng.randrange(9)}", f"p{rng.randrange(9)}", query=f"q{rng.randrange(4)}") for n in range(200)]
    events += [did(n, f"u{n % 9}", "", EventType.SEARCH, query=f"q{n % 4}", id=f"s{n}") for n in range(50)]
    seen = []
    for turn in range(3):
        crowd = learned(SqliteEventStore(tmp_path / f"{turn}.db"), rng.sample(events, len(events)))
        viewed = {item: sorted(names(crowd, crowd.viewed, item)) for item in crowd.ids}
        seen.append((viewed, crowd.queries.texts, dict(zip(crowd.ids, crowd.liked.tolist(), strict=True))))
    assert seen[0] == seen[1] == seen[2]
    assert sum(map(len, seen[0][0].values())) > 20
