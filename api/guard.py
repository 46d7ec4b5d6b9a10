"""What a request must be before anything looks into it: a URL in UTF-8 and a body of bounded length.

The body is read here, at most `max_body_bytes` of it, so that neither a false Content-Length nor a chunked body without
one makes the process hold more. A body that is packed with gzip is unpacked to at most as many bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BodyTooLarge, UnsupportedMediaType
from retrieval.errors import InvalidRequest

PLAIN = "Send it as it is."


class RequestGuard:
    """ASGI middleware; raises InvalidRequest, BodyTooLarge or UnsupportedMediaType."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        """`larger`: paths with another bound."""
        self._app = app
        self._max_body_bytes, self._larger = max_body_bytes, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            check_url(scope.get("raw_path") or b"", scope["query_string"])
            most = self._larger.get(scope["path"], self._max_body_bytes)
            body = await _read_body(scope, receive, most)
            if body is None:
                return
            receive = _replay(_unpacked(body, Headers(scope=scope), most), receive)
        await self._app(scope, receive, send)


def check_url(path: bytes, query: bytes) -> None:
    """Raises InvalidRequest when the path or a parameter is not percent-encoded UTF-8, or holds a NUL."""
    _check_text(path, "path")
    for parameter in query.split(b"&"):
        name = unquote_to_bytes(parameter.partition(b"=")[0]).decode("utf-8", "replace")
        _check_text(parameter, name or "url")


def _check_text(encoded: bytes, field: str) -> None:
    try:
        text = unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest(f"{field} is not UTF-8.", field=field, hint="Percent-encode UTF-8 bytes.") from None
    if "\0" in text:
        raise InvalidRequest(f"{field} contains a NUL character.", field=field, hint="Leave it out.")


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _read_body(scope: Scope, receive: Receive, most: int) -> bytes | None:
    """The whole body; None when the caller went away before its end."""
    declared = Headers(scope=scope).get("content-length", "")
    _check_length(int(declared) if declared.isdecimal() else 0, most)
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        length += len(chunk)
        _check_length(length, most)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _unpacked(body: bytes, headers: Headers, most: int) -> bytes:
    coding = headers.get("content-encoding", "").strip().lower()
    if not body or coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip"):
        raise UnsupportedMediaType("The body can only be packed with gzip.", field="content-encoding", hint=PLAIN)
    plain = b""
    try:
        while body:  # a file may have several members
            member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            plain += member.decompress(body, most + 1 - len(plain))
            _check_length(len(plain), most)
            if not member.eof:
                raise zlib.error("it ends too early")
            body = member.unused_data
    except zlib.error:
        raise InvalidRequest("The body is no gzip, though it says so.", field="body", hint=PLAIN) from None
    return plain


def _check_length(length: int, most: int) -> None:
    if length > most:
        message = f"The body is longer than {most} bytes."
        raise BodyTooLarge(message, field="body", hint="Ask with fewer or shorter values.")
