"""/v1/admin/generations and /v1/admin/listing: what is served and what the checks said of it; listings to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response

from api.answers import json_response
from api.aside import Aside
from api.openapi import error_answers
from api.operating_schema import (
    GenerationsAnswer,
    QueueAnswer,
    QueueParams,
    ServeBody,
    ServedAnswer,
    VerdictAnswer,
    VerdictBody,
)
from api.requests import check_given_once
from api.routes.search import JsonRoute
from api.routes.takedowns import operator_of
from indexer.generations import GenerationDesk
from indexer.listing.finding import Decision
from indexer.listing.queue import ListingQueue
from indexer.listing.verdicts import Verdict

GENERATIONS, LISTING = "/v1/admin/generations", "/v1/admin/listing"
_STATES = {"open": False, "looked": True, "all": None}


def generation_routes(desk: GenerationDesk) -> APIRouter:
    """The routes over one desk; a switch may take a while, beside searches."""
    router, work = APIRouter(route_class=JsonRoute, tags=["generations"]), Aside()

    @router.get(
        GENERATIONS, summary="All generations", response_model=GenerationsAnswer, responses=error_answers(503)
    )  # fmt: skip
    async def all_of_them(request: Request) -> Response:
        found, switches = await work(lambda: (desk.all(), desk.history()))
        told = {"generations": list(map(asdict, found)), "switches": list(map(asdict, switches))}
        return json_response(told | {"request_id": request.state.request_id})

    @router.post(
        f"{GENERATIONS}/serve", summary="Serve a generation", response_model=ServedAnswer,
        responses=error_answers(404, 412, 503),
    )  # fmt: skip
    async def serve(body: Annotated[ServeBody, Body()], request: Request) -> Response:
        by = operator_of(request)
        made = await work(lambda: desk.serve(body.generation, by=by, note=body.note, expected=body.expected))
        return json_response({"switch": asdict(made), "request_id": request.state.request_id})

    return router


def listing_routes(queue: ListingQueue, served: Callable[[], str | None]) -> APIRouter:
    """The routes over one queue; `served` names the generation that is."""
    router, work = APIRouter(route_class=JsonRoute, tags=["listing"]), Aside()

    @router.get(
        LISTING, summary="Listings to look at", response_model=QueueAnswer, responses=error_answers(404, 503)
    )  # fmt: skip
    async def page(request: Request, params: Annotated[QueueParams, Query()]) -> Response:
        check_given_once(request.query_params)
        decision = Decision(params.decision) if params.decision else None
        looked = _STATES[params.state]
        found = await work(
            lambda: queue.page(served(), rule=params.rule, decision=decision, looked=looked, most=params.most)
        )
        return json_response(asdict(found) | {"request_id": request.state.request_id})

    @router.post(
        f"{LISTING}/verdict", summary="Decide about one", response_model=VerdictAnswer,
        responses=error_answers(404, 503),
    )  # fmt: skip
    async def verdict(body: Annotated[VerdictBody, Body()], request: Request) -> Response:
        by = operator_of(request)
        made = await work(lambda: queue.decide(served(), body.id, Verdict(body.verdict), by=by, note=body.note))
        return json_response({"listing": asdict(made), "request_id": request.state.request_id})

    return router
