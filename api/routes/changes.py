"""/v1/admin/products: live changes. Acknowledged when they are durable and found by the next search of any process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import orjson
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from api.answers import json_response
from api.auth.caller import caller_of
from api.auth.route import GuardedRoute
from api.changes import Writer, changes_of, key_of, only, told
from api.changes_schema import BATCH_BODY, PATCH_BODY, ChangeAnswer, ChangesAnswer
from api.openapi import error_answers
from retrieval.errors import InvalidRequest

T = TypeVar("T")
BATCH, _ONE = "/v1/admin/products:batch", "/v1/admin/products/{id:path}"
_THREADS = 2
"""One writes while the next is read and encoded."""


def change_routes(writer: Writer, *, most: int) -> APIRouter:
    """The routes over one writer, whose work has threads of its own; `most` changes are taken in one call."""
    router = APIRouter(route_class=GuardedRoute, tags=["changes"])
    limiter = CapacityLimiter(_THREADS)

    async def work(done: Callable[[], T]) -> T:
        return await to_thread.run_sync(done, limiter=limiter)

    async def one(change: dict[str, object], request: Request) -> Response:
        key, by = key_of(request.headers.get("idempotency-key")), caller_of(request).key_id
        found = await work(lambda: only(writer.apply([change], key=key, by=by)[0]))
        return json_response(found | {"request_id": request.state.request_id})

    @router.post(
        BATCH, summary="Many changes", response_model=ChangesAnswer, responses=error_answers(413, 503),
        openapi_extra=BATCH_BODY,
    )  # fmt: skip
    async def batch(request: Request) -> Response:
        given = changes_of(await request.body(), most)
        key, by = key_of(request.headers.get("idempotency-key")), caller_of(request).key_id
        found = await work(lambda: told(writer.apply(given, key=key, by=by)))
        return json_response(found | {"request_id": request.state.request_id})

    @router.patch(
        _ONE, summary="Some fields of a product", response_model=ChangeAnswer, responses=error_answers(404, 503),
        openapi_extra=PATCH_BODY,
    )  # fmt: skip
    async def patch(id: str, request: Request) -> Response:
        try:
            fields = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            fields = None
        if not isinstance(fields, dict) or {"op", "id"} & set(fields):
            hint = 'Send {"price": 12.5}: no id and no op.'
            raise InvalidRequest("The body must be a JSON object of fields.", field="body", hint=hint)
        return await one({**fields, "op": "patch", "id": id}, request)

    @router.delete(_ONE, summary="A product that is no more", response_model=ChangeAnswer, responses=error_answers(503))
    async def delete(id: str, request: Request) -> Response:
        return await one({"op": "delete", "id": id}, request)

    return router
