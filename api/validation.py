"""From what the validator found to an error a caller can act on: the field by its own name, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from api.schemas import FilterBody, PriceRange, SearchBody, SearchParams
from retrieval.errors import InvalidRequest

MAX_FIELD_CHARS = 120
"""A field name may be the caller's own text; it is not echoed without end."""


def to_invalid_request(
    found: Sequence[Mapping[str, Any]],
    parameters: Iterable[str] = SearchParams.model_fields,
    body: type[BaseModel] = SearchBody,
) -> InvalidRequest:
    """The first finding as an error.

    Args:
        found: what pydantic's ``errors()`` gives, at least one.
        parameters: those that the URL may have; body: what it may hold.
    """
    first = found[0]
    place, *path = first["loc"]
    if first["type"] == "json_invalid":
        reason = f"The body is not valid JSON: {first['ctx']['error']} (at character {path[0]})."
        return InvalidRequest(reason, field="body", hint="Send one JSON object in UTF-8.")
    field = field_name(path) or str(place)
    if first["type"] == "extra_forbidden":
        known = parameters if place == "query" else _known(path[:-1], body)
        return InvalidRequest(f"There is no such field: {field}.", field=field, hint=_hint(path[-1], known))
    if first["type"] == "missing" and not path:
        return InvalidRequest("The body is empty.", field=field, hint="Send one JSON object, {} at least.")
    return InvalidRequest(f"{field}: {first['msg']}.", field=field, hint="GET /openapi.json describes every field.")


def field_name(path: Iterable[str | int]) -> str:
    """``("filters", "brand", 0)`` → ``filters.brand[0]``."""
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return name.removeprefix(".")[:MAX_FIELD_CHARS]


def _hint(given: str | int, known: Iterable[str]) -> str:
    known = list(known)
    close = difflib.get_close_matches(str(given)[:MAX_FIELD_CHARS], known, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _known(parents: Sequence[str | int], body: type[BaseModel]) -> Iterable[str]:
    models: dict[str, type[BaseModel]] = {"filters": FilterBody, "price": PriceRange}
    return models.get(str(parents[-1]) if parents else "", body).model_fields
