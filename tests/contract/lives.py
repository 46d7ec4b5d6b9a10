"""What every store of rooms must do; `LiveStoreContract.open_store` says where one lives.

1. A room comes back as it was put, every field, and survives the store being closed; a room never heard of is None.
2. The same change again, also through another store over the same place, changes nothing and says so.
3. What is late, or cannot follow, is refused, and the room stays as it was.
4. On air are those rooms, by id, whose heartbeat is not overdue; what another store puts is seen at once.
5. Of changes that arrive at once in several threads and stores, each is taken in its order or refused: the room is that
   of the newest one, and those that were taken are those that were said to be.
6. An empty store has no rooms, and is asked, closed and closed again without being written.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.errors import StateConflict
from retrieval.live.state import Change, Room, Screen, State
from retrieval.live.store import LiveStore

HEARTBEAT = 90.0
ON = State.ON_AIR
T = 1_714_521_600.25


class LiveStoreContract:
    """Inherited by the tests of every store."""

    @classmethod
    @abstractmethod
    def open_store(cls, place: Path) -> LiveStore:
        """A store over this place; opened again it is the same store."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[LiveStore]:
        opened = self.open_store(tmp_path)
        yield opened
        opened.close()

    def test_an_empty_store(self, store: LiveStore) -> None:  # 6
        assert store.heartbeat == HEARTBEAT
        assert (store.room("l1"), [*store.on_air(T)]) == (None, [])
        store.close()
        store.close()

    def test_a_room_comes_back(self, store: LiveStore, tmp_path: Path) -> None:  # 1
        rooms = [
            store.put("直播/1", Change(ON, T, "p:1", 99.5)).room,
            store.put("l2", Change(State.SCHEDULED, T)).room,
            store.put("l3", Change(ON, T, "p1")).room,
        ]
        assert (rooms[0].screen, rooms[0].ts) == (Screen("p:1", T, 99.5), T)
        rooms[2] = store.put("l3", Change(State.OFF_AIR, T + 1)).room
        store.close()
        again = self.open_store(tmp_path)
        assert [again.room(room.id) for room in rooms] == rooms
        assert again.room("l4") is None
        again.close()

    def test_the_same_again(self, store: LiveStore, tmp_path: Path) -> None:  # 2
        change = Change(ON, T, "p1", 9.9)
        first = store.put("l1", change)
        assert first.changed
        other = self.open_store(tmp_path)
        again = other.put("l1", change)
        assert (again.changed, again.room) == (False, first.room)
        later = other.put("l1", Change(ON, T + 1))
        assert (later.changed, store.put("l1", change).changed) == (True, False)
        assert store.room("l1") == later.room
        other.close()

    def test_what_is_refused(self, store: LiveStore) -> None:  # 3
        room = store.put("l1", Change(ON, T, "p1")).room
        for change in (Change(ON, T - 1, "p2"), Change(State.OFF_AIR, T), Change(State.REPLAY, T + 1)):
            with pytest.raises(StateConflict):
                store.put("l1", change)
        with pytest.raises(StateConflict, match="l9 is not known") as refused:
            store.put("l9", Change(State.REPLAY, T))
        assert (refused.value.field, refused.value.hint) == ("state", "Possible: scheduled, on_air.")
        assert (store.room("l1"), store.room("l9")) == (room, None)

    def test_who_is_on_air(self, store: LiveStore, tmp_path: Path) -> None:  # 4
        other = self.open_store(tmp_path)
        assert [*other.on_air(T)] == []
        for number in range(9, 0, -1):
            store.put(f"l{number}", Change(ON, T + number))
        store.put("l8", Change(State.OFF_AIR, T + 20))
        store.put("l0", Change(State.SCHEDULED, T + 20))
        for each in (store, other):
            assert [room.id for room in each.on_air(T + 21)] == [f"l{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]
            assert [room.id for room in each.on_air(T + HEARTBEAT + 7)] == ["l7", "l9"]
        put = store.put("l9", Change(ON, T + 30, "p9", 1.0)).room
        assert other.on_air(T + 31)[-1] == put
        other.close()

    def test_all_at_once(self, store: LiveStore, tmp_path: Path) -> None:  # 5
        stores = [store, self.open_store(tmp_path)]

        def put(number: int) -> float | None:
            change = Change(ON, T + number % 20, f"p{number % 20}")
            try:
                return change.ts if stores[number // 20].put("l1", change).changed else None
            except StateConflict:
                return None

        with ThreadPoolExecutor(4) as pool:
            taken = [ts for ts in pool.map(put, range(40)) if ts is not None]
        room = store.room("l1")
        assert isinstance(room, Room)
        assert (room.ts, room.screen) == (T + 19, Screen("p19", T + 19))
        assert len(taken) == len(set(taken)) == len(room.known)
        stores[1].close()
