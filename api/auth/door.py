"""Who comes in, before anything of a request is read."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.caller import EVERYBODY


class Door:
    """ASGI middleware: says in `request.state.caller` who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["caller"] = EVERYBODY
        await self._app(scope, receive, send)
