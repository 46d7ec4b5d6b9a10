"""/v1/live: which livestreams are on air, and what their senders say of them where the settings allow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Body, Request, Response
from starlette.routing import Match
from starlette.types import Scope

from api.answers import json_response
from api.errors import Forbidden
from api.gate import Gate
from api.live import Livestreams
from api.live_schema import OneRoomAnswer, RoomsAnswer, StateAnswer, StateBody
from api.openapi import error_answers
from api.options import ApiOptions
from api.routes.search import JsonRoute
from retrieval.deadline import Deadline

T = TypeVar("T")
_ALL, _ONE, _STATE = "/v1/live", "/v1/live/{id:path}", "/state"


class LiveRoute(JsonRoute):
    """An id may hold slashes, so the route of a room would take what belongs to that of its state."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        swallowed = child.get("path_params", {}).get("id", "").endswith(_STATE)
        return (Match.NONE, {}) if swallowed else (match, child)


def live_routes(live: Livestreams, options: ApiOptions, gate: Gate) -> APIRouter:
    """The routes over one store, in threads of their own."""
    router = APIRouter(route_class=LiveRoute, tags=["live"])

    async def run(work: Callable[[], T]) -> T:
        return await gate.run(work, Deadline.after_ms(options.request_timeout_ms))

    @router.get(_ALL, summary="Who is on air", response_model=RoomsAnswer, responses=error_answers(503))
    async def rooms(request: Request) -> Response:
        found = {"rooms": await run(live.on_air), "accepts_states": options.accept_states}
        return json_response(found | {"request_id": request.state.request_id})

    @router.post(
        _ONE + _STATE, summary="A room's state", response_model=StateAnswer,
        responses=error_answers(403, 409, 503),
    )  # fmt: skip
    async def state(id: str, body: Annotated[StateBody, Body()], request: Request) -> Response:
        if not options.accept_states:
            hint = "Set live.accept_states: true where only senders reach the service, or use xunhuo live set."
            raise Forbidden("This service does not take states of livestreams.", field="id", hint=hint)
        put = await run(lambda: live.put(id, body))
        return json_response(put | {"request_id": request.state.request_id})

    @router.get(_ONE, summary="One room", response_model=OneRoomAnswer, responses=error_answers(404, 503))
    async def room(id: str, request: Request) -> Response:
        found = await run(lambda: live.room(id))
        return json_response(found | {"request_id": request.state.request_id})

    return router
