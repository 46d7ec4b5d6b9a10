"""The description of the API: what FastAPI derives from the models, with our bounds and our errors in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.answer_schema import ErrorAnswer
from api.auth.caller import TOKEN_HEADER
from api.auth.table import LINES, Cell, Line
from api.errors import ERRORS, INTERNAL
from api.options import ApiOptions

DESCRIPTION = """寻货 finds goods for people (人找货): Chinese text and vector retrieval over products and over
what is said in short videos. Prices are yuan. Every error is `{"error": {code, message, field, hint, request_id}}`."""

SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "bearerFormat": "xh_<id>_<secret>"},
    "shopper": {"type": "apiKey", "in": "header", "name": TOKEN_HEADER, "description": "JWT of the shopper"},
}
ANY_REQUEST = (400, 401, 403, 405, 413, 415, 429, 500)
"""What may be wrong with a request before a route looks at it, and with us."""


def error_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route answers besides 200, for its decorator; that of any request included."""
    every = sorted({*ANY_REQUEST, *statuses})
    return {status: {"model": ErrorAnswer, "description": " or ".join(_codes(status))} for status in every}


def describe(app: FastAPI, options: ApiOptions) -> dict[str, Any]:
    """The OpenAPI document of `app`, with `options` as the bounds of the fields."""
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    schemas = document["components"]["schemas"]
    # Wrong input is answered with 400 in our own shape.
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = SCHEMES
    for method, path, operation in _operations(document):
        operation["responses"].pop("422", None)
        if security := _needs(LINES[method.upper(), path]):
            operation["security"] = security
        for parameter in operation.get("parameters", ()):
            _set_bounds(parameter["name"], parameter["schema"], options)
    for name, schema in schemas["SearchBody"]["properties"].items():
        _set_bounds(name, schema, options)
    return document


def _set_bounds(name: str, schema: dict[str, Any], options: ApiOptions) -> None:
    bounds = {
        "size": (options.max_page_size, options.default_page_size),
        "timeout_ms": (options.request_timeout_ms, options.request_timeout_ms),
    }
    if name in bounds:
        maximum, default = bounds[name]
        number = next(kind for kind in schema["anyOf"] if kind["type"] != "null")
        number["maximum"] = maximum
        schema["default"] = default


def _needs(line: Line) -> list[dict[str, list[str]]]:
    """What a caller shows, where the service asks for keys: a key, and for what is a shopper's the token as well."""
    if line.of(None) is not Cell.NO:
        return []
    alone: dict[str, list[str]] = {"key": []}
    return [alone, alone | {"shopper": []}] if Cell.OWN in line.cells.values() else [alone]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        yield from ((method, path, operation) for method, operation in operations.items())


def _codes(status: int) -> list[str]:
    return sorted(code for known, code in (*ERRORS.values(), INTERNAL) if known == status)
