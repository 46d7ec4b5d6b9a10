"""Events as rows of the tables of `retrieval.interest.event_file`, and what every change of them does."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from retrieval.interest.event import EventType, ShopperEvent

FIELDS = (
    "id", "ts", "type", "session_id", "item_id", "kind", "query", "position", "surface", "watch_s", "quantity",
    "policy", "propensity",
)  # fmt: skip
COLUMNS = ", ".join(FIELDS)
"""In the order of `row_of` and `event_of`; the actor of the row says who the user is."""
_TYPES = {str(each): each for each in EventType}


def actor_key(user_id: str, session_id: str) -> str:
    """Whose an event is: the user's, or the session's where there is no user."""
    return f"u{user_id}" if user_id else f"s{session_id}"


def row_of(event: ShopperEvent, actor: int) -> tuple[Any, ...]:
    """One row of ``events``."""
    return (
        event.id, event.ts, event.type.value, event.session_id, event.item_id, event.kind, event.query, event.position,
        event.surface, event.watch_s, event.quantity, event.policy, event.propensity, actor,
    )  # fmt: skip


def event_of(row: Sequence[Any], key: str) -> ShopperEvent:
    """The event of `COLUMNS` and the key of its actor."""
    id_, ts, type_, *others = row
    return ShopperEvent(id_, ts, _TYPES[type_], key[1:] if key[0] == "u" else "", *others)


def next_change(db: sqlite3.Connection) -> int:
    """The number of a new change."""
    db.execute("UPDATE meta SET value = value + 1 WHERE name='changes'")
    return int(db.execute("SELECT value FROM meta WHERE name='changes'").fetchone()[0])


def counted(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> None:
    """Adds the events that these conditions choose to the counters."""
    db.execute(
        "INSERT INTO counts SELECT item_id, kind, type, count(*), sum(quantity) FROM events"
        f" WHERE item_id != '' AND {where} GROUP BY item_id, kind, type ON CONFLICT DO UPDATE"
        " SET events = events + excluded.events, quantity = quantity + excluded.quantity",
        values,
    )
