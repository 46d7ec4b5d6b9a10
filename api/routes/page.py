"""GET / and /web/{file}: the search page and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from api.auth.route import GuardedRoute
from api.page import PageFile
from retrieval.errors import NotFound


def page_routes(page: Mapping[str, PageFile]) -> APIRouter:
    """The files of the page; they are not part of the described API. A file that the browser has is not sent again."""
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

    @router.get("/")
    async def index(request: Request) -> Response:
        return _sent(page["index.html"], request)

    @router.get("/web/{name}")
    async def file(name: str, request: Request) -> Response:
        if name not in page:
            raise NotFound("There is no such file.", field=name[:80])
        return _sent(page[name], request)

    return router


def _sent(file: PageFile, request: Request) -> Response:
    if request.headers.get("if-none-match") == file.headers["ETag"]:
        return Response(status_code=304, headers=dict(file.headers))
    return Response(file.content, headers=dict(file.headers), media_type=file.media_type)
