"""Turns searches away before anything of them is read, where it is known that they would be.

Under a flood most of what a process does is to refuse: passing all layers, that would take from those who are let in
half of what an answer takes that is remembered. So it is counted, and answered, right here. One line a second says in
the log how many there were, since a line for each would be most of their cost.
"""

from __future__ import annotations

import time

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import error_response
from api.headers import SECURITY
from api.logs import moment_of
from api.metrics import Metrics
from api.observe import REQUEST_ID, access_log, request_id_of
from api.service import SEARCH, Service

_LINE_S = 1.0


class Shed:
    """ASGI middleware around all that reads a request."""

    def __init__(self, app: ASGIApp, *, service: Service, metrics: Metrics) -> None:
        self._app, self._service, self._metrics = app, service, metrics
        self._silent, self._line_at = 0, 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (reason := self._closed_to(scope)) is None:
            await self._app(scope, receive, send)
            return
        began, request_id = time.perf_counter(), request_id_of(scope)
        answer = error_response(self._service.gate.refuse(reason), request_id)
        answer.headers.update({REQUEST_ID: request_id, **SECURITY})
        await answer(scope, receive, send)
        self._metrics.observe_request(scope["method"], SEARCH, answer.status_code, time.perf_counter() - began)
        self._say(answer.status_code)

    def _closed_to(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["path"] != SEARCH or scope["method"] not in ("GET", "POST"):
            return None
        return self._service.closed_to(scope["query_string"] if scope["method"] == "GET" else None)

    def _say(self, status: int) -> None:
        self._silent += 1
        if (now := time.monotonic()) < self._line_at:
            return
        line = {"time": moment_of(time.time()), "route": SEARCH, "status": status, "turned_away": self._silent}
        access_log.info("%s", orjson.dumps(line).decode())
        self._silent, self._line_at = 0, now + _LINE_S
