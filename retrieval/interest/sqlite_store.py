"""Events of one machine, in one SQLite file (`retrieval.interest.event_file`).

A version is the number of the last change of that shopper, and changes are numbered once for all. Who is not in the
file has the version of the last time somebody left it: so it never falls, and no name needs to stay behind for that.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.event_file import EVENTS
from retrieval.interest.sqlite_add import add_events
from retrieval.interest.sqlite_rows import COLUMNS, actor_key, counted, event_of, next_change
from retrieval.interest.store import Added, Choices, Count
from retrieval.sqlite_file import SqliteFile

_PAGE = 5_000
"""Events of one step of a scan: a longer look at the file would keep its log from being emptied."""
_CHUNK = 10_000
"""Events of one transaction of a prune."""


class SqliteEventStore:
    """`retrieval.interest.store.EventStore` over a file.

    Args:
        most: events that are kept of a shopper, the newest ones; older ones become counters.
        rewritten_bytes, patience_s: see `SqliteFile`.
    """

    def __init__(
        self, path: Path, *, most: int = 5_000, rewritten_bytes: int = 1 << 30, patience_s: float = 30.0
    ) -> None:
        self._file = SqliteFile(path, EVENTS, patience_s=patience_s, rewritten_bytes=rewritten_bytes)
        self._most = most

    def add(self, events: Sequence[ShopperEvent]) -> Added:
        if not events:
            return Added(0, 0)
        with self._file.writing() as db:
            return add_events(db, events, self._most)

    def of_user(self, user_id: str, session_id: str = "", *, until: float | None = None) -> list[ShopperEvent]:
        with self._file.reading() as db:
            if db is None:
                return []
            found = []
            for key in _keys(user_id, session_id):
                row = db.execute("SELECT actor FROM actors WHERE key=? AND consent", (key,)).fetchone()
                found += _newest(db, row[0], key, self._most, until) if row else []
        return _in_order(found)[-self._most :]

    def held(self, user_id: str) -> list[ShopperEvent]:
        with self._file.reading() as db:
            if db is None:
                return []
            return _in_order([e for actor, key in _actors_of(db, user_id) for e in _newest(db, actor, key, -1, None)])

    def version(self, user_id: str, session_id: str = "") -> int:
        with self._file.reading() as db:
            if db is None:
                return 0
            keys = _keys(user_id, session_id)
            found = [db.execute("SELECT version FROM actors WHERE key=?", (key,)).fetchone() for key in keys]
            if None in found:
                found.append(db.execute("SELECT value FROM meta WHERE name='gone_at'").fetchone())
            return max((int(row[0]) for row in found if row), default=0)

    def scan(
        self, *, since: float = 0.0, until: float | None = None, types: Collection[EventType] = ()
    ) -> Iterator[ShopperEvent]:
        last: tuple[float, str] = (since, "")
        wanted = f" AND type IN ({', '.join('?' * len(types))})" if types else ""
        names = [each.value for each in types]
        while True:
            with self._file.reading() as db:
                if db is None:
                    return
                rows = db.execute(
                    f"SELECT {COLUMNS}, key FROM events JOIN actors USING (actor)"
                    f" WHERE (ts, id) > (?, ?) AND ts < ? AND consent{wanted} ORDER BY ts, id LIMIT ?",
                    (*last, float("inf") if until is None else until, *names, _PAGE),
                ).fetchall()
            yield from (event_of(row[:-1], row[-1]) for row in rows)
            if len(rows) < _PAGE:
                return
            last = (rows[-1][1], rows[-1][0])

    def users(self) -> Iterator[str]:
        last = "u"
        while True:
            with self._file.reading() as db:
                if db is None:
                    return
                asked = "SELECT key FROM actors WHERE key > ? AND key < 'v' ORDER BY key LIMIT ?"
                keys = [row[0] for row in db.execute(asked, (last, _PAGE))]
            yield from (key[1:] for key in keys)
            if len(keys) < _PAGE:
                return
            last = keys[-1]

    def newest(self) -> float:
        with self._file.reading() as db:
            row = db.execute("SELECT max(ts) FROM events").fetchone() if db else None
        return float(row[0]) if row and row[0] is not None else 0.0

    def choices(self, user_id: str) -> Choices:
        with self._file.reading() as db:
            asked = "SELECT consent, choices FROM actors WHERE key=?"
            row = db.execute(asked, (actor_key(user_id, ""),)).fetchone() if db else None
        if row is None:
            return Choices()
        kept = orjson.loads(row[1] or "{}")
        return Choices(bool(row[0]), kept.get("removed", {}), frozenset(kept.get("pinned", ())))

    def choose(self, user_id: str, choices: Choices) -> None:
        text = orjson.dumps({"removed": dict(choices.removed), "pinned": sorted(choices.pinned)}).decode()
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO actors(key, version, consent, choices) VALUES (?, ?, ?, ?) ON CONFLICT(key) DO UPDATE"
                " SET version=excluded.version, consent=excluded.consent, choices=excluded.choices",
                (actor_key(user_id, ""), next_change(db), choices.consent, text),
            )

    def delete(self, user_id: str) -> int:
        with self._file.writing() as db:
            gone = 0
            for actor, _ in _actors_of(db, user_id):
                gone += db.execute("DELETE FROM events WHERE actor=?", (actor,)).rowcount
                db.execute("DELETE FROM actors WHERE actor=?", (actor,))
            _somebody_left(db)
        self._file.forget()
        return gone

    def prune(self, before: float) -> int:
        # First the line, so that nothing of that time comes in while it is counted.
        with self._file.writing() as db:
            db.execute("UPDATE meta SET value=max(value, ?) WHERE name='pruned_before'", (before,))
        pruned = 0
        while True:
            with self._file.writing() as db:
                chunk = _prune_chunk(db, before)
            pruned += chunk
            if chunk < _CHUNK:
                break
        if pruned:
            self._file.forget()
        return pruned

    def counts(self) -> Iterator[Count]:
        with self._file.reading() as db:
            rows = db.execute("SELECT * FROM counts ORDER BY item_id, kind, type").fetchall() if db else []
        yield from (Count(item, kind, EventType(type_), n, pieces) for item, kind, type_, n, pieces in rows)

    def close(self) -> None:
        self._file.close()


def _keys(user_id: str, session_id: str) -> list[str]:
    return [actor_key(*who) for who in ((user_id, ""), ("", session_id)) if any(who)]


def _newest(
    db: sqlite3.Connection, actor: int, key: str, most: int, until: float | None
) -> list[ShopperEvent]:  # fmt: skip
    """The newest first; `most` −1: all."""
    asked = f"SELECT {COLUMNS} FROM events WHERE actor=? AND ts < ? ORDER BY ts DESC, id DESC LIMIT ?"
    bound: Any = float("inf") if until is None else until
    return [event_of(row, key) for row in db.execute(asked, (actor, bound, most))]


def _in_order(events: list[ShopperEvent]) -> list[ShopperEvent]:
    return sorted(events, key=lambda event: (event.ts, event.id))


def _actors_of(db: sqlite3.Connection, user_id: str) -> list[tuple[int, str]]:
    """(actor, key) of a user, and of what the user's sessions did before the user was known."""
    mine = "(SELECT actor FROM actors WHERE key=?1)"
    sessions = f"SELECT DISTINCT 's' || session_id FROM events WHERE actor={mine} AND session_id != ''"
    asked = f"SELECT actor, key FROM actors WHERE key=?1 OR key IN ({sessions})"
    return db.execute(asked, (actor_key(user_id, ""),)).fetchall()


def _somebody_left(db: sqlite3.Connection) -> None:
    db.execute("UPDATE meta SET value=? WHERE name='gone_at'", (next_change(db),))


def _prune_chunk(db: sqlite3.Connection, before: float) -> int:
    asked = "SELECT actor, ts, id FROM events WHERE ts < ? ORDER BY ts, id LIMIT ?"
    gone = db.execute(asked, (before, _CHUNK)).fetchall()
    if not gone:
        return 0
    last = gone[-1][1:]
    counted(db, "(ts, id) <= (?, ?)", last)
    db.execute("DELETE FROM events WHERE (ts, id) <= (?, ?)", last)
    change = next_change(db)
    fewer = [(n, change, actor) for actor, n in Counter(row[0] for row in gone).items()]
    db.executemany("UPDATE actors SET events = events - ?, version = ? WHERE actor = ?", fewer)
    idle = "DELETE FROM actors WHERE actor=? AND events=0 AND consent AND choices=''"
    db.executemany(idle, [(actor,) for _, _, actor in fewer])
    _somebody_left(db)
    return len(gone)
