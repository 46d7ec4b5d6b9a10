"""The keys as a process knows them:

1. A look reads all keys only when the version is another one.
2. Within the bound nothing is looked up; after it who comes waits for a look, and where that fails is told.
3. Last use is noted once an hour a key, at the next look; where it cannot be noted nobody is kept out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from api.auth.ring import BOUND_S, USED_S, Keyring
from retrieval.errors import StorageError
from retrieval.keys.key import Key, Role, new_key
from tests.unit.api.auth.keyed import Clock


class Counted:
    """A store that counts how it is asked."""

    def __init__(self, *keys: Key) -> None:
        self.listed, self.looks, self.reads, self.number = [*keys], 0, 0, 1
        self.noted: list[Mapping[str, float]] = []
        self.broken = False

    def version(self) -> str:
        self.looks += 1
        self._work()
        return str(self.number)

    def all(self) -> Sequence[Key]:
        self.reads += 1
        return self.listed

    def used(self, times: Mapping[str, float]) -> None:
        self._work()
        self.noted.append(dict(times))

    def _work(self) -> None:
        if self.broken:
            raise StorageError("the disk is full", field="data_dir")

    def add(self, key: Key) -> None: ...
    def change(self, id: str, change: object) -> Key: ...  # type: ignore[empty-body]
    def close(self) -> None: ...


def test_looks_and_reads() -> None:  # 1, 2
    clock, store = Clock(), Counted(new_key("k", Role.ADMIN, 0)[0])
    ring = Keyring(store, now=clock, clock=clock)
    for seconds, looks, reads in ((0, 1, 1), (BOUND_S * 0.9, 1, 1), (BOUND_S * 0.1, 2, 1), (BOUND_S, 3, 1)):
        clock.now += seconds
        asyncio.run(ring.fresh())
        assert (store.looks, store.reads) == (looks, reads)
    store.number += 1
    ring.look()
    assert (store.looks, store.reads) == (4, 2)
    store.broken = True
    asyncio.run(ring.fresh())
    clock.now += BOUND_S
    with pytest.raises(StorageError):
        asyncio.run(ring.fresh())


def test_last_use() -> None:  # 3
    key, text = new_key("k", Role.ADMIN, 0)
    clock, store = Clock(), Counted(key)
    ring = Keyring(store, now=clock, clock=clock)
    ring.look()
    for _ in range(3):
        assert ring.key_of(text) == key
        ring.look()
    clock.now += USED_S + 1
    ring.key_of(text)
    ring.look()
    assert store.noted == [{key.id: at} for at in (clock.now - USED_S - 1, clock.now)]


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    key, text = new_key("k", Role.ADMIN, 0)
    store = Counted(key)
    ring = Keyring(store)
    ring.look()
    ring.key_of(text)

    def full(_: object) -> None:
        raise StorageError("the disk is full", field="data_dir")

    monkeypatch.setattr(store, "used", full)
    ring.look()
    assert ring.key_of(text) == key
