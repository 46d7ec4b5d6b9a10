"""What searches see of livestreams.

1. Rooms on air by their video, products by where they are shown; a room without a product shows none.
2. Of several rooms with one product the one in which it came on last counts.
3. The store is read at most once in `refresh_ms`, however often it is asked, and what changed is seen after that.
4. Between two readings, too, a room is gone as soon as its heartbeat is overdue.
5. A store that cannot be read leaves what was known, until heartbeats are overdue; it is said once.
6. While one search reads the store, others go on with what was known.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Event, Thread

import pytest

from retrieval.errors import StorageError
from retrieval.live.state import Change, Room, State, after
from retrieval.live.store import Put, taken
from retrieval.live.view import OnScreen, Rooms

HEARTBEAT = 90.0
ON = State.ON_AIR


class Kept:
    """Rooms in memory, as a store keeps them."""

    heartbeat = HEARTBEAT

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.reads = 0
        self.broken = False
        self.may_read = Event()
        self.may_read.set()

    def put(self, id: str, change: Change) -> Put:
        put = taken(self.rooms.get(id), id, change, self.heartbeat)
        self.rooms[id] = put.room
        return put

    def room(self, id: str) -> Room | None:
        return self.rooms.get(id)

    def on_air(self, now: float) -> Sequence[Room]:
        self.reads += 1
        assert self.may_read.wait(10)
        if self.broken:
            raise StorageError("the disk is gone")
        return [room for _, room in sorted(self.rooms.items()) if room.at(now, HEARTBEAT).state is ON]

    def close(self) -> None:
        pass


class Clock:
    """Seconds that pass when told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store() -> Kept:
    return Kept()


def test_who_is_on_air(store: Kept) -> None:  # 1, 2
    store.put("l1", Change(ON, 12, "p1"))
    store.put("l2", Change(ON, 11))
    store.put("l3", Change(State.SCHEDULED, 11))
    store.put("l4", Change(ON, 10, "p1", 99.0))
    store.put("l0", Change(ON, 12, "p4", 5.0))
    rooms = Rooms(store, refresh_ms=0)
    assert [*rooms.on_air(20)] == ["l0", "l1", "l2", "l4"]
    assert rooms.on_screen(20) == {"p1": OnScreen("l1", 12, None), "p4": OnScreen("l0", 12, 5.0)}
    assert rooms.airing("l2", 20) == store.rooms["l2"]
    assert rooms.airing("l3", 20) is None
    assert rooms.airing("l2", 101.5) is None
    store.put("l4", Change(ON, 30, "p1", 79.0))
    assert rooms.on_screen(40)["p1"] == OnScreen("l1", 12, None)
    store.put("l1", Change(State.OFF_AIR, 41))
    assert rooms.on_screen(42)["p1"] == OnScreen("l4", 10, 79.0)


def test_read_now_and_then(store: Kept) -> None:  # 3
    clock = Clock()
    rooms = Rooms(store, refresh_ms=50, clock=clock)
    assert rooms.on_air(0) == {}
    store.put("l1", Change(ON, 1))
    clock.now = 1_000.049
    assert [rooms.on_air(1) for _ in range(100)] == [{}] * 100
    assert store.reads == 1
    clock.now = 1_000.051
    assert [*rooms.on_air(1)] == ["l1"]
    assert store.reads == 2


def test_silence_between_readings(store: Kept) -> None:  # 4
    store.put("l1", Change(ON, 10, "p1"))
    store.put("l2", Change(ON, 20, "p2"))
    rooms = Rooms(store, refresh_ms=1e9)
    assert [*rooms.on_screen(100)] == ["p1", "p2"]
    assert [*rooms.on_screen(100.5)] == ["p2"]
    assert [*rooms.on_air(110.5)] == []
    assert store.reads == 1


def test_a_store_that_is_gone(store: Kept, caplog: pytest.LogCaptureFixture) -> None:  # 5
    rooms = Rooms(store, refresh_ms=0)
    store.put("l1", Change(ON, 10))
    assert [*rooms.on_air(11)] == ["l1"]
    store.broken = True
    with caplog.at_level(logging.WARNING, "xunhuo.live"):
        assert [[*rooms.on_air(now)] for now in (12, 99, 101)] == [["l1"], ["l1"], []]
    assert len(caplog.records) == 1
    store.broken = False
    store.put("l2", Change(ON, 102))
    assert [*rooms.on_air(103)] == ["l2"]


def test_others_go_on(store: Kept) -> None:  # 6
    rooms = Rooms(store, refresh_ms=0)
    store.put("l1", Change(ON, 10))
    assert [*rooms.on_air(11)] == ["l1"]
    store.put("l2", Change(ON, 12))
    store.may_read.clear()
    reading = Thread(target=rooms.on_air, args=(12,))
    reading.start()
    while store.reads < 2:
        pass
    assert [*rooms.on_air(12)] == ["l1"]
    store.may_read.set()
    reading.join()
    assert [*rooms.on_air(12)] == ["l1", "l2"]


def test_the_kept_rooms_are_those_of_the_transitions() -> None:
    store = Kept()
    first = store.put("l1", Change(ON, 10))
    assert first == Put(after(None, "l1", Change(ON, 10), HEARTBEAT), True)  # type: ignore[arg-type]
    assert store.put("l1", Change(ON, 10)) == Put(first.room, False)
