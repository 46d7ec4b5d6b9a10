"""GET /: the search page."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.page import Page


def page_routes(page: Page) -> APIRouter:
    """The page; it is not part of the described API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def index() -> Response:
        return Response(page.html, headers=page.headers, media_type="text/html")

    return router
