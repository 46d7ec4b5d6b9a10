"""Rooms of one machine, in one SQLite file (`retrieval.sqlite_file`).

Changes are numbered. Who asks for the rooms on air again and again reads one number, and the rooms only when it grew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from retrieval.live.state import Change, Room, Screen, State
from retrieval.live.store import Put, taken
from retrieval.sqlite_file import Layout, SqliteFile

_SCHEMA = """
CREATE TABLE changes(number INTEGER NOT NULL);
INSERT INTO changes VALUES (0);
CREATE TABLE rooms(
    id TEXT PRIMARY KEY, state TEXT NOT NULL, ts REAL NOT NULL, since REAL NOT NULL,
    product_id TEXT, shown_since REAL, price REAL,      -- on the screen
    known TEXT NOT NULL                                 -- digests of the last changes, with spaces between
) WITHOUT ROWID;
CREATE INDEX on_air ON rooms(id) WHERE state = 'on_air';
"""
ROOMS = Layout(
    "rooms", "data_dir", _SCHEMA, 1, "take it away; rooms that are on air come back with their next heartbeat"
)
_COLUMNS = "id, state, ts, since, product_id, shown_since, price, known"


class SqliteLiveStore:
    """`retrieval.live.store.LiveStore` over a file.

    Args:
        heartbeat: seconds > 0.
        patience_s: how long another process that writes is waited for.
    """

    def __init__(self, path: Path, *, heartbeat: float, patience_s: float = 5.0) -> None:
        self._file = SqliteFile(path, ROOMS, patience_s=patience_s)
        self.heartbeat = heartbeat
        self._seen: tuple[int, tuple[Room, ...]] = (-1, ())

    def put(self, id: str, change: Change) -> Put:
        with self._file.writing() as db:
            put = taken(_room(db, id), id, change, self.heartbeat)
            if put.changed:
                db.execute(f"INSERT OR REPLACE INTO rooms ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", _row(put.room))
                db.execute("UPDATE changes SET number = number + 1")
        return put

    def room(self, id: str) -> Room | None:
        with self._file.reading() as db:
            return _room(db, id) if db else None

    def on_air(self, now: float) -> Sequence[Room]:
        return [room for room in self._said_on_air() if now - room.ts <= self.heartbeat]

    def close(self) -> None:
        self._file.close()

    def _said_on_air(self) -> tuple[Room, ...]:
        with self._file.reading() as db:
            if db is None:
                return ()
            # The number first: what is written in between is read now, and once more at the next look.
            number = int(db.execute("SELECT number FROM changes").fetchone()[0])
            seen, rooms = self._seen
            if number != seen:
                found = db.execute(f"SELECT {_COLUMNS} FROM rooms WHERE state = 'on_air' ORDER BY id")
                rooms = tuple(map(_room_of, found))
                self._seen = (number, rooms)
            return rooms


def _room(db: sqlite3.Connection, id: str) -> Room | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM rooms WHERE id = ?", (id,)).fetchone()
    return _room_of(row) if row else None


def _row(room: Room) -> tuple[object, ...]:
    screen = room.screen
    shown = (screen.product_id, screen.since, screen.price) if screen else (None, None, None)
    return room.id, room.state.value, room.ts, room.since, *shown, " ".join(room.known)


def _room_of(row: tuple[str, str, float, float, str | None, float, float | None, str]) -> Room:
    id, state, ts, since, product_id, shown_since, price, known = row
    screen = None if product_id is None else Screen(product_id, shown_since, price)
    return Room(id, State(state), ts, since, screen, known=tuple(known.split()))
