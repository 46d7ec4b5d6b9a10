"""Keys of one machine, in an SQLite file (`retrieval.sqlite_file`). The number of changes is the version."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from retrieval.errors import NotFound
from retrieval.keys.key import Key, Role
from retrieval.sqlite_file import Layout, SqliteFile

_SCHEMA = """
CREATE TABLE changes(number INTEGER NOT NULL);
INSERT INTO changes VALUES (0);
CREATE TABLE keys(
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, created REAL NOT NULL, digest TEXT NOT NULL,
    expires REAL, origins TEXT NOT NULL,                -- with spaces between
    before TEXT NOT NULL, before_until REAL NOT NULL,   -- what a rotation replaced
    revoked REAL, used REAL
);
"""
KEYS = Layout("keys", "data_dir", _SCHEMA, 1, "restore it from a copy, or take it away and create new keys")
_COLUMNS = "id, name, role, created, digest, expires, origins, before, before_until, revoked, used"
_PUT = f"INSERT OR REPLACE INTO keys ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)"


class SqliteKeyStore:
    """`retrieval.keys.store.KeyStore` over a file.

    Args:
        patience_s: how long another process that writes is waited for.
    """

    def __init__(self, path: Path, *, patience_s: float = 5.0) -> None:
        self._file = SqliteFile(path, KEYS, patience_s=patience_s)

    def version(self) -> str:
        with self._file.reading() as db:
            return str(db.execute("SELECT number FROM changes").fetchone()[0]) if db else ""

    def all(self) -> Sequence[Key]:
        with self._file.reading() as db:
            found = db.execute(f"SELECT {_COLUMNS} FROM keys ORDER BY created, id") if db else ()
            return [_key_of(row) for row in found]

    def add(self, key: Key) -> None:
        with self._file.writing() as db:
            _put(db, key)

    def change(self, id: str, change: Callable[[Key], Key]) -> Key:
        with self._file.writing() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM keys WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise no_such(id)
            changed = change(_key_of(row))
            _put(db, changed)
        return changed

    def used(self, times: Mapping[str, float]) -> None:
        with self._file.writing() as db:
            db.executemany(
                "UPDATE keys SET used = max(coalesce(used, 0), ?) WHERE id = ?", [(at, id) for id, at in times.items()]
            )

    def close(self) -> None:
        self._file.close()


def no_such(id: str) -> NotFound:
    """There is no key of this id."""
    return NotFound(f"There is no key {id[:80]}.", field="id", hint="`xunhuo keys list` names those there are.")


def _put(db: sqlite3.Connection, key: Key) -> None:
    row = (
        key.id, key.name, key.role.value, key.created, key.digest, key.expires, " ".join(key.origins), key.before,
        key.before_until, key.revoked, key.used,
    )  # fmt: skip
    db.execute(_PUT, row)
    db.execute("UPDATE changes SET number = number + 1")


def _key_of(row: tuple[str, str, str, float, str, float | None, str, str, float, float | None, float | None]) -> Key:
    id, name, role, created, digest, expires, origins, before, before_until, revoked, used = row
    return Key(
        id, name, Role(role), created, digest, expires, tuple(origins.split()), before, before_until, revoked, used
    )  # fmt: skip
