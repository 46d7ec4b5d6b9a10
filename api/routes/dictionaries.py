"""/v1/dictionaries: what the shop's dictionaries say, and edits of them where the settings allow it.

A version is the entity tag of a dictionary. An edit names the version it was made from (``If-Match``), so of two people
who edit at once the second is told, and nobody's words are lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.routing import Match
from starlette.types import Scope

from api.answers import json_response
from api.auth.route import GuardedRoute
from api.dictionary_schema import DictionariesAnswer, DictionaryAnswer, PreviewAnswer
from api.errors import Forbidden, PreconditionRequired
from api.openapi import error_answers
from api.protocols import DictionaryDesk
from retrieval.errors import InvalidRequest

T = TypeVar("T")
_LIST, _ONE, _PREVIEW = "/v1/dictionaries", "/v1/dictionaries/{name:path}", "/preview"
_BODY = {"requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}}
_READ = error_answers(404, 503)
_EDIT = error_answers(403, 404, 412, 428, 503)


class DictionaryRoute(GuardedRoute):
    """A name may hold a slash, so its route would take what belongs to the route of its preview."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        swallowed = child.get("path_params", {}).get("name", "").endswith(_PREVIEW)
        return (Match.NONE, {}) if swallowed else (match, child)


def dictionary_routes(desk: DictionaryDesk, *, editable: bool) -> APIRouter:
    """The routes over one desk; its work has a thread of its own, beside those of searches."""
    router = APIRouter(route_class=DictionaryRoute, tags=["dictionaries"])
    limiter = CapacityLimiter(1)

    async def work(done: Callable[[], T]) -> T:
        return await to_thread.run_sync(done, limiter=limiter)

    async def edited(request: Request) -> str:
        if not editable:
            hint = "Set api.edit_dictionaries: true where only editors reach the service, or use xunhuo dictionary put."
            raise Forbidden("This service does not take edits of dictionaries.", field="name", hint=hint)
        # What is not UTF-8 is told with its line, as everything else that cannot be read.
        return (await request.body()).decode("utf-8", "surrogateescape")

    @router.get(_LIST, summary="All dictionaries", response_model=DictionariesAnswer, responses=_READ)
    async def overview(request: Request) -> Response:
        views = await work(desk.overview)
        shown = {"dictionaries": [asdict(view) for view in views], "editable": editable}
        return json_response(shown | {"request_id": request.state.request_id})

    @router.get(_ONE, summary="One dictionary", response_model=DictionaryAnswer, responses=_READ)
    async def show(name: str, request: Request) -> Response:
        return await _shown(name, request)

    @router.put(_ONE, summary="A new version", response_model=DictionaryAnswer, responses=_EDIT, openapi_extra=_BODY)
    async def put(name: str, request: Request) -> Response:
        text = await edited(request)
        expected = version_of(request.headers.get("if-match"))
        await work(lambda: desk.store.put(name, text, now=datetime.now(UTC), expected=expected))
        return await _shown(name, request)

    @router.post(
        _ONE + _PREVIEW, summary="What a new version would change", response_model=PreviewAnswer, responses=_EDIT,
        openapi_extra=_BODY,
    )  # fmt: skip
    async def preview(name: str, request: Request) -> Response:
        text = await edited(request)
        found = await work(lambda: desk.preview(name, text))
        return json_response(asdict(found) | {"name": name, "request_id": request.state.request_id})

    async def _shown(name: str, request: Request) -> Response:
        def read() -> dict[str, Any]:
            version = desk.store.current(name)
            versions = [asdict(each) for each in desk.store.versions(name)]
            return {"name": name, "version": version, "text": desk.store.text(name, version), "versions": versions}

        answer = json_response(await work(read) | {"request_id": request.state.request_id})
        answer.headers["ETag"] = f'"{desk.store.current(name)}"'
        return answer

    return router


def version_of(if_match: str | None) -> int | None:
    """The version that an edit was made from, None for any. Raises PreconditionRequired, InvalidRequest."""
    if if_match is None:
        hint = 'Send If-Match: "N" with the version that you edited, or * to replace whatever is there.'
        raise PreconditionRequired("An edit needs If-Match.", field="if-match", hint=hint)
    if if_match.strip() == "*":
        return None
    number = if_match.strip().strip('"')
    if not (number.isascii() and number.isdigit()):
        raise InvalidRequest("If-Match is no version.", field="if-match", hint='Send the ETag as it came, e.g. "3".')
    return int(number[:9])
