"""What every store of keys must do; `KeyStoreContract.open_store` says where one lives.

1. A key comes back as it was put, every field, also through another store over the same place; the oldest first.
2. The version is "" before the first key, and another one after every change, seen at once by all; using a key is none.
3. Of changes at once, in several threads and stores, none is lost.
4. A change of a key that is not there is told; so is one that its own reasons refuse, and then nothing is changed.
5. The last use is the latest that was noted.
6. An empty store has no keys, and is asked, closed and closed again without being written.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import NotFound, StateConflict
from retrieval.keys.key import Role, new_key, told
from retrieval.keys.store import KeyStore

T = 1_714_521_600.25


class KeyStoreContract:
    """Inherited by the tests of every store."""

    @classmethod
    @abstractmethod
    def open_store(cls, place: Path) -> KeyStore:
        """A store over this place; opened again it is the same store."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[KeyStore]:
        opened = self.open_store(tmp_path)
        yield opened
        opened.close()

    def test_an_empty_store(self, store: KeyStore) -> None:  # 6
        assert (store.version(), [*store.all()]) == ("", [])
        store.close()
        store.close()

    def test_keys_come_back(self, store: KeyStore, tmp_path: Path) -> None:  # 1
        young, _ = new_key("页面 1", Role.SEARCH, T, expires=T + 9, origins=("https://a.example", "http://b:81"))
        old, _ = new_key("shop", Role.ADMIN, T - 1)
        old = old.rotated(told(old.id), T, 60).taken_back(T + 1)
        store.add(young)
        store.add(old)
        other = self.open_store(tmp_path)
        assert [*store.all()] == [*other.all()] == [old, young]
        other.close()

    def test_the_version(self, store: KeyStore, tmp_path: Path) -> None:  # 2
        key, _ = new_key("k", Role.EVENTS, T)
        other = self.open_store(tmp_path)
        seen = [other.version()]
        store.add(key)
        seen.append(other.version())
        store.change(key.id, lambda key: key.taken_back(T))
        seen.append(other.version())
        store.used({key.id: T})
        assert seen[0] == ""
        assert len(set(seen)) == 3
        assert other.version() == store.version() == seen[-1]
        other.close()

    def test_all_at_once(self, store: KeyStore, tmp_path: Path) -> None:  # 3
        keys = [new_key(f"k{number}", Role.SEARCH, T + number)[0] for number in range(8)]
        store.add(keys[0])
        stores = [store, self.open_store(tmp_path)]

        def work(number: int) -> None:
            stores[number % 2].add(keys[number])
            stores[number % 2].change(keys[0].id, lambda key: replace(key, before_until=key.before_until + 1))

        with ThreadPoolExecutor(4) as pool:
            [*pool.map(work, range(1, 8))]
        assert [*store.all()] == [replace(keys[0], before_until=7), *keys[1:]]
        stores[1].close()

    def test_what_cannot_be(self, store: KeyStore) -> None:  # 4
        key, _ = new_key("k", Role.OPERATOR, T)
        store.add(key.taken_back(T))
        with pytest.raises(NotFound, match="no key nobody"):
            store.change("nobody", lambda key: key)
        with pytest.raises(StateConflict):
            store.change(key.id, lambda key: key.rotated(told(key.id), T, 0))
        assert [*store.all()] == [key.taken_back(T)]

    def test_the_last_use(self, store: KeyStore) -> None:  # 5
        keys = [new_key(f"k{number}", Role.SEARCH, T + number)[0] for number in range(2)]
        for key in keys:
            store.add(key)
        for times in ({keys[0].id: T + 5}, {keys[0].id: T + 4, keys[1].id: T + 6}):
            store.used(times)
        assert [key.used for key in store.all()] == [T + 5, T + 6]
