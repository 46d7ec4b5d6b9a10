"""/v1/admin/fields and /v1/admin/queries: what the events of shoppers say to operators."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.answers import json_response
from api.aside import Aside
from api.auth.route import GuardedRoute
from api.insight_schema import FieldParams, FieldsAnswer, UnansweredListAnswer, UnansweredParams
from api.openapi import error_answers
from api.requests import check_given_once
from api.understood import cause_answer
from indexer.insight.fields import Report, by_field
from indexer.insight.fields_csv import as_csv
from indexer.insight.unanswered import Bounds, Unanswered, unanswered
from retrieval.answer import SearchResponse
from retrieval.interest.store import EventStore
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest

FIELDS, QUERIES = "/v1/admin/fields", "/v1/admin/queries/unanswered"
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "Two tables", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@dataclass(frozen=True, slots=True)
class Insight:
    """What events are read with.

    Attributes:
        reader: of the products that are served, None where nothing is.
        search: asks what is served.
        least_shoppers: fewer distinct ones are nobody's business.
        least_quality: in [0, 1]; of offers that quality money is of.
    """

    events: EventStore
    reader: Callable[[], IndexReader | None]
    search: Callable[[SearchRequest], SearchResponse]
    least_shoppers: int
    least_quality: float

    def fields(self, days: int) -> Report:
        """The by-field report. Raises StorageError."""
        return by_field(self.events, self.reader, now=time.time(), days=days, least_quality=self.least_quality)

    def unanswered(self, days: int, bounds: Bounds) -> list[Unanswered]:
        """Queries that lead to nothing. Raises StorageError, NotReady."""
        return unanswered(self.events, self.search, now=time.time(), days=days, bounds=bounds)


def insight_routes(insight: Insight) -> APIRouter:
    """The routes; one question at a time, since each reads all events of its days."""
    router, work = APIRouter(route_class=GuardedRoute, tags=["insight"]), Aside()

    @router.get(FIELDS, summary="What each field brings", response_model=FieldsAnswer, responses=error_answers(503))
    async def fields(request: Request, params: Annotated[FieldParams, Query()]) -> Response:
        check_given_once(request.query_params)
        found = await work(lambda: insight.fields(params.days))
        return json_response(asdict(found) | {"request_id": request.state.request_id})

    @router.get(
        f"{FIELDS}/csv", summary="The same as CSV", response_class=Response, responses=error_answers(503) | _CSV
    )  # fmt: skip
    async def fields_csv(request: Request, params: Annotated[FieldParams, Query()]) -> Response:
        check_given_once(request.query_params)
        text = await work(lambda: as_csv(insight.fields(params.days)))
        return Response(text, media_type="text/csv", headers={"Cache-Control": "no-store"})

    @router.get(
        QUERIES, summary="Queries that lead to nothing", response_model=UnansweredListAnswer,
        responses=error_answers(503, 504),
    )  # fmt: skip
    async def queries(request: Request, params: Annotated[UnansweredParams, Query()]) -> Response:
        check_given_once(request.query_params)
        bounds = Bounds(max(params.least, insight.least_shoppers), params.share, params.most)
        found = await work(lambda: insight.unanswered(params.days, bounds))
        told = {"queries": list(map(unanswered_answer, found))}
        return json_response(told | {"request_id": request.state.request_id})

    return router


def unanswered_answer(one: Unanswered) -> dict[str, Any]:
    """As the API and the command line tell it."""
    return {
        **{name: getattr(one, name) for name in Unanswered.__slots__},
        "causes": list(map(cause_answer, one.causes)),
    }
