"""Changes of products as they come over HTTP, and what is answered. A bad one stands in the way of no other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson

from api.errors import BodyTooLarge
from indexer.changes.writer import Outcome
from indexer.sources.lines import BOM
from retrieval.errors import InvalidRequest, NotFound

_MOST_KEY_CHARS = 100
"""The journal takes 128, with the place of a change behind the key of its call."""
_HINT = 'Send [{"op": "patch", "id": "p1", "price": 12.5}, …], or one such object a line.'


class Writer(Protocol):
    """Who takes changes (`indexer.changes.writer.ProductWriter`)."""

    def apply(self, given: Sequence[object], *, key: str = "", by: str = "", dry_run: bool = False) -> list[Outcome]:
        """What became of each."""


def changes_of(body: bytes, most: int) -> Sequence[object]:
    """The changes of a JSON array, or of JSON lines, unread: what is wrong inside one is not wrong with the body.

    Raises:
        InvalidRequest: the body is something else.
        BodyTooLarge: there are more than `most`.
    """
    text = body.removeprefix(BOM).strip()
    if not text:
        raise InvalidRequest("There are no changes.", field="body", hint=_HINT)
    if not text.startswith((b"[", b"{")):
        raise InvalidRequest("The body is no JSON array and no JSON lines in UTF-8.", field="body", hint=_HINT)
    try:
        found = _json(text) if text.startswith(b"[") else [_json(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise InvalidRequest("The body is no JSON array and no JSON lines.", field="body", hint=_HINT) from None
    if len(found) > most:
        message = f"There are {len(found):,} changes, at most {most:,} are taken at once."
        raise BodyTooLarge(message, field="body", hint="Send them in several calls.")
    return list(found)


def key_of(given: str | None) -> str:
    """The idempotency key of a call, "" without one. Raises InvalidRequest."""
    key = given or ""
    if len(key) > _MOST_KEY_CHARS:
        message = f"The key is longer than {_MOST_KEY_CHARS} characters."
        raise InvalidRequest(message, field="idempotency-key", hint="Take a shorter one, such as a UUID.")
    return key


def told(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The answer to a batch."""
    results = [_result(each) for each in outcomes]
    applied = sum(each["status"] == "applied" for each in results)
    return {
        "applied": applied,
        "rejected": len(results) - applied,
        "position": max((each.position for each in outcomes), default=0),
        "results": results,
    }


def only(outcome: Outcome) -> dict[str, Any]:
    """The answer to a single change.

    Raises:
        NotFound: there is no such product.
        InvalidRequest: it cannot be taken.
    """
    if outcome.problem:
        field, reason, message = outcome.problem
        if reason == "not_found":
            raise NotFound(f"There is no product {outcome.id}.", field="id", hint="Send it whole, as an upsert.")
        raise InvalidRequest(f"{field or 'The change'} {message}.", field=field or None, hint="See docs/input.md.")
    return _result(outcome)


def _result(outcome: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"id": outcome.id or None, "op": outcome.op or None, "status": "applied"}
    if outcome.problem is None:
        return found | {"position": outcome.position, "error": None}
    field, reason, message = outcome.problem
    error: Mapping[str, Any] = {"field": field or None, "reason": reason, "message": message}
    return found | {"status": "rejected", "position": None, "error": error}


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # a NaN in one change must not sink the others: it is found when that change is read
