"""The bounded map:

1. It keeps `size` entries and forgets the one used longest ago; reading and writing both count as use.
2. A key has one value, the last; size 0 keeps nothing.
3. Many threads at once lose nothing but the bound's due.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from retrieval.lru import Lru


def test_the_least_used_is_forgotten() -> None:
    lru: Lru[int] = Lru(2)
    lru.put("a", 1)
    lru.put("b", 2)
    assert lru.get("a") == 1
    lru.put("c", 3)
    assert (lru.get("a"), lru.get("b"), lru.get("c")) == (1, None, 3)
    lru.put("a", 4)
    lru.put("d", 5)
    assert (lru.get("a"), lru.get("c"), lru.get("d")) == (4, None, 5)
    assert len(lru) == 2


def test_size_zero_keeps_nothing() -> None:
    lru: Lru[int] = Lru(0)
    lru.put("a", 1)
    assert lru.get("a") is None
    assert len(lru) == 0


def test_threads() -> None:
    lru: Lru[int] = Lru(16)

    def work(offset: int) -> set[int | None]:
        seen = set()
        for i in range(500):
            key = (i + offset) % 32
            lru.put(key, key)
            seen.add(lru.get(key))
        return seen

    with ThreadPoolExecutor(4) as pool:
        seen = set().union(*pool.map(work, range(4)))
    assert seen <= {None, *range(32)}
    assert len(lru) == 16
