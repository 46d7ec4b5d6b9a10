"""What every store of events must do; `EventStoreContract.open_store` says where one lives.

1. An event comes back as it was given, every field, and survives the store being closed.
2. The same id counts once: in a call, in a later call, by another store over the same place. The first counts.
3. Events come back by (ts, id), whatever the order in which they came, and only those before `until`.
4. A user's events are all those with the user; a session's are those without one; both together where both are asked.
5. Of many events the newest are given, and those that fall out become counters.
6. A version grows with every event, choice and deletion of that shopper, seen by another store, too, and never falls.
7. Who withdrew consent: nothing more is kept, nothing is read or scanned; `held` still shows all that is there.
8. Choices come back as they were made; without any they are the default ones.
9. Deletion takes events, choices and what the user's sessions did before; others keep theirs; a deleted id may return.
10. Pruned events become exact counters, and a later delivery of that time is too late and counts nothing.
11. A scan gives all events by (ts, id), between two times, of some types, over all pages; users come by id.
12. Any order and any split into calls give the same.
"""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.store import Added, Choices, Count, EventStore, Refusal

MOST = 50
FULL = ShopperEvent(
    "e1",
    1_714_521_600.25,
    EventType.ORDER,
    "用户/1",
    "s1",
    "p:1",
    "video",
    "红色 连衣裙",
    3,
    "feed",
    12.5,
    2,
    "v1",
    0.25,
)


def click(number: int, user_id: str = "u1", session_id: str = "", **fields: object) -> ShopperEvent:
    """Something done at second `number`."""
    event = ShopperEvent(f"e{number:04d}", float(number), EventType.CLICK, user_id, session_id, f"p{number % 7}")
    return replace(event, **fields)  # type: ignore[arg-type]


