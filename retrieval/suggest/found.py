"""What a query finds, asked once of the search itself: queries that nobody knew when the generation was built."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock

from cachetools import LRUCache

from retrieval.answer import SearchResponse
from retrieval.errors import DeadlineExceeded
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.suggest.answer import LookedUp
from retrieval.suggest.entry import WITNESSES

_KEPT = 50_000
"""Queries of which it is remembered what they find: a few hundred bytes each."""
_WANTED = 1_000
"""Queries that wait to be looked at; older ones go."""

Search = Callable[[SearchRequest], SearchResponse]


class Found:
    """Remembered for each generation. Thread-safe."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._known: LRUCache[tuple[str, str], tuple[int, ...]] = LRUCache(_KEPT)
        self._wanted: dict[str, None] = {}
        self._looked_up = LookedUp()
        self._lock = Lock()

    def known(self, reader: IndexReader, query: str) -> tuple[int, ...] | None:
        """Rows of the first answers above the divider, none where there is no answer; None: nobody asked yet."""
        with self._lock:
            return self._known.get((reader.snapshot.generation, query))

    def want(self, queries: Iterable[str]) -> None:
        """Has these looked at next."""
        wanted = dict.fromkeys(queries)  # they may ask what is known, under the same lock
        with self._lock:
            self._wanted.update(wanted)
            while len(self._wanted) > _WANTED:
                del self._wanted[next(iter(self._wanted))]

    def wanted(self) -> list[str]:
        """What is to be looked at, once."""
        with self._lock:
            wanted, self._wanted = [*self._wanted], {}
        return wanted

    def look(self, reader: IndexReader, queries: Iterable[str], most: int) -> int:
        """Searches for those that are not known, at most so many; how many. Raises what a search raises."""
        asked = 0
        for query in queries:
            if asked >= most:
                break
            if self.known(reader, query) is None:
                self._keep(reader, query)
                asked += 1
        return asked

    def looked_up(self) -> LookedUp:
        """How many were searched since this was last asked."""
        with self._lock:
            told, self._looked_up = self._looked_up, LookedUp()
        return told

    def _keep(self, reader: IndexReader, query: str) -> None:
        try:
            answer = self._search(SearchRequest(query, size=WITNESSES, personalize=False))
        except DeadlineExceeded:
            return
        if answer.degraded or answer.generation != reader.snapshot.generation:
            return  # it would be remembered for something else
        ids = [hit.id for hit in answer.hits if not hit.near] if answer.total.value else []
        rows = tuple(row for row in reader.rows_of(ids) if row is not None)
        with self._lock:
            self._known[reader.snapshot.generation, query] = rows
            told = self._looked_up
            self._looked_up = LookedUp(told.found + bool(rows), told.dead + (not rows))
