"""POST /v1/events: what shoppers did. A bad event is left out with its reason; the others are durable in the answer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.answers import json_response
from api.auth.caller import check_user
from api.interest import Shoppers
from api.interest_schema import EVENTS_BODY, EventsAnswer
from api.metrics import Metrics
from api.openapi import error_answers
from api.routes.search import JsonRoute

PATH = "/v1/events"


def event_routes(shoppers: Shoppers, metrics: Metrics) -> APIRouter:
    """The route over one store."""
    router = APIRouter(route_class=JsonRoute, tags=["interest"])

    @router.post(
        PATH, summary="What shoppers did", response_model=EventsAnswer, responses=error_answers(503),
        openapi_extra=EVENTS_BODY,
    )  # fmt: skip
    async def events(request: Request) -> Response:
        body = await request.body()
        found = await shoppers.run(lambda _: shoppers.keep(body, lambda user: check_user(request, user)))
        metrics.observe_events(found["accepted"], found["duplicates"], len(found["rejected"]))
        return json_response(found | {"request_id": request.state.request_id})

    return router
