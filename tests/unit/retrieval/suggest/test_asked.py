"""What shoppers ask:

1. A shopper counts once a day for a query, however often it is asked; a search counts half after its half-life.
2. A query of one shopper alone is not known, nor one with a number of somebody in it.
3. Of a shopper only the first queries of a day count, and a visit without a shopper counts less: brushing moves little.
4. Heat compares the last hours with as many hours as usual; what many always ask is not hot.
5. What is clicked is told, drawn towards a half.
6. Followed step by step it is what it is read whole, and who is deleted is gone with the next whole reading.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.mall.log import Log
from retrieval.suggest.asked import Asked, asked_of
from retrieval.suggest.following import Following
from retrieval.suggest.options import AskedOptions

DAY, HOUR, NOW = 86_400.0, 3_600.0, 20_000 * 86_400.0 + 80_000.0
OPTIONS = AskedOptions(
    days=90, half_life_days=7, least_shoppers=2, a_day=3, unnamed=0.25, hot_hours=24, hot_days=10, hot_shoppers=3,
    most=100,
)  # fmt: skip


def search(who: str, query: str, ago: float = 60.0, type: EventType = EventType.SEARCH, item: str = "") -> ShopperEvent:
    user, session = (who, "") if who.startswith("u") else ("", who)
    return ShopperEvent(f"{who}-{query}-{ago}-{type}", NOW - ago, type, user, session, item, query=query)


def asked(*events: ShopperEvent) -> dict[str, tuple[float, ...]]:
    log = Log()
    for event in sorted(events, key=lambda each: each.ts):
        log.add(event)
    return told(asked_of(log, NOW, OPTIONS))


def told(of: Asked) -> dict[str, tuple[float, ...]]:
    columns = (of.demand, of.recent, of.usual, of.clicked, of.heat)
    return {text: tuple(round(float(each[n]), 3) for each in columns) for n, text in enumerate(of.texts)}


def test_once_a_day() -> None:  # 1
    often = [search("u1", "甲", ago) for ago in (1, 2, 3)]
    assert asked(*often, search("u2", "甲"))["甲"][0] == 2.0
    assert asked(*often, search("u2", "甲", 7 * DAY))["甲"][0] == 1.5


def test_alone() -> None:  # 2
    assert asked(*(search("u1", "甲", ago) for ago in (1, DAY, 3 * DAY))) == {}
    assert asked(search("u1", "13800138000"), search("u2", "13800138000")) == {}


def test_brushing() -> None:  # 3
    program = [search("u9", f"刷{n}", 100 - n) for n in range(50)]
    honest = [search("u1", f"刷{n}", 50) for n in range(3)]
    assert set(asked(*program, *honest)) == {"刷0", "刷1", "刷2"}
    visits = [search(f"s{n}", "刷", n + 1) for n in range(8)]
    assert asked(*visits)["刷"][:2] == (2.0, 2.0)


def test_heat() -> None:  # 4
    before = [search(f"u{n}", "常", (n + 1.5) * DAY) for n in range(10)]
    usual = asked(*before, *(search(f"u{n}", "常") for n in range(2)))["常"]
    assert usual[1:3] == (2.0, 1.0)
    assert usual[4] == pytest.approx(1 / 2**0.5, abs=1e-3)
    rising = asked(*(search(f"u{n}", "新") for n in range(4)))["新"]
    assert (rising[2], rising[4]) == (0.0, 4.0)


def test_clicked() -> None:  # 5
    events = [search("u1", "甲"), search("u2", "甲"), search("u1", "甲", 5, EventType.CLICK, "p1")]
    assert asked(*events)["甲"][3] == 0.5
    assert asked(*events, search("u2", "甲", 5, EventType.ORDER, "p1"))["甲"][3] == 0.75


def test_following(tmp_path: Path) -> None:  # 6
    store, clock = SqliteEventStore(tmp_path / "events.db"), iter(range(0, 1000, 100))
    following = Following(store, OPTIONS, 250, lambda: float(next(clock)))
    store.add([search("u1", "甲", 30), search("u2", "甲", 20)])
    assert told(following.look())["甲"][0] == 2.0
    store.add([search("u3", "甲", 20), search("u3", "乙", 10), search("u1", "乙", 10)])
    assert told(following.look()) == told(Following(store, OPTIONS, 1, lambda: 9.0).look())
    store.delete("u3")
    looked = [told(following.look()) for _ in range(3)]
    assert ("乙" in looked[0], "乙" in looked[-1]) == (True, False)
    store.close()
