"""What the routes share: the engine, run in a bounded number of threads and within the budget of each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from api.errors import Overloaded
from api.gate import Gate
from api.metrics import Metrics
from api.options import ApiOptions
from api.placements import cards, wanted
from api.protocols import SearchEngine
from api.refresh import Refresher
from retrieval.answer import Product, SearchResponse
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded
from retrieval.request import SearchRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """One engine and how it is used."""

    engine: SearchEngine
    options: ApiOptions
    metrics: Metrics
    refresher: Refresher
    gate: Gate

    async def search(self, request: SearchRequest) -> SearchResponse:
        """The engine's answer; what was waited for a thread is taken off the budget.

        Raises:
            Overloaded: too many wait already.
            XunhuoError: whatever the engine raises.
        """
        deadline = Deadline.after_ms(request.timeout_ms)

        def work() -> SearchResponse:
            left = deadline.remaining()
            return self.engine.search(replace(request, timeout_ms=None if left is None else left * 1000))

        response = await self.gate.run(work, deadline)
        self.metrics.observe_search(response)
        return response

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
