"""The take-downs of a journal, followed: what stands now, and what stood at an earlier position.

Every request asks. As long as nothing was written that is one look at the position of the journal; else the entries
behind the last one read are folded in before the request goes on, so nobody is answered from what stood before.
A journal that cannot be read answers nobody: better no answer than one that should not be.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache

from retrieval.changes.journal import Entry, Journal
from retrieval.errors import StorageError
from retrieval.takedowns.standing import NOTHING, Standing
from retrieval.takedowns.takedown import ENTRIES, expiring

_KEPT = 16
"""Earlier positions whose fold is remembered: those of cursors."""
_BATCH = 10_000
_AGAIN_S = 5.0
"""So long after an expiry that could not be written it is tried again; until then what expired stays taken down."""
_log = logging.getLogger("xunhuo.takedowns")


class TakeDowns:
    """Thread-safe.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, journal: Journal, *, clock: Callable[[], float] = time.time) -> None:
        self.journal, self._clock = journal, clock
        self._seen, self._read, self._standing = 0, 0, NOTHING
        self._earlier: LRUCache[int, Standing] = LRUCache(_KEPT)
        self._not_before = 0.0
        self._lock = Lock()

    def standing(self, epoch: int | None = None) -> Standing:
        """What stands; with `epoch`, what stood at that position of the journal.

        Raises:
            StorageError: the journal cannot be read.
        """
        now = self._followed(self.journal.position())
        if epoch is None or epoch >= now.position:
            return now
        return self._at(epoch)

    def _followed(self, position: int) -> Standing:
        if position != self._seen:
            with self._lock:
                self._follow()
        if self._standing.expired(self._clock()):
            self._expire()
        return self._standing

    def _follow(self) -> None:
        """Under the lock: threads see positions in the order in which these were asked for."""
        position, read, standing = self.journal.position(), self._read, self._standing
        if position < self._seen:  # an older copy of the journal was put in its place
            read, standing = 0, NOTHING
            self._earlier.clear()
        while entries := self.journal.read(read, _BATCH, ENTRIES):
            standing, read = standing.after(entries), entries[-1].position
        # Who sees the position sees what stands there.
        self._standing, self._read, self._seen = standing, read, position

    def _expire(self) -> None:
        """Writes down what has expired: once for all processes, whoever notices."""
        now = self._clock()
        if time.monotonic() < self._not_before:
            return
        try:
            self.journal.append([expiring(each, now) for each in self._standing.expired(now)])
        except StorageError as why:
            self._not_before = time.monotonic() + _AGAIN_S
            _log.warning("what has expired stays taken down, since that cannot be written: %s", why)
            return
        with self._lock:
            self._follow()

    def _at(self, epoch: int) -> Standing:
        with self._lock:
            known = self._earlier.get(epoch)
        if known is None:
            known, read = NOTHING, 0
            while entries := self.journal.read(read, _BATCH, ENTRIES):
                known = known.after(entry for entry in entries if entry.position <= epoch)
                read = _next(entries, epoch)
            with self._lock:
                self._earlier[epoch] = known
        return known


def _next(entries: list[Entry], epoch: int) -> int:
    """Behind which position to go on reading; what comes after `epoch` need not be read."""
    last = entries[-1].position
    return last if last < epoch else 1 << 62
