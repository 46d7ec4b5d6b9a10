"""GET /v1/demo/shoppers: whom the page may be tried out as. It is there only where the demo mall is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from api.answers import json_response
from api.auth.route import GuardedRoute

FILE = Path("mall", "recommended.json")
"""Below the data folder, where `xunhuo demo` writes it."""


def demo_shoppers(data_dir: Path) -> list[dict[str, Any]]:
    """``{id, name, likes}`` of each; none where this is no demo mall."""
    try:
        found: list[dict[str, Any]] = orjson.loads((data_dir / FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return []
    return found


def demo_routes(shoppers: list[dict[str, Any]]) -> APIRouter:
    """The route over these; it is not part of the described API."""
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

    @router.get("/v1/demo/shoppers")
    async def show(request: Request) -> Response:
        return json_response({"shoppers": shoppers, "request_id": request.state.request_id})

    return router