class EventStoreContract:
    """Inherited by the tests of every store."""

    @classmethod
    @abstractmethod
    def open_store(cls, place: Path, most: int = MOST) -> EventStore:
        """A store over this place; opened again it is the same store."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[EventStore]:
        opened = self.open_store(tmp_path)
        yield opened
        opened.close()

    def test_an_event_comes_back(self, store: EventStore, tmp_path: Path) -> None:  # 1
        least = ShopperEvent("e2", 0.0, EventType.SEARCH, session_id="s9", kind="product")
        assert store.add([]) == Added(0, 0)
        assert store.add([FULL, least]) == Added(2, 0)
        store.close()
        again = self.open_store(tmp_path)
        assert again.of_user(FULL.user_id) == [FULL]
        assert again.of_user("", "s9") == [least]
        assert again.newest() == FULL.ts
        again.close()
        again.close()

    def test_an_empty_store(self, store: EventStore) -> None:  # 1
        assert (store.of_user("u1", "s1"), store.held("u1"), store.version("u1", "s1")) == ([], [], 0)
        assert ([*store.scan()], [*store.users()], store.newest(), [*store.counts()]) == ([], [], 0.0, [])
        assert (store.delete("u1"), store.prune(9.0)) == (0, 0)

    def test_an_id_counts_once(self, store: EventStore, tmp_path: Path) -> None:  # 2
        assert store.add([click(1), click(1, ts=9.0), click(2)]) == Added(2, 1)
        other = self.open_store(tmp_path)
        assert other.add([click(2, user_id="u2"), click(3)]) == Added(1, 1)
        other.close()
        assert store.of_user("u1") == [click(1), click(2), click(3)]
        assert store.of_user("u2") == []

    def test_order(self, store: EventStore) -> None:  # 3
        events = [click(3), click(1), click(2, id="b"), click(2, id="a")]
        for event in events:
            store.add([event])
        assert store.of_user("u1") == [events[1], events[3], events[2], events[0]]
        assert store.of_user("u1", until=2.0) == [events[1]]
        assert store.of_user("u1", until=0.0) == []

    def test_who(self, store: EventStore) -> None:  # 4
        mine, both, anonymous, other = click(1), click(2, "u1", "s1"), click(3, "", "s1"), click(4, "u2", "s1")
        store.add([mine, both, anonymous, other])
        assert store.of_user("u1") == [mine, both]
        assert store.of_user("u1", "s1") == [mine, both, anonymous]
        assert store.of_user("", "s1") == [anonymous]
        assert store.of_user("u1", "s2") == [mine, both]
        assert store.of_user("s1") == store.of_user("", "u1") == store.of_user("") == []

    def test_the_newest(self, store: EventStore) -> None:  # 5
        events = [click(n) for n in range(3 * MOST)]
        for start in range(0, len(events), 30):
            assert store.add(events[start : start + 30]) == Added(30, 0)
        assert store.of_user("u1") == events[-MOST:]
        store.prune(0.0)
        store.add([click(1000, "u2")])
        kept = store.held("u1")
        assert kept == events[-len(kept) :]
        assert len(kept) <= 1.1 * MOST
        assert sum(each.events for each in store.counts()) == len(events) - len(kept)
        assert store.add([events[0]]).refused == {events[0].id: Refusal.TOO_LATE}

    def test_versions(self, store: EventStore, tmp_path: Path) -> None:  # 6
        other = self.open_store(tmp_path)
        seen = [other.version("u1", "s1")]

        def grown() -> bool:
            seen.append(other.version("u1", "s1"))
            assert store.version("u1", "s1") == seen[-1]
            return seen[-1] > seen[-2]

        steps: list[Callable[[], object]] = [
            lambda: store.add([click(1)]),
            lambda: store.add([click(2, "", "s1")]),
            lambda: store.choose("u1", Choices(pinned=frozenset({"brand:甲"}))),
            lambda: store.delete("u1"),
            lambda: store.add([click(1)]),
            lambda: store.add([click(3, "u1", "s1")]),
            lambda: store.delete("u1"),
            lambda: store.add([click(4), click(5)]),
            lambda: store.prune(4.5),
        ]
        for step in steps:
            step()
            assert grown()
        before = other.version("u1")
        store.add([click(9, "u3")])
        assert other.version("u1") == before
        other.close()

    def test_consent(self, store: EventStore) -> None:  # 7
        store.add([click(1), click(2, "u2")])
        store.choose("u1", Choices(consent=False))
        assert store.add([click(3), click(4, "u2"), click(1)]) == Added(1, 1, {"e0003": Refusal.NO_CONSENT})
        assert store.of_user("u1") == []
        assert [event.user_id for event in store.scan()] == ["u2", "u2"]
        assert store.held("u1") == [click(1)]
        store.choose("u1", Choices())
        assert store.of_user("u1") == [click(1)]
        store.choose("u9", Choices(consent=False))
        assert store.add([click(5, "u9")]).refused == {"e0005": Refusal.NO_CONSENT}

    def test_choices(self, store: EventStore, tmp_path: Path) -> None:  # 8
        made = Choices(False, {"category:女装/连衣裙": 5.5}, frozenset({"brand:甲", "word:法:式"}))
        assert store.choices("u1") == Choices()
        store.choose("u1", made)
        other = self.open_store(tmp_path)
        assert other.choices("u1") == made
        other.close()
        store.add([click(1, "u2")])
        assert store.choices("u2") == Choices()
        assert [*store.users()] == ["u1", "u2"]

    def test_deletion(self, store: EventStore) -> None:  # 9
        before, mine, others = click(1, "", "s1"), click(2, "u1", "s1"), [click(3, "u2", "s2"), click(4, "", "s2")]
        store.add([before, mine, *others])
        store.choose("u1", Choices(consent=False))
        assert store.held("u1") == [before, mine]
        assert store.delete("u1") == 2
        assert (store.held("u1"), store.of_user("", "s1"), store.choices("u1")) == ([], [], Choices())
        assert [*store.scan()] == others
        assert [*store.users()] == ["u2"]
        assert store.delete("u1") == 0
        assert store.add([mine]) == Added(1, 0)
        assert store.of_user("u1", "s1") == [mine]

    def test_pruning(self, store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:  # 10
        self.small_pages(monkeypatch)
        bought = [click(n, type=EventType.ORDER, item_id="p1", quantity=2) for n in (1, 2)]
        shown = [click(3, f"u{n}", id=f"s{n}", type=EventType.IMPRESSION, item_id="p1") for n in (2, 3)]
        searched, kept = click(4, type=EventType.SEARCH, item_id=""), click(9)
        store.add([*bought, *shown, searched, kept])
        counts = [
            Count("p1", "product", EventType.IMPRESSION, 2, 2), Count("p1", "product", EventType.ORDER, 2, 4),
        ]  # fmt: skip
        assert store.prune(5.0) == 5
        assert [*store.counts()] == counts
        assert store.of_user("u1") == [kept]
        assert store.prune(5.0) == 0
        late = [bought[0], click(4, id="new"), click(5, id="in time")]
        refused = {late[0].id: Refusal.TOO_LATE, "new": Refusal.TOO_LATE}
        assert store.add(late) == Added(1, 0, refused)
        store.add([click(6, type=EventType.ORDER, item_id="p1", quantity=3)])
        assert store.prune(7.0) == 2
        assert Count("p1", "product", EventType.ORDER, 3, 7) in [*store.counts()]
        assert [*store.users()] == ["u1"]

    def test_scanning(self, store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:  # 11
        self.small_pages(monkeypatch)
        events = [click(n // 2, f"u{n % 5}", id=f"e{n:04d}") for n in range(30)]
        store.add(events)
        assert [*store.scan()] == events
        assert [*store.scan(since=3.0, until=9.0)] == events[6:18]
        others = [click(n, type=EventType.ORDER if n % 2 else EventType.LIKE, id=f"o{n:02d}") for n in range(9)]
        store.add(others)
        assert [*store.scan(types=[EventType.ORDER])] == others[1::2]
        assert {*store.scan(until=4.0, types={EventType.ORDER, EventType.LIKE})} == {*others[:4]}
        assert [*store.users()] == ["u0", "u1", "u2", "u3", "u4"]

    def small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Makes a page of a scan, and a step of a prune, hold four."""

    def test_any_order_and_split(self, tmp_path: Path) -> None:  # 12
        rng = random.Random(7)
        who = [("u1", ""), ("u1", "s1"), ("", "s1"), ("u2", "s1"), ("", "s2")]
        events = [click(rng.randrange(200), *rng.choice(who), id=f"e{n}") for n in range(220)]
        states = []
        for turn in range(4):
            store = self.open_store(tmp_path / str(turn))
            given = rng.sample(events, len(events)) + rng.sample(events, 40) if turn else events
            while given:
                size = rng.randint(1, 60)
                store.add(given[:size])
                given = given[size:]
            states.append([store.of_user(*pair) for pair in who])
            store.close()
        assert (
            states[0][0]
            == sorted([event for event in events if event.user_id == "u1"], key=lambda event: (event.ts, event.id))[
                -MOST:
            ]
        )
        assert states == [states[0]] * 4
