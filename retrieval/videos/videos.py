"""What is asked of videos beside a search: one to watch, the moments of a product, and what to search next."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from cachetools import LRUCache

from retrieval.answer import SearchResponse
from retrieval.deadline import Deadline
from retrieval.errors import NotFound, NotReady
from retrieval.journeys import for_request
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.serving.opened import Opened
from retrieval.serving.understandings import Understanding
from retrieval.snapshot import Snapshot
from retrieval.spoken.cards import Evidence
from retrieval.spoken.said import Said, withheld_in
from retrieval.takedowns.bans import Bans
from retrieval.videos.options import VideoOptions
from retrieval.videos.queries import AfterQuery, AskedBefore, queries_after
from retrieval.videos.watching import Watched, moments_of, watch

_KEPT = 1000
"""Queries of which it is remembered whether they find something."""
_ASKING = 0.7
"""Share of the time in which queries are tried; what was found by then is the answer."""


class Searching(Protocol):
    """What searches: a `retrieval.engine.Engine`."""

    @property
    def bans(self) -> Bans: ...
    @property
    def serving(self) -> Opened: ...
    def reading(self, reader: IndexReader) -> Understanding: ...
    def search(self, request: SearchRequest) -> SearchResponse: ...


@dataclass(frozen=True, slots=True)
class MomentsAnswer:
    """Moments of a product, the surest first."""

    id: str
    moments: tuple[Evidence, ...]
    generation: str
    took_ms: float


@dataclass(frozen=True, slots=True)
class AfterAnswer:
    """What a viewer would search next."""

    id: str
    queries: tuple[AfterQuery, ...]
    generation: str
    took_ms: float


class Videos:
    """Thread-safe. Without `asked` nothing is known of other shoppers."""

    def __init__(self, engine: Searching, options: VideoOptions, asked: AskedBefore | None = None) -> None:
        self._engine, self._options, self._asked = engine, options, asked
        self._found: LRUCache[tuple[Snapshot, str], bool] = LRUCache(_KEPT)
        self._lock = Lock()

    def watch(self, id: str, timeout_ms: float | None = None) -> Watched:
        """A video. Raises NotFound, NotReady, DeadlineExceeded."""
        return watch(self._said(timeout_ms, f"there is no video {id}"), id)

    def moments(self, product: str, size: int, timeout_ms: float | None = None) -> MomentsAnswer:
        """Where a product is shown. Raises NotFound, NotReady, DeadlineExceeded."""
        started, opened = time.perf_counter(), self._engine.serving
        analyzer = self._engine.reading(opened.reader).analyzer
        if opened.said is None and opened.reader.row_of(product) is not None:
            return MomentsAnswer(product, (), opened.reader.snapshot.generation, _since(started))
        said = self._said(timeout_ms, f"there is no product {product}")
        found = moments_of(said, analyzer, product, size, self._options)
        return MomentsAnswer(product, found, opened.reader.snapshot.generation, _since(started))

    def queries(self, id: str, size: int, timeout_ms: float | None = None) -> AfterAnswer:
        """What to search after a video, as far as time goes. Raises NotFound, NotReady, DeadlineExceeded."""
        started, asking = time.perf_counter(), Deadline.after_ms(timeout_ms).share(_ASKING)
        video = self.watch(id, timeout_ms)
        reader, bans = self._engine.serving.reader, self._engine.bans
        reads, at = self._engine.reading(reader), reader.snapshot

        def finds(query: str) -> bool:
            left = asking.remaining()
            return (left is None or left > 0) and not bans.unsayable(query) and self._finds(at, query)

        found = queries_after(video, reads, self._asked, finds, size)
        return AfterAnswer(id, found, video.generation, _since(started))

    def withheld(self) -> frozenset[str]:
        """Ids of videos and livestreams that may not be seen; while nothing is served, of those taken down."""
        try:
            said = self._engine.serving.said
        except NotReady:
            said = None
        return withheld_in(said, self._engine.bans)

    def sold(self, product: str) -> bool:
        """Whether a product is there to be seen; all are while nothing is served."""
        try:
            return self._engine.serving.reader.row_of(product) is not None
        except NotReady:
            return True

    def _said(self, timeout_ms: float | None, otherwise: str) -> Said:
        opened, deadline = self._engine.serving, Deadline.after_ms(timeout_ms)
        if opened.said is None:
            raise NotFound(otherwise, field="id", hint="this generation holds no videos: xunhuo rebuild --videos")
        return opened.said.asked(for_request(opened.reader, deadline), deadline)

    def _finds(self, at: Snapshot, query: str) -> bool:
        with self._lock:
            known = self._found.get((at, query))
        if known is None:
            known = self._engine.search(SearchRequest(query, size=0)).total.value > 0
            with self._lock:
                self._found[at, query] = known
        return known


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
