"""The senders of the demo's livestreams.

1. While the block runs the livestreams are on air; when it ends they are off, and the thread is gone.
2. A room speaks when something changes and as often as its heartbeat asks, and not otherwise.
3. A room of which somebody says another state does not stop the others.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from threading import Event

import pytest

from cli import airing
from configs.settings import Settings, load_settings
from demo.airing import Programme, Slot
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.state import Change, State
from retrieval.wiring.places import open_live_rooms

LONG = [Programme(f"l{number}", 4_000.0, (Slot(f"p{number}", 9.9, 0, 4_000),)) for number in range(3)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path)


def test_on_and_off(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    monkeypatch.setattr(airing, "programmes", lambda _: LONG)
    seen = open_live_rooms(settings)
    with airing.on_the_air(settings, tmp_path) as aired:
        assert aired == LONG
        end = time.monotonic() + 10
        while len(seen.on_air(time.time())) < 3:
            assert time.monotonic() < end
        screens = [room.screen for room in seen.on_air(time.time())]
        assert [(screen.product_id, screen.price) for screen in screens if screen] == [
            ("p0", 9.9), ("p1", 9.9), ("p2", 9.9),
        ]  # fmt: skip
    assert not [thread for thread in threading.enumerate() if thread.name == "demo-livestreams"]
    for number in range(3):
        room = seen.room(f"l{number}")
        assert room is not None
        assert (room.state, room.lapsed) == (State.OFF_AIR, False)
    seen.close()


class Stops(Event):
    """Stops after so many looks, each a second after the one before."""

    def __init__(self, clock: list[float], looks: int) -> None:
        super().__init__()
        self.clock, self.left = clock, looks

    def wait(self, timeout: float | None = None) -> bool:
        self.clock[0] += 1.0
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


def test_when_it_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2, 3
    clock = [1_000.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    store = SqliteLiveStore(tmp_path / "rooms.db", heartbeat=90.0)
    store.put("l1", Change(State.ON_AIR, 5_000.0))
    said: list[tuple[str, float, str]] = []
    put = store.put

    def noted(id: str, change: Change) -> object:
        said.append((id, change.ts, change.product_id))
        return put(id, change)

    monkeypatch.setattr(store, "put", noted)
    short = Programme("l0", 4_000.0, (Slot("a", 1.0, 0, 20), Slot("b", 2.0, 20, 4_000)))
    airing.send(store, [short, LONG[1]], Stops(clock, 30))
    assert [each[1:] for each in said if each[0] == "l0"] == [(1_000, "a"), (1_005, "b"), (1_025, "b")]
    assert [each[1] for each in said if each[0] == "l1"] == [1_000, 1_020]
    room = store.room("l1")
    assert room is not None
    assert room.ts == 5_000.0
    store.close()
