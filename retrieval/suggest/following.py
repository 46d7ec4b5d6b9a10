"""Searches and clicks of a store, followed: all of them now and then, what is new in between."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.mall.log import WISHED, Log
from retrieval.suggest.asked import Asked, asked_of
from retrieval.suggest.options import AskedOptions

_READ = frozenset({EventType.SEARCH, *WISHED})
_DAY_S = 86_400.0


class Following:
    """Not safe between threads. Who withdrew consent or was deleted is gone from the next reading of all on."""

    def __init__(
        self, store: EventStore, options: AskedOptions, learn_seconds: float, clock: Callable[[], float]
    ) -> None:  # fmt: skip
        """`clock`: seconds that only grow."""
        self._store, self._options, self._every, self._clock = store, options, learn_seconds, clock
        self._log, self._read_at = Log(), -1e18
        self._last, self._ids = 0.0, set[str]()

    def look(self) -> Asked:
        """What was asked until now. Raises StorageError."""
        newest = self._store.newest()
        if self._clock() - self._read_at >= self._every:
            self._log, self._last, self._ids = Log(), newest - self._options.days * _DAY_S, set()
            self._read_at = self._clock()
        for event in self._store.scan(since=self._last, types=_READ):
            if event.ts > self._last:
                self._last, self._ids = event.ts, set()
            if event.id not in self._ids:
                self._ids.add(event.id)
                self._log.add(event)
        return asked_of(self._log, newest, self._options)
