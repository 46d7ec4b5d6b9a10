"""Every store of rooms passes `tests.contract.lives.LiveStoreContract`, unchanged."""

from __future__ import annotations

from pathlib import Path

from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.live.store import LiveStore
from tests.contract.lives import HEARTBEAT, LiveStoreContract


class TestSqlite(LiveStoreContract):
    @classmethod
    def open_store(cls, place: Path) -> LiveStore:
        return SqliteLiveStore(place / "live" / "rooms.db", heartbeat=HEARTBEAT)
