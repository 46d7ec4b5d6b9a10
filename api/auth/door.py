"""Two layers around the app: who comes in, and which pages of other origins a browser lets in."""

from __future__ import annotations

from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.access import Access
from api.auth.caller import EVERYBODY, TOKEN_HEADER
from api.observe import REQUEST_ID


class Door:
    """ASGI middleware: says in `request.state.caller` who asks, before anything of a request is read.

    Args:
        access: decides; None: the app is in the hands of the program that made it, and everybody may everything.
    """

    def __init__(self, app: ASGIApp, *, access: Access | None) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            caller = await self._access.caller(scope) if self._access else EVERYBODY
            scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)


class Cors(CORSMiddleware):
    """Pages that the settings name, and those of keys: a browser asks before it sends the key, so any of them is let
    ask, and `Access` refuses a key that is not that page's."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...], access: Access | None) -> None:
        settings: dict[str, Any] = {
            "allow_origins": origins, "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            "allow_headers": ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", TOKEN_HEADER, REQUEST_ID],
            "expose_headers": ["ETag", "Retry-After", REQUEST_ID],
        }  # fmt: skip
        super().__init__(app, **settings)
        self._access = access

    def is_allowed_origin(self, origin: str) -> bool:
        return super().is_allowed_origin(origin) or bool(self._access and self._access.allows(origin))
