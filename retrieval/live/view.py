"""What searches ask about livestreams: which rooms are on air, and which products are on a screen right now.

A search asks the view, and the view asks the store at most every so many milliseconds; of searches that come together
one asks, and the others go on with what was known. A store that cannot be read takes nothing away at once: rooms that
were on air stay so until their heartbeat is overdue.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType

from retrieval.errors import XunhuoError
from retrieval.live.state import Room
from retrieval.live.store import LiveStore

log = logging.getLogger("xunhuo.live")


@dataclass(frozen=True, slots=True)
class OnScreen:
    """Where a product is shown right now, since when (seconds since 1970), and the price in yuan said, if one is."""

    video_id: str
    since: float
    price: float | None


@dataclass(frozen=True, slots=True)
class _Air:
    """What was known, and until when it holds: then the first heartbeat of it is overdue."""

    rooms: Mapping[str, Room]
    on_screen: Mapping[str, OnScreen]
    until: float


class Rooms:
    """Thread-safe.

    Args:
        refresh_ms: milliseconds ≥ 0 that what was read is not read again.
        clock: seconds, only ever growing.
    """

    def __init__(self, store: LiveStore, *, refresh_ms: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._refresh_s, self._clock = store, refresh_ms / 1000, clock
        self._lock = Lock()
        self._read: Sequence[Room] = ()
        self._read_at = float("-inf")
        self._failed = False
        self._air = _air((), store.heartbeat)

    def on_air(self, now: float) -> Mapping[str, Room]:
        """Video id → its room, of those on air at `now` (seconds since 1970)."""
        return self._at(now).rooms

    def on_screen(self, now: float) -> Mapping[str, OnScreen]:
        """Product id → where it is shown; of several rooms the one that began last."""
        return self._at(now).on_screen

    def airing(self, video_id: str, now: float) -> Room | None:
        """The room of a video, None where it is not on air."""
        return self.on_air(now).get(video_id)

    def _at(self, now: float) -> _Air:
        first = self._read_at == float("-inf")
        if (first or self._clock() - self._read_at >= self._refresh_s) and self._lock.acquire(blocking=first):
            try:
                self._look(now)
            finally:
                self._lock.release()
        air = self._air
        if now > air.until:
            heartbeat = self._store.heartbeat
            air = _air([room for room in self._read if now - room.ts <= heartbeat], heartbeat)
        return air

    def _look(self, now: float) -> None:
        try:
            found = self._store.on_air(now)
            self._failed = False
        except XunhuoError as why:
            if not self._failed:  # once, not at every search
                log.warning("livestreams cannot be read, and stay as they were: %s", why)
            self._failed, found = True, self._read
        if found != self._read:
            self._read, self._air = found, _air(found, self._store.heartbeat)
        self._read_at = self._clock()


def _air(rooms: Sequence[Room], heartbeat: float) -> _Air:
    on_screen: dict[str, OnScreen] = {}
    shown = [(room.screen.since, room.id, room.screen) for room in rooms if room.screen]
    for _, video_id, screen in sorted(shown, key=lambda each: each[:2]):
        on_screen[screen.product_id] = OnScreen(video_id, screen.since, screen.price)
    until = min((room.ts for room in rooms), default=float("inf")) + heartbeat
    by_id = {room.id: room for room in rooms}
    return _Air(MappingProxyType(by_id), MappingProxyType(on_screen), until)
