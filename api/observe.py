"""The outermost layer: a request id for every request, one log line, one count, and an answer whatever happens.

What people type is private: the line holds the route template, never the URL or the body, and the query only where the
settings say so. Routes may add to the line and to the spans what they know of an answer (`Noted`).
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth.told import holds_secret
from api.errors import INTERNAL, error_response, status_of
from api.headers import SECURITY
from api.logs import moment_of
from api.metrics import Metrics
from api.traces import Answered, Traces
from retrieval.laps import Lap

REQUEST_ID = "X-Request-ID"
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CLIENT_GONE = 499
"""Logged when the caller left before the answer began; the number is nginx's."""

access_log = logging.getLogger("xunhuo.access")
error_log = logging.getLogger("xunhuo.error")


@dataclass(frozen=True, slots=True)
class Noted:
    """What a route knows of an answer (``request.state.noted``): more of its log line, and how long its steps took."""

    line: Mapping[str, Any] = field(default_factory=dict)
    laps: Sequence[Lap] = ()


class Observe:
    """ASGI middleware; nothing raised below it reaches the server before an answer began."""

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, generation: Callable[[], str | None], traces: Traces | None = None
    ) -> None:
        self._app, self._traces = app, traces
        self._metrics = metrics
        self._generation = generation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        method, started = scope["method"], time.perf_counter()
        status = CLIENT_GONE

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception as error:
            if status_of(error) == INTERNAL:
                error_log.exception("request %s failed", request_id)
            if status != CLIENT_GONE:
                raise
            await error_response(error, request_id)(scope, receive, send_marked)
        finally:
            self._note(scope, method, status, started, request_id)

    def _note(self, scope: Scope, method: str, status: int, began: float, request_id: str) -> None:
        route, seconds = getattr(scope.get("route"), "path_format", "unmatched"), time.perf_counter() - began
        noted: Noted = scope["state"].get("noted", _NOTHING)
        generation = self._generation()
        self._metrics.observe_request(method, route, status, seconds)
        line = {
            "time": moment_of(time.time()),
            "method": method,
            "route": route,
            "status": status,
            "took_ms": round(seconds * 1000, 3),
            "request_id": request_id,
            "generation": generation,
            **noted.line,
        }
        access_log.info("%s", orjson.dumps(line).decode())
        if self._traces:
            done = Answered(method, route, status, began, seconds, request_id, generation, noted.laps)
            self._traces.note(scope, done)


_NOTHING = Noted()


def request_id_of(scope: Scope) -> str:
    """The caller's own id where it is safe to echo and to log (``[A-Za-z0-9._-]``, 1 to 64, no key), else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if SAFE_ID.fullmatch(given) and not holds_secret(given) else uuid.uuid4().hex
