"""One batch of events into the tables, within one transaction: what is new, what is known, what is not kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from retrieval.interest.event import ShopperEvent
from retrieval.interest.sqlite_rows import COLUMNS, actor_key, counted, next_change, row_of
from retrieval.interest.store import Added, Refusal

_INSERT = f"INSERT INTO events({COLUMNS}, actor) VALUES ({', '.join('?' * (COLUMNS.count(',') + 2))})"
_ACTOR = "SELECT actor, consent, events, kept_from, kept_from_id FROM actors WHERE key=?"


@dataclass(slots=True)
class _Actor:
    number: int = 0
    consent: bool = True
    events: int = 0
    kept_from: tuple[float, str] = (-1.0, "")
    new: int = 0


def add_events(db: sqlite3.Connection, events: Sequence[ShopperEvent], most: int) -> Added:
    """Adds them; of an actor who then has a tenth more than `most`, the oldest become counters."""
    known = _known(db, events)
    pruned_before = db.execute("SELECT value FROM meta WHERE name='pruned_before'").fetchone()[0]
    actors: dict[str, _Actor] = {}
    fresh: list[tuple[ShopperEvent, _Actor]] = []
    refused: dict[str, Refusal] = {}
    duplicates = 0
    for event in events:
        key = actor_key(event.user_id, event.session_id)
        actor = actors.get(key) or actors.setdefault(key, _actor(db, key))
        if event.id in known:
            duplicates += 1
        elif not actor.consent:
            refused[event.id] = Refusal.NO_CONSENT
        elif event.ts < pruned_before or (event.ts, event.id) < actor.kept_from:
            refused[event.id] = Refusal.TOO_LATE
        else:
            known.add(event.id)
            actor.new += 1
            fresh.append((event, actor))
    if fresh:
        _write_actors(db, actors)
        db.executemany(_INSERT, [row_of(event, actor.number) for event, actor in fresh])
        _trim(db, (actor for actor in actors.values() if actor.events + actor.new > most + most // 10), most)
    return Added(len(fresh), duplicates, refused)


def _known(db: sqlite3.Connection, events: Sequence[ShopperEvent]) -> set[str]:
    ids = orjson.dumps([event.id for event in events]).decode()
    return {row[0] for row in db.execute("SELECT events.id FROM json_each(?) JOIN events ON events.id = value", (ids,))}


def _actor(db: sqlite3.Connection, key: str) -> _Actor:
    row = db.execute(_ACTOR, (key,)).fetchone()
    return _Actor(row[0], bool(row[1]), row[2], (row[3], row[4])) if row else _Actor()


def _write_actors(db: sqlite3.Connection, actors: dict[str, _Actor]) -> None:
    change = next_change(db)
    for key, actor in actors.items():
        if not actor.new:
            continue
        if actor.number:
            changed = (change, actor.new, actor.number)
            db.execute("UPDATE actors SET version = ?, events = events + ? WHERE actor = ?", changed)
        else:
            made = db.execute("INSERT INTO actors(key, version, events) VALUES (?, ?, ?)", (key, change, actor.new))
            actor.number = int(made.lastrowid or 0)


def _trim(db: sqlite3.Connection, actors: Iterable[_Actor], most: int) -> None:
    for actor in actors:
        oldest = "SELECT ts, id FROM events WHERE actor=? ORDER BY ts DESC, id DESC LIMIT 1 OFFSET ?"
        kept_from = db.execute(oldest, (actor.number, most - 1)).fetchone()
        older = (actor.number, *kept_from)
        counted(db, "actor = ? AND (ts, id) < (?, ?)", older)
        db.execute("DELETE FROM events WHERE actor = ? AND (ts, id) < (?, ?)", older)
        changed = (most, *kept_from, actor.number)
        db.execute("UPDATE actors SET events = ?, kept_from = ?, kept_from_id = ? WHERE actor = ?", changed)
