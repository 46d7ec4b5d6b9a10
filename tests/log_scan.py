"""What the whole suite logs, looked at: no key, no token, no shopper, and no query where queries are not to be logged.

Everything that a logger of the service is told passes here, whatever becomes of it; so does the log of a service that a
test starts as a process. A query is known by its Chinese characters, a shopper or a visit by its id, as tests sent it:
an id that is a word or a number alone could stand in a line for another reason. Where a test makes a service that may
log queries, its queries may stand there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx2

from api.auth.told import holds_secret
from api.options import ApiOptions

LOGGERS = ("xunhuo", "uvicorn")
_TYPED = re.compile(r"[\u3400-\u9fff]|(?:%[0-9A-Fa-f]{2}){3}|\\u[3-9a-f][0-9a-f]{3}")
"""Chinese as it is, or as it stands in an address or in JSON."""
_SENT = re.compile(r'(?:/v1/users/|[?&](?:user|session)_id=|"(?:user|session)_id":\s*")([A-Za-z0-9._-]{2,64})')
_WORD = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_TELLING = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])")


class LogScan:
    """What was found so far; `queries`: they may be logged."""

    def __init__(self) -> None:
        self.queries = False
        self._ids: set[str] = set()
        self._found: list[str] = []

    def sent(self, address: str, body: bytes = b"") -> None:
        """A test asks this: whoever is named there is not to be logged."""
        named = _SENT.findall(f"{address} {body.decode('utf-8', 'replace')}")
        self._ids.update(id for id in named if _TELLING.match(id))

    def look(self, logger: str, line: str, *, queries: bool = False) -> None:
        """Keeps what a line of a log should not hold."""
        self._found += [f"{logger}: {what} in {line}" for what in self._in(line, queries or self.queries)]

    def look_at(self, log: str, *, queries: bool) -> None:
        """As `look`, every line of the log of a service; `queries`: its setting."""
        for line in log.splitlines():
            self.look("service", line, queries=queries)

    def taken(self) -> list[str]:
        """What was found since this was asked last."""
        found, self._found = self._found, []
        return found

    def _in(self, line: str, queries: bool) -> Iterator[str]:
        if holds_secret(line):
            yield "a key or token"
        if ids := self._ids.intersection(_WORD.findall(line)):
            yield f"a shopper or visit ({min(ids)})"
        if not queries and _TYPED.search(line):
            yield "what was typed"


SCAN = LogScan()
"""Of this process."""


def begin(scan: LogScan) -> None:
    """From now on it is told what loggers of the service write, what clients ask, and who may log queries."""
    record_of, options_made, send = logging.getLogRecordFactory(), ApiOptions.__init__, httpx2.Client.send

    def record(name: str, *given: Any, **named: Any) -> logging.LogRecord:
        made = record_of(name, *given, **named)
        if name.split(".")[0] in LOGGERS:
            scan.look(name, made.getMessage())
        return made

    def options(self: ApiOptions, *given: Any, **named: Any) -> None:
        options_made(self, *given, **named)
        scan.queries |= self.log_queries

    def asked(self: httpx2.Client, request: httpx2.Request, **how: Any) -> httpx2.Response:
        body = b""
        with suppress(httpx2.RequestNotRead):  # it comes in pieces
            body = request.content
        scan.sent(str(request.url), body)
        return send(self, request, **how)

    logging.setLogRecordFactory(record)
    logging.getLogger("xunhuo").setLevel(logging.INFO)  # as a service has it
    ApiOptions.__init__ = options  # type: ignore[method-assign]
    httpx2.Client.send = asked  # type: ignore[method-assign]
