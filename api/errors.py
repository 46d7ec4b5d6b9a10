"""From an exception to an answer: one table, one shape, nothing of the inside.

Every error body is ``{"error": {"code", "message", "field", "hint", "request_id"}}``. An exception that is not in the
table is our fault: 500, no detail.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.schemas import SearchBody
from api.validation import to_invalid_request
from retrieval.errors import (
    CursorExpired,
    DeadlineExceeded,
    InvalidRequest,
    LexiconError,
    NotFound,
    NotReady,
    RuleError,
    StateConflict,
    StorageError,
    VersionConflict,
    XunhuoError,
)

RETRY_AFTER_SECONDS = "1"


class MethodNotAllowed(XunhuoError):
    """The route exists, the method does not."""


class BodyTooLarge(XunhuoError):
    """The body is longer than this service reads."""


class UnsupportedMediaType(XunhuoError):
    """The body is not declared to be JSON, or is packed in a way we do not read."""


class Unauthorized(XunhuoError):
    """Who asks has not shown that they may: a key or token is missing, unknown or expired."""


class Forbidden(XunhuoError):
    """The settings of this service, or the role of who asks, do not allow it."""


class RateLimited(XunhuoError):
    """One key or address asks more often than it may."""

    seconds = 1
    """When to come back."""


class PreconditionRequired(XunhuoError):
    """An edit that does not say which version it was made from."""


class Overloaded(XunhuoError):
    """More searches wait than can be answered in time."""


ERRORS: Mapping[type[XunhuoError], tuple[int, str]] = {
    InvalidRequest: (400, "invalid_request"),
    LexiconError: (400, "lexicon"),
    RuleError: (400, "rules"),
    Unauthorized: (401, "unauthorized"),
    Forbidden: (403, "forbidden"),
    NotFound: (404, "not_found"),
    MethodNotAllowed: (405, "method_not_allowed"),
    StateConflict: (409, "state_conflict"),
    CursorExpired: (410, "cursor_expired"),
    VersionConflict: (412, "version_conflict"),
    BodyTooLarge: (413, "body_too_large"),
    UnsupportedMediaType: (415, "unsupported_media_type"),
    PreconditionRequired: (428, "precondition_required"),
    RateLimited: (429, "rate_limited"),
    NotReady: (503, "not_ready"),
    Overloaded: (503, "overloaded"),
    StorageError: (503, "storage"),
    DeadlineExceeded: (504, "deadline_exceeded"),
}
"""Exception → (HTTP status, code)."""

INTERNAL = (500, "internal")


def status_of(error: Exception) -> tuple[int, str]:
    """HTTP status and code of an exception; unknown ones are internal."""
    for cls in type(error).__mro__:
        if cls in ERRORS:
            return ERRORS[cls]
    return INTERNAL


def error_response(error: Exception, request_id: str) -> Response:
    """The answer to an exception of any class."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, HTTPException):
        # The router says which methods a route has; that header is kept.
        headers |= error.headers or {}
    known = _to_known(error)
    status, code = status_of(known)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="xunhuo"'
    if isinstance(known, RateLimited):
        headers["Retry-After"] = str(known.seconds)
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    body: dict[str, str | None] = {
        "code": code,
        "message": "Something went wrong on our side.",
        "field": None,
        "hint": "Try again; if it stays, report the request_id.",
        "request_id": request_id,
    }
    if status != INTERNAL[0] and isinstance(known, XunhuoError):
        body |= {"message": known.message, "field": known.field, "hint": known.hint}
    return Response(orjson.dumps({"error": body}), status, headers, "application/json")


async def on_error(request: Request, error: Exception) -> Response:
    """Exception handler of the app; what is our fault goes on to the outermost layer, which logs it."""
    if isinstance(error, RequestValidationError):
        error = to_invalid_request(error.errors(), *_asked(request))
    if status_of(_to_known(error)) == INTERNAL:
        raise error
    response = error_response(error, request.state.request_id)
    if response.status_code == 405:
        # Two routes share a path, and the router names the methods of one of them only.
        path = getattr(request.scope.get("route"), "path_format", "")
        allowed = [*request.app.openapi()["paths"].get(path, {})] or response.headers["Allow"].split(", ")
        methods = {method.upper() for method in allowed}
        response.headers["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
    return response


def _asked(request: Request) -> tuple[list[str], type[BaseModel]]:
    """The names that the URL of this route may have, and its body."""
    asked = request.scope["route"].dependant
    bodies = [each.field_info.annotation for each in asked.body_params]
    names = [name for each in asked.query_params for name in each.field_info.annotation.model_fields]
    return names, bodies[0] if bodies else SearchBody


def _to_known(error: Exception) -> Exception:
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            return NotFound("No such page.", field="path", hint="GET /openapi.json lists the routes.")
        if error.status_code == 405:
            return MethodNotAllowed("This route has no such method.", field="method", hint="See the Allow header.")
        if error.status_code < 500:
            return InvalidRequest("The request cannot be read.", field="body", hint="Send valid JSON in UTF-8.")
    return error
