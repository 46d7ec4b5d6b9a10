"""The senders of the demo's livestreams: a thread beside the service of `xunhuo demo`, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from configs.settings import Settings
from demo.airing import Programme, programmes, said
from retrieval.errors import XunhuoError
from retrieval.live.state import Change, State

if TYPE_CHECKING:
    from retrieval.live.store import LiveStore

TICK_S, BEAT_S = 0.5, 20.0
"""Seconds between two looks at the programme, and between two heartbeats of a room."""


@contextmanager
def on_the_air(settings: Settings, mall: Path) -> Iterator[list[Programme]]:
    """Airs some livestreams of this demo mall; they are off air when the block ends."""
    from retrieval.wiring.places import open_live_rooms

    with closing(open_live_rooms(settings)) as store:
        aired, stop = programmes(mall), Event()
        sender = Thread(target=send, args=(store, aired, stop), name="demo-livestreams", daemon=True)
        sender.start()
        try:
            yield aired
        finally:
            stop.set()
            sender.join()
            _say(store, [(each, Change(State.OFF_AIR, time.time())) for each in aired])


def send(store: LiveStore, aired: Sequence[Programme], stop: Event, tick_s: float = TICK_S) -> None:
    """Says what is on until it is told to stop; each room began a while after the one before it."""
    now = time.time()
    begun = [now - number * each.on_air_s / (len(aired) + 1) for number, each in enumerate(aired)]
    last: dict[str, Change] = {}
    while not stop.is_set():
        now = time.time()
        changes = [(each, said(each, now, start)) for each, start in zip(aired, begun, strict=True)]
        due = [(each, change) for each, change in changes if _is_due(last.get(each.video_id), change)]
        _say(store, due)
        last |= {each.video_id: change for each, change in due}
        stop.wait(tick_s)


def _is_due(last: Change | None, change: Change) -> bool:
    if last is None or (last.state, last.product_id) != (change.state, change.product_id):
        return True
    return change.state is State.ON_AIR and change.ts - last.ts >= BEAT_S


def _say(store: LiveStore, changes: Sequence[tuple[Programme, Change]]) -> None:
    for programme, change in changes:
        # Somebody may have posted another state of a demo room: it comes round again.
        with suppress(XunhuoError):
            store.put(programme.video_id, change)
