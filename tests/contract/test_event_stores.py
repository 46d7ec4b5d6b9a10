"""Every store of events passes `tests.contract.events.EventStoreContract`, unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.interest import sqlite_store
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import EventStore
from tests.contract.events import MOST, EventStoreContract


class TestSqlite(EventStoreContract):
    @classmethod
    def open_store(cls, place: Path, most: int = MOST) -> EventStore:
        return SqliteEventStore(place / "events.db", most=most)

    def small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite_store, "_PAGE", 4)
        monkeypatch.setattr(sqlite_store, "_CHUNK", 4)
