"""/v1/users/{id}: what is held of a shopper, and what a shopper may ask for.

Only the shopper whose token comes along, or a key that may act for all, gets an answer (`api.auth`). An id may hold
slashes, so the routes with the longer paths come first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from api.answers import json_response
from api.auth.caller import check_user
from api.auth.route import GuardedRoute
from api.errors import UnsupportedMediaType
from api.interest import ProfileOf, Shoppers
from api.interest_schema import CONSENT_BODY, EXPORT, ChoicesAnswer, DeletedAnswer, ProfileAnswer
from api.openapi import error_answers
from api.routes.search import is_json
from retrieval.errors import InvalidRequest
from retrieval.interest import rights
from retrieval.interest.store import Choices, EventStore

_USER = "/v1/users/{id:path}"
_INTEREST = _USER + "/interests/{interest:path}"
_FAILURES = error_answers(503)


def user_routes(shoppers: Shoppers) -> APIRouter:
    """The routes over one store."""
    router = APIRouter(route_class=GuardedRoute, tags=["interest"])

    @router.get(_USER + "/export", summary="Everything held", response_class=Response, responses=_FAILURES | EXPORT)
    async def export(id: str, request: Request) -> Response:
        user = user_of(id, request)

        def lines_of(store: EventStore) -> bytes:
            return b"".join(rights.export(store, user, shoppers.shown(user)))

        lines = await shoppers.run(lines_of)
        return Response(lines, media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})

    @router.put(
        _USER + "/consent", summary="Give or withdraw consent", response_model=ChoicesAnswer, responses=_FAILURES,
        openapi_extra=CONSENT_BODY,
    )  # fmt: skip
    async def consent(id: str, request: Request) -> Response:
        given = _consent(request, await request.body())
        return await changed(id, request, lambda store, user: rights.give_consent(store, user, given))

    @router.put(
        _INTEREST + "/pin", summary="Confirm an interest", response_model=ChoicesAnswer, responses=_FAILURES
    )  # fmt: skip
    async def pin(id: str, interest: str, request: Request) -> Response:
        return await changed(id, request, lambda store, user: rights.pin_interest(store, user, interest))

    @router.delete(_INTEREST, summary="Take an interest away", response_model=ChoicesAnswer, responses=_FAILURES)
    async def remove(id: str, interest: str, request: Request) -> Response:
        now = shoppers.now()
        return await changed(id, request, lambda store, user: rights.remove_interest(store, user, interest, now))

    if shoppers.profile:
        _profile_route(router, shoppers, shoppers.profile)

    @router.delete(_USER, summary="Delete everything held", response_model=DeletedAnswer, responses=_FAILURES)
    async def delete(id: str, request: Request) -> Response:
        user = user_of(id, request)
        deleted = await shoppers.run(lambda store: store.delete(user))
        return json_response({"user_id": user, "deleted": deleted, "request_id": request.state.request_id})

    async def changed(id: str, request: Request, change: Callable[[EventStore, str], Choices]) -> Response:
        user = user_of(id, request)
        choices = await shoppers.run(lambda store: change(store, user))
        return json_response({"user_id": user, **rights.shown(choices), "request_id": request.state.request_id})

    return router


def user_of(id: str, request: Request) -> str:
    """The shopper whom a request is about. Raises InvalidRequest, Unauthorized, Forbidden."""
    user = rights.checked_user(id)
    check_user(request, user)
    return user


def _profile_route(router: APIRouter, shoppers: Shoppers, profile: ProfileOf) -> None:
    @router.get(_USER + "/profile", summary="What is believed", response_model=ProfileAnswer, responses=_FAILURES)
    async def show(id: str, request: Request) -> Response:
        user = user_of(id, request)

        def of(store: EventStore) -> dict[str, Any]:
            return {"profile": dict(profile(user)), "choices": rights.shown(store.choices(user))}

        found = await shoppers.run(of)
        return json_response({"user_id": user, **found, "request_id": request.state.request_id})


def _consent(request: Request, body: bytes) -> bool:
    if not is_json(request.headers.get("content-type", "")):
        hint = "Send Content-Type: application/json."
        raise UnsupportedMediaType("The body must be JSON.", field="content-type", hint=hint)
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or set(given) != {"consent"} or not isinstance(given["consent"], bool):
        raise InvalidRequest("consent must be true or false.", field="consent", hint='Send {"consent": false}.')
    return given["consent"]
