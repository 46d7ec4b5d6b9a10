"""One event as it comes, from the API or a file, → one `ShopperEvent`, or why it is none.

Both ways in use these functions, so both keep the same of the same event. Without an ``id`` its content is the id:
delivered twice it counts once. The content is what came, before a time in the future is set back to now.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import orjson
from pydantic import ValidationError

from indexer.sources.json_text import BadValueError, check_value
from indexer.sources.problems import Problem, first_problem
from indexer.sources.records import Event
from retrieval.interest.event import EventType, ShopperEvent

MAX_QUERY_CHARS = 256
"""Longer queries are cut; a search reads no more than half of it."""
MAX_NAME_CHARS = 64
"""Of a kind, a surface, a policy."""
_DIGEST_BYTES = 16
_TYPES = {str(each): each for each in EventType}


@dataclass(frozen=True, slots=True)
class Read:
    """An event; `clamped`: it was said to lie in the future, and happened now."""

    event: ShopperEvent
    clamped: bool = False


@dataclass(frozen=True, slots=True)
class NotKept:
    """Why there is no event: the field at fault, a key of `indexer.sources.rejects.REASONS`, and in words."""

    field: str
    reason: str
    message: str


def read_event(fields: object, now: float) -> Read | NotKept:
    """Any JSON value. `now` in seconds since 1970."""
    if not isinstance(fields, dict):
        return NotKept("", "not_an_object", "an event is a JSON object")
    try:
        check_value(fields)
        return shopper_event(Event.model_validate(fields), now)
    except BadValueError as problem:
        return NotKept("", problem.reason, problem.message)
    except ValidationError as errors:
        return NotKept(*first_problem(errors))


def shopper_event(record: Event, now: float) -> Read | NotKept:
    """A record that was read, if it says who did what to which item."""
    if problem := why_not_kept(record):
        return NotKept(*problem)
    ts = record.ts.timestamp()
    event = ShopperEvent(
        record.id or "",
        ts,
        _TYPES[record.type.lower()],
        record.user_id or "",
        record.session_id or "",
        record.item_id or "",
        record.kind or "product",
        (record.query or "")[:MAX_QUERY_CHARS],
        -1 if record.position is None else record.position,
        record.surface or "",
        record.watch_s or 0.0,
        1 if record.quantity is None else record.quantity,
        record.policy or "",
        record.propensity or 0.0,
    )
    return Read(_as_kept(event, min(ts, now)), clamped=ts > now)


def why_not_kept(record: Event) -> Problem | None:
    """What a record lacks that a store of events needs."""
    type_ = _TYPES.get(record.type.lower())
    if type_ is None:
        return ("type", "invalid_choice", f"must be one of {', '.join(_TYPES)}")
    if not (record.user_id or record.session_id):
        return ("user_id", "missing_field", "a user_id or a session_id is needed")
    if not record.item_id and type_ is not EventType.SEARCH:
        return ("item_id", "missing_field", "an item_id is needed, but for a search")
    if record.quantity == 0:
        return ("quantity", "out_of_range", "must be 1 or more")
    for name in ("kind", "surface", "policy"):
        if len(getattr(record, name) or "") > MAX_NAME_CHARS:
            return (name, "text_too_long", f"is longer than {MAX_NAME_CHARS} characters")
    return None


def _as_kept(event: ShopperEvent, ts: float) -> ShopperEvent:
    if event.id and ts == event.ts:
        return event
    values = {name: getattr(event, name) for name in ShopperEvent.__slots__}
    content = orjson.dumps([*values.values()])
    return ShopperEvent(
        **values | {"id": event.id or blake2b(content, digest_size=_DIGEST_BYTES).hexdigest(), "ts": ts}
    )
