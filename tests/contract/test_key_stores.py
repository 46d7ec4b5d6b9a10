"""Every store of keys passes `tests.contract.keys.KeyStoreContract`, unchanged."""

from __future__ import annotations

from pathlib import Path

from retrieval.keys.sqlite_store import SqliteKeyStore
from retrieval.keys.store import KeyStore
from tests.contract.keys import KeyStoreContract


class TestSqlite(KeyStoreContract):
    @classmethod
    def open_store(cls, place: Path) -> KeyStore:
        return SqliteKeyStore(place / "keys" / "keys.db")
