"""GET / and /desk, and what they are made of: the search page, and the operator's desk."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from api.auth.caller import caller_of
from api.auth.route import GuardedRoute
from api.auth.table import LINES
from api.errors import RETRY_AFTER_SECONDS, Forbidden, Unauthorized
from api.page import PageFile, with_content
from api.plain import plain_list
from api.plain_item import Beside, plain_item
from api.service import Service
from retrieval.errors import NotFound


def page_routes(
    page: Mapping[str, PageFile], desk: Mapping[str, PageFile], service: Service, beside: Beside, *, keyed: bool
) -> APIRouter:
    """The files of both; they are not part of the described API. A file that the browser has is not sent again.

    Args:
        beside: who knows what goes with a product.
        keyed: the page has a key that everybody who sees it may search with.
    """
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

    @router.get("/")
    async def index(request: Request) -> Response:
        query, id = request.query_params.get("q", "").strip(), request.query_params.get("item", "")
        if not query and not id:
            return _sent(page["index.html"], request)
        if id:
            found = await plain_item(service, beside, id, may=keyed or _may_search(request))
            return _sent(with_content(page["index.html"], found.content, title=found.title), request, found.status)
        listed = await plain_list(service, request.query_params, may=keyed or _may_search(request))
        return _sent(with_content(page["index.html"], listed, query=query, title=query), request)

    @router.get("/web/{name}")
    async def file(name: str, request: Request) -> Response:
        return _sent(_named(name, page), request)

    @router.get("/desk")
    async def desk_index(request: Request) -> Response:
        return _sent(desk["index.html"], request)

    @router.get("/web/desk/{name}")
    async def desk_file(name: str, request: Request) -> Response:
        return _sent(_named(name, desk), request)

    return router


def _may_search(request: Request) -> bool:
    try:
        caller_of(request).reach(LINES["GET", "/v1/search"])
    except (Unauthorized, Forbidden):
        return False
    return True


def _named(name: str, among: Mapping[str, PageFile]) -> PageFile:
    if name not in among:
        raise NotFound("There is no such file.", field=name[:80])
    return among[name]


def _sent(file: PageFile, request: Request, status: int = 200) -> Response:
    headers = dict(file.headers)
    if status >= 400:
        again = {"Retry-After": RETRY_AFTER_SECONDS} if status == 503 else {}
        return Response(file.content, status, {**headers, "Cache-Control": "no-store", **again}, file.media_type)
    if request.headers.get("if-none-match") == file.headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, headers=headers, media_type=file.media_type)
    return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media_type)
