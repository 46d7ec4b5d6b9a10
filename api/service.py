"""What the routes share: the engine, run in a bounded number of threads and within the budget of each request.

Answers that are remembered have a thread of their own: they take a tenth of the others, and are given when those wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from cachetools import LRUCache

from api.errors import Overloaded
from api.gate import Gate
from api.lag import Lag
from api.metrics import Metrics
from api.options import ApiOptions
from api.placements import cards, wanted
from api.protocols import SearchEngine
from api.refresh import Refresher
from retrieval.answer import Product, SearchResponse
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded
from retrieval.laps import Lap, Laps
from retrieval.request import SearchRequest
from retrieval.search import why_neutral

T = TypeVar("T")

SEARCH = "/v1/search"
_ASKED = 4096
"""Searches that were answered in full and are the same for everybody: of others nothing can be remembered."""
_READ = 4096
"""Addresses that are remembered as they were read."""
_LAG_S, _LAG_KNOWN_S = 0.03, 0.06
"""From so late an event loop on searches are turned away, and even those that are remembered: reading and writing
answers is more than it can do. Where no more than a few want in it is late for another reason, and they are let in."""


@dataclass(frozen=True, slots=True)
class Service:
    """One engine and how it is used. One event loop uses it.

    Attributes:
        gate: of what has to be made; quick: of what is remembered.
        asked: searches that were answered before; read: query string of an address → what it asks.
        lag: how late the event loop is.
    """

    engine: SearchEngine
    options: ApiOptions
    metrics: Metrics
    refresher: Refresher
    gate: Gate
    quick: Gate
    asked: LRUCache[SearchRequest, None] = field(default_factory=lambda: LRUCache(_ASKED))
    read: LRUCache[bytes, SearchRequest] = field(default_factory=lambda: LRUCache(_READ))
    lag: Lag = field(default_factory=Lag)

    def closed_to(self, url: bytes | None) -> str | None:
        """Why a search is turned away before it is read; None where it may be let in. `url`: its query string, if
        that says what is asked."""
        asked = None if url is None else self.read.get(url)
        late = self.lag.seconds if self.gate.crowded or self.quick.crowded else 0.0
        if asked and replace(asked, timeout_ms=None) in self.asked:
            return "lag" if late > _LAG_KNOWN_S else None
        return "lag" if late > _LAG_S else self.gate.closed

    async def search(self, request: SearchRequest) -> SearchResponse:
        """The engine's answer; what was waited for a thread is taken off the budget.

        Raises:
            Overloaded: too many wait already.
            XunhuoError: whatever the engine raises.
        """
        deadline = Deadline.after_ms(request.timeout_ms)
        known = await self._remembered(request, deadline)
        self.metrics.observe_remembered(known is not None)
        response = known or await self._made(request, deadline)
        self.metrics.observe_search(response)
        return response

    async def _remembered(self, request: SearchRequest, deadline: Deadline) -> SearchResponse | None:
        if replace(request, timeout_ms=None) not in self.asked:
            return None
        known, waited = await self._run(self.quick, self.engine.remembered, request, deadline)
        return known and replace(known, laps=(*waited, *known.laps))

    async def _made(self, request: SearchRequest, deadline: Deadline) -> SearchResponse:
        asked = replace(request, hurried=self.gate.hurried)

        def ahead() -> None:
            if not asked.hurried:
                self.engine.ahead(asked)

        made, waited = await self._run(self.gate, self.engine.search, asked, deadline, ahead)
        if asked.hurried and made.degraded:
            self.metrics.observe_hurried()
        if not made.degraded and not request.cursor and why_neutral(request, None):
            self.asked[replace(request, timeout_ms=None)] = None
        return replace(made, laps=(*waited, *made.laps))

    async def _run(
        self, gate: Gate, ask: Callable[[SearchRequest], T], request: SearchRequest, deadline: Deadline,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> tuple[T, tuple[Lap, ...]]:  # fmt: skip
        """What `ask` gives, and its wait for a thread."""
        waiting = Laps()

        def work() -> T:
            waiting.lap("wait")
            left = deadline.remaining()
            return ask(replace(request, timeout_ms=None if left is None else left * 1000))

        try:
            return await gate.run(work, deadline, meanwhile), waiting.done
        finally:
            self.metrics.observe_queue(self.gate.waiting, self.gate.wait)

    async def sponsored(self, asked: SearchRequest, found: SearchResponse) -> list[dict[str, Any]]:
        """Paid cards beside an answer, of what can be found right now; none where the machine is busy."""
        chosen = wanted(self.options.placements, asked, found, datetime.now(UTC))
        ids = [each.product_id for each in chosen]
        there: Mapping[str, Product] = {}
        if ids:
            with suppress(Overloaded, DeadlineExceeded):
                there = await self.within(lambda left_ms: self.engine.beside(asked, ids, left_ms))
        shown = [(each, there[each.product_id]) for each in chosen if each.product_id in there]
        return cards(shown, self.options.sponsored)

    async def product(self, id: str) -> Product:
        """The record of a product. Raises NotFound, NotReady, Overloaded, DeadlineExceeded."""
        return await self.within(lambda left_ms: self.engine.product(id, left_ms))

    async def within(self, work: Callable[[float | None], T]) -> T:
        """What `work` gives, told how many milliseconds are left. Raises Overloaded, and what it raises."""
        deadline = Deadline.after_ms(self.options.request_timeout_ms)

        def timed() -> T:
            left = deadline.remaining()
            return work(None if left is None else left * 1000)

        return await self.gate.run(timed, deadline)
