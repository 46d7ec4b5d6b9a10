"""/v1/admin/takedowns: what may not be seen any more; said here, tried out first, looked up and taken back.

When a route answers, no request that begins later shows what was taken down, whichever worker or node it asks. A call
with an ``Idempotency-Key`` may be sent again: it is kept once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Body, Query, Request, Response

from api.answers import json_response
from api.auth.caller import caller_of
from api.openapi import error_answers
from api.requests import check_given_once
from api.routes.search import JsonRoute
from api.takedown_schema import (
    EffectsAnswer,
    HistoryAnswer,
    HistoryParams,
    RestoreBody,
    RestoredAnswer,
    TakeDownParams,
    TakeDownsAnswer,
    TakeDownsBody,
)
from retrieval.errors import InvalidRequest
from retrieval.takedowns.desk import MAX_KEY_CHARS, TakeDownDesk
from retrieval.takedowns.tell import shown

T = TypeVar("T")
_ALL = "/v1/admin/takedowns"
_READ, _CHANGE = error_answers(503), error_answers(404, 409, 503)
_HEADER = "idempotency-key"
_KEY = {
    "parameters": [
        {
            "name": "Idempotency-Key", "in": "header", "required": False,
            "schema": {"type": "string", "maxLength": MAX_KEY_CHARS},
            "description": "Sent again, the same call changes nothing more.",
        }
    ]
}  # fmt: skip


def takedown_routes(desk: TakeDownDesk) -> APIRouter:
    """The routes over one desk; its work has a thread of its own, beside those of searches."""
    router = APIRouter(route_class=JsonRoute, tags=["takedowns"])
    limiter = CapacityLimiter(2)

    async def work(done: Callable[[], T]) -> T:
        return await to_thread.run_sync(done, limiter=limiter)

    @router.get(_ALL, summary="What is taken down", response_model=TakeDownsAnswer, responses=_READ)
    async def standing(request: Request, params: Annotated[TakeDownParams, Query()]) -> Response:
        check_given_once(request.query_params)
        kinds, reasons = [params.kind] if params.kind else [], [params.reason] if params.reason else []
        found = await work(lambda: desk.standing(kinds, reasons, params.value))
        return json_response({"takedowns": list(map(shown, found)), "request_id": request.state.request_id})

    @router.post(
        _ALL, summary="Take down", response_model=TakeDownsAnswer, responses=_CHANGE, openapi_extra=_KEY
    )  # fmt: skip
    async def add(request: Request, body: Annotated[TakeDownsBody, Body()]) -> Response:
        asked, key, operator = [each.takedown() for each in body.takedowns], key_of(request), operator_of(request)
        found = await work(lambda: desk.add(asked, operator, key))
        return json_response({"takedowns": list(map(shown, found)), "request_id": request.state.request_id})

    @router.post(
        _ALL + "/check", summary="What it would take down", response_model=EffectsAnswer, responses=_READ
    )  # fmt: skip
    async def check(request: Request, body: Annotated[TakeDownsBody, Body()]) -> Response:
        asked = [each.takedown() for each in body.takedowns]
        found = await work(lambda: desk.check(asked))
        return json_response({"effects": list(map(asdict, found)), "request_id": request.state.request_id})

    @router.get(_ALL + "/history", summary="Who did what, and why", response_model=HistoryAnswer, responses=_READ)
    async def history(request: Request, params: Annotated[HistoryParams, Query()]) -> Response:
        check_given_once(request.query_params)
        found = await work(lambda: desk.history(params.target, params.limit))
        return json_response({"entries": found, "request_id": request.state.request_id})

    @router.post(
        _ALL + "/restore", summary="Take back", response_model=RestoredAnswer, responses=_CHANGE, openapi_extra=_KEY
    )  # fmt: skip
    async def restore(request: Request, body: Annotated[RestoreBody, Body()]) -> Response:
        return await restored(request, body.targets, body.note)

    @router.delete(
        _ALL + "/{target:path}", summary="Take one back", response_model=RestoredAnswer, responses=_CHANGE,
        openapi_extra=_KEY,
    )  # fmt: skip
    async def delete(target: str, request: Request) -> Response:
        return await restored(request, [target], "")

    async def restored(request: Request, targets: list[str], note: str) -> Response:
        key, operator = key_of(request), operator_of(request)
        found = await work(lambda: desk.restore(targets, operator, note, key))
        return json_response({"restored": found, "request_id": request.state.request_id})

    return router


def key_of(request: Request) -> str:
    """The idempotency key of a call, "" without one. Raises InvalidRequest."""
    key = request.headers.get(_HEADER, "")
    if len(key) > MAX_KEY_CHARS or not key.isascii() or not key.isprintable():
        hint = f"Send up to {MAX_KEY_CHARS} printable ASCII characters."
        raise InvalidRequest("Idempotency-Key is no key.", field=_HEADER, hint=hint)
    return key


def operator_of(request: Request) -> str:
    """Who says so, for the audit: the key that was shown."""
    return caller_of(request).key_id or "api"
