"""The journal of one machine passes the contract of every journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from retrieval.changes.journal import Journal
from retrieval.changes.sqlite_journal import FILE, SqliteJournal
from tests.contract.journals import JournalContract


class TestSqlite(JournalContract):
    @classmethod
    def open_journal(cls, place: Path) -> Journal:
        return SqliteJournal(place / FILE)

    @classmethod
    def damage(cls, place: Path, position: int) -> None:
        with sqlite3.connect(place / FILE) as db:
            db.execute("UPDATE entries SET body = ? WHERE position = ?", (b'{"stock":9}', position))
        db.close()
