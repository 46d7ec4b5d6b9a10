"""How soon things are bought again, learned from the orders of all shoppers:

1. The usual days of a category are the median of shoppers' own medians, whoever orders most; over things of it, too.
2. Many buyers, time enough and hardly anybody again: durable. A short log, or few buyers, say nothing.
3. Dresses are bought again, but not the same one: nothing is said; nor of a category of too few who bought again.
4. Guests, what was given back, other kinds of things, what is not sold, orders from `until` on, and shoppers without
   consent do not count.
5. Any order of delivery gives an equal value; an empty store and one without orders none.
6. Of a profile: a fridge bought makes fridges sink and teaches nothing, clicks before count; refunded, taken away or
   pinned it is as if it had not been bought.
7. Coffee bought once comes back after 0.8 of the usual days; not when another one was bought since, and own repeated
   orders win.
8. Any order and any split of a shopper's events give an equal profile, with a table as without.
9. A service and an offline reader of the same store learn the same; the table counts in the next profile.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Profile
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices
from retrieval.profiles.describe import sentence
from retrieval.profiles.intervals import AGAIN, BUYERS, WATCHED, Intervals, learn_intervals
from retrieval.profiles.learn import learn
from retrieval.profiles.profiles import Profiles
from retrieval.protocols import IndexReader
from tests.unit.retrieval.profiles.test_learn import random_log
from tests.unit.retrieval.profiles.world import (
    DAY,
    NOW,
    RECORDS,
    VOCABULARY,
    WEIGHTS,
    Catalogue,
    did,
    interest,
    weight,
)

SHOP_RECORDS = {
    **RECORDS,
    "fridge2": {"title": "冰箱 三门 家用", "category": ["家电", "冰箱"]},
    "beans2": {"title": "咖啡豆 浅烘", "category": ["食品", "咖啡"]},
    "diaper": {"title": "纸尿裤 男女通用", "category": ["母婴", "纸尿裤"]},
}
SHOP = Catalogue(SHOP_RECORDS)
TABLE = Intervals({"冰箱": math.inf, "咖啡": 30.0, "纸尿裤": 20.0})


def order(user: str, item: str, day: float, of: EventType = EventType.ORDER) -> ShopperEvent:
    """On so many days after the first day of the log."""
    return ShopperEvent(f"{user}-{of}-{item}-{day}", (500 + day) * DAY, of, user, f"{user}-s", item)


def orders(item: str, days: Sequence[float], users: int, name: str = "u") -> list[ShopperEvent]:
    """By so many shoppers, each on these days."""
    return [order(f"{name}{user}", item, day) for user in range(users) for day in days]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteEventStore]:
    store = SqliteEventStore(tmp_path / "events.db")
    yield store
    store.close()


def learned(store: SqliteEventStore, events: Sequence[ShopperEvent], until: float | None = None) -> Mapping[str, float]:
    store.add(events)
    return learn_intervals(store, SHOP.reader, until).days


def test_usual_days(store: SqliteEventStore) -> None:  # 1
    every_month = orders("coffee", [0, 30, 60], AGAIN)
    every_day = orders("coffee", range(90), 1, "fast")
    swapped = [*orders("coffee", [0, 50], 1, "both"), *orders("beans2", [20], 1, "both")]
    assert learned(store, every_month) == {"咖啡": 30}
    assert learned(store, every_day) == {"咖啡": 30}
    assert learned(store, [*swapped, *orders("diaper", [0, 20, 40], AGAIN)]) == {"咖啡": 30, "纸尿裤": 20}
    assert learned(store, orders("coffee", [0, 40], AGAIN + 3, "slow")) == {"咖啡": 40, "纸尿裤": 20}


def test_durable(store: SqliteEventStore) -> None:  # 2
    once = orders("fridge", [0], BUYERS - 1)
    assert learned(store, [*once, *orders("tent", [WATCHED], 1, "last")]) == {}
    assert learned(store, orders("fridge2", [1], 1, "late")) == {}
    assert learned(store, orders("tent", [WATCHED + 1], 1, "last")) == {"冰箱": math.inf}
    assert learned(store, orders("fridge2", [1, 9], 1, "v")) == {"冰箱": math.inf}
    assert learned(store, orders("fridge2", [1, 9], 1, "w")) == {}


def test_tastes(store: SqliteEventStore) -> None:  # 3
    dresses = [order(f"u{n}", item, day) for n in range(30) for day, item in enumerate(("dress", "skirt", "gown"))]
    assert learned(store, dresses) == {}
    assert learned(store, orders("coffee", [0, 30], AGAIN - 1)) == {}
    assert learned(store, orders("coffee", [0, 30], AGAIN)) == {"咖啡": 30}
    assert learned(store, orders("beans2", [31], 9 * AGAIN, "once")) == {"咖啡": 30}
    assert learned(store, orders("beans2", [31], 1, "more")) == {}


def test_who_counts(store: SqliteEventStore) -> None:  # 4
    good = orders("coffee", [0, 30], AGAIN)
    for out in (
        [replace(each, user_id="", id=f"g{each.id}") for each in good],
        [replace(each, kind="video", id=f"v{each.id}") for each in good],
        [replace(each, item_id="sold-out", id=f"s{each.id}") for each in good],
    ):
        assert learned(store, out) == {}
    assert learned(store, good) == {"咖啡": 30}
    assert learned(store, [], until=good[1].ts) == {}
    store.choose("u0", Choices(consent=False))
    assert learned(store, []) == {}
    store.choose("u0", Choices())
    assert learned(store, []) == {"咖啡": 30}
    assert learned(store, [order("u0", "coffee", 40, EventType.REFUND)]) == {}


def test_any_delivery(tmp_path: Path) -> None:  # 5
    rng = random.Random(5)
    log = [*orders("coffee", [0, 31, 60], 9), *orders("fridge", [0], 30), *orders("diaper", [2, 20], 9)]
    seen = []
    for turn in range(3):
        store = SqliteEventStore(tmp_path / f"{turn}.db")
        mixed = rng.sample(log, len(log))
        store.add(mixed[: 10 * turn])
        seen.append(learned(store, mixed))
    assert seen == [{"咖啡": 30, "冰箱": math.inf, "纸尿裤": 18}] * 3
    empty = SqliteEventStore(tmp_path / "empty.db")
    assert learned(empty, []) == learned(empty, [order("u", "coffee", 0, EventType.REFUND)]) == {}


def of(
    events: Sequence[ShopperEvent], table: Intervals = TABLE, choices: Choices | None = None, session: str = ""
) -> Profile:  # fmt: skip
    return learn(
        "u", session, events, SHOP.reader, SHOP.traits(), WEIGHTS, choices or Choices(), table, as_of=NOW
    )  # fmt: skip


def item(profile: Profile, name: str) -> float:
    return weight(profile, name, Dimension.ITEM)


def category(profile: Profile, name: str) -> float:
    return weight(profile, name, Dimension.CATEGORY)


def test_a_fridge() -> None:  # 6
    click, bought = did("click", "fridge", 31.0), did("order", "fridge", 30.0)
    only = of([bought])
    assert (item(only, "fridge"), category(only, "冰箱")) == (-0.3, -1.0)
    assert {each.dimension for each in only.interests} == {Dimension.ITEM, Dimension.CATEGORY}
    assert only.liked == ()
    found = interest(only, Dimension.CATEGORY, "冰箱")
    assert found
    assert (sentence(found), found.events) == ("已经买过「冰箱」，暂时不需要（1 次行为）", (bought.id,))
    both = of([click, bought])
    assert (category(both, "冰箱"), weight(both, "双开门")) == (-1.0, weight(of([click]), "双开门"))
    assert weight(both, "双开门") > 0
    unknown = of([bought], Intervals())
    assert (item(unknown, "fridge"), category(unknown, "冰箱") > 0, weight(unknown, "双开门") > 0) == (-0.3, True, True)

    back = [click, bought, did("refund", "fridge", 20.0)]
    assert of(back) == of(back, Intervals())
    assert item(of(back), "fridge") == -1
    away = of([bought], choices=Choices(removed={"category:冰箱": NOW}))
    assert (category(away, "冰箱"), item(away, "fridge")) == (0, -0.3)
    pinned = interest(
        of([bought], choices=Choices(pinned=frozenset({"category:冰箱"}))), Dimension.CATEGORY, "冰箱"
    )  # fmt: skip
    assert pinned
    assert (pinned.weight, pinned.owned) == (0.3, False)
    landlord = of([did("order", "fridge", days) for days in (200.0, 100.0)])
    assert (category(landlord, "冰箱"), item(landlord, "fridge")) == (0, 0.6)


def test_coffee() -> None:  # 7
    for name, usual in (("coffee", 30), ("diaper", 20)):
        early, due = (of([did("order", name, days)]) for days in (0.8 * usual - 1, 0.8 * usual))
        assert (item(early, name), item(due, name)) == (-0.3, 0.6)
    assert item(of([did("order", "coffee", 24.0)], Intervals()), "coffee") == -0.3
    swapped = of([did("order", "coffee", 50.0), did("order", "beans2", 5.0)])
    assert (item(swapped, "coffee"), item(swapped, "beans2")) == (-0.3, -0.3)
    later = of([did("order", "coffee", 90.0), did("order", "beans2", 35.0)])
    assert (item(later, "coffee"), item(later, "beans2")) == (-0.3, 0.6)
    returned = of([did("order", "coffee", 50.0), did("order", "beans2", 5.0), did("refund", "beans2", 4.0)])
    assert (item(returned, "coffee"), item(returned, "beans2")) == (0.6, -1.0)
    own = of([did("order", "coffee", days) for days in (140.0, 90.0, 40.0)])
    undone = of([did("order", "coffee", 100.0), did("refund", "coffee", 99.0), did("order", "coffee", 30.0)])
    assert (item(own, "coffee"), item(undone, "coffee")) == (0.6, 0.6)
    slow = of([did("order", "coffee", days) for days in (130.0, 30.0)])
    assert item(slow, "coffee") == -0.3


def test_any_order_and_any_split() -> None:  # 8
    rng = random.Random(8)
    table = Intervals({"冰箱": math.inf, "连衣裙": math.inf, "帐篷": 3.0, "咖啡": 6.0})
    different = 0
    for _ in range(100):
        log = random_log(rng)
        expected = of(log, table, session="s1")
        assert of(rng.sample(log, len(log)) + rng.sample(log, len(log) // 2), table, session="s1") == expected
        different += expected != of(log, Intervals(), session="s1")
    assert different > 20


class _Served(Catalogue):
    """A generation without words of its own."""

    def attachment(self, name: str) -> bytes | None:
        return None


def test_online_and_offline(store: SqliteEventStore) -> None:  # 9
    store.add([*orders("fridge", [0], BUYERS), *orders("tent", [WATCHED], 1, "last")])
    reader = cast(IndexReader, _Served(SHOP_RECORDS))
    online, offline = (Profiles(store, VOCABULARY, WEIGHTS, kept=9) for _ in range(2))
    cold = online.profile("u0", "", reader, NOW)
    online.learn_intervals(reader)
    offline.learn_intervals(reader)
    warm = online.profile("u0", "", reader, NOW)
    assert cold
    assert warm
    assert category(cold, "冰箱") > 0 > category(warm, "冰箱")
    assert warm == offline.profile("u0", "", reader, NOW)
    offline.learn_intervals(reader, until=0.0)
    assert offline.profile("u0", "", reader, NOW) == cold
