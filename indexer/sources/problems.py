"""What is wrong with a record, as one field, one reason code and one sentence."""

from __future__ import annotations

from typing import TypeAlias

from pydantic import ValidationError

from indexer.sources.rejects import MAX_FIELD_CHARS, REASONS, excerpt_of

Problem: TypeAlias = tuple[str, str, str]
"""Dotted path of the field, a key of `REASONS`, and what is wrong in words."""
Place: TypeAlias = tuple[str | int, ...]
"""The same path, in its parts."""


def first_problem(errors: ValidationError) -> Problem:
    """The first thing, in the order of the fields."""
    return problems(errors)[0][1]


def problems(errors: ValidationError) -> list[tuple[Place, Problem]]:
    """All, in the order of the fields."""
    found = errors.errors(include_url=False, include_context=False, include_input=False)
    return [(each["loc"], _problem(each["loc"], each["type"], each["msg"])) for each in found]


def _problem(where: Place, reason: str, message: str) -> Problem:
    field = ".".join(map(str, where))
    if reason == "missing":
        reason = "missing_id" if field == "id" else "missing_field"
    elif reason not in REASONS:
        # Pydantic's own findings on the shape of nested lists and objects.
        reason = "wrong_type"
    return excerpt_of(field, MAX_FIELD_CHARS), reason, message
