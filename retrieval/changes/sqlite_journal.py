"""The journal of one machine: an SQLite file (`retrieval.sqlite_file`), each entry with its checksum.

SQLite repairs what a crash tore: its log has checksums of its own, and a commit counts only when it is whole. Ours say
whether an entry is still what was written, years later or after a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from retrieval.changes.journal import Change, Entry, check_key, checksum
from retrieval.errors import StorageError
from retrieval.sqlite_file import Layout, SqliteFile

_SCHEMA = """
CREATE TABLE entries(
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, body BLOB NOT NULL, key TEXT NOT NULL,
    by TEXT NOT NULL, at REAL NOT NULL, sum BLOB NOT NULL
);
CREATE UNIQUE INDEX entry_by_key ON entries(key) WHERE key != '';
CREATE INDEX entry_by_kind ON entries(kind, position)
"""
JOURNAL = Layout(
    "live changes", "data_dir", _SCHEMA, 1, "restore a copy of it; xunhuo doctor tells up to which entry it is whole"
)
_COLUMNS = "position, kind, target, body, key, by, at, sum"
_MOST_ASKED = 500
"""Keys in one statement."""
FILE = "journal.db"
"""In the data folder."""


class SqliteJournal:
    """`retrieval.changes.journal.Journal` over a file.

    Args:
        patience_s: how long another process that writes is waited for.
    """

    def __init__(self, path: Path, *, patience_s: float = 5.0) -> None:
        self._file = SqliteFile(path, JOURNAL, patience_s=patience_s)

    def append(self, changes: Sequence[Change]) -> list[int]:
        for change in changes:
            check_key(change.key)
        with self._file.writing() as db:
            last = _last(db)
            positions: list[int] = []
            rows: list[tuple[object, ...]] = []
            fresh: dict[str, int] = {}
            for change in changes:
                known = fresh.get(change.key) or _known(db, change.key)
                if known is None:
                    last += 1
                    known = last
                    rows.append((last, change.kind, change.target, change.body, change.key, change.by, change.at,
                                 checksum(last, change)))  # fmt: skip
                    if change.key:
                        fresh[change.key] = last
                positions.append(known)
            db.executemany(f"INSERT INTO entries ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", rows)
        return positions

    def read(self, after: int = 0, limit: int = 10_000, kinds: Collection[str] = ()) -> list[Entry]:
        among = f" AND kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        asked = f"SELECT {_COLUMNS} FROM entries WHERE position > ?{among} ORDER BY position LIMIT ?"
        with self._file.reading() as db:
            return [_entry(row) for row in db.execute(asked, (after, *kinds, limit))] if db else []

    def known(self, keys: Collection[str]) -> dict[str, Entry]:
        wanted = sorted({*keys} - {""})
        found: dict[str, Entry] = {}
        with self._file.reading() as db:
            if db is None:
                return found
            for at in range(0, len(wanted), _MOST_ASKED):
                part = wanted[at : at + _MOST_ASKED]
                asked = f"SELECT {_COLUMNS} FROM entries WHERE key != '' AND key IN ({','.join('?' * len(part))})"
                found.update({entry.change.key: entry for entry in map(_entry, db.execute(asked, part))})
        return found

    def position(self) -> int:
        with self._file.reading() as db:
            return _last(db) if db else 0

    def head(self) -> int:
        return self.position()

    @property
    def seen_after(self) -> float:
        return 0.0

    def close(self) -> None:
        self._file.close()


def _last(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT COALESCE(MAX(position), 0) FROM entries").fetchone()[0])


def _known(db: sqlite3.Connection, key: str) -> int | None:
    found = db.execute("SELECT position FROM entries WHERE key = ?", (key,)).fetchone() if key else None
    return int(found[0]) if found else None


def _entry(row: tuple[int, str, str, bytes, str, str, float, bytes]) -> Entry:
    position, kind, target, body, key, by, at, kept = row
    change = Change(kind, target, body, key, by, at)
    if checksum(position, change) != kept:
        raise StorageError(
            f"entry {position} of the journal is damaged", field="data_dir",
            hint="restore a copy of the file; xunhuo doctor tells up to which entry it is whole",
        )  # fmt: skip
    return Entry(position, change)
