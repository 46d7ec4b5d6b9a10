"""The cache in front of an encoder.

1. A remembered query gives the very same vector without another call; hits and misses are counted per text.
2. What was used longest ago is forgotten first; size 0 remembers nothing.
3. Documents pass through; name, width and fingerprint are the encoder's.
4. Counts add up under several threads.
5. A text that another thread is encoding is waited for; where that fails, both are told, and the next one tries again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from retrieval.encoders.caching import QueryCache
from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from retrieval.types import FloatArray


class CountingEncoder(HashingEncoder):
    """Feature hashing that notes which queries reach it."""

    def __init__(self) -> None:
        super().__init__(HashingOptions(dim=32))
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self.asked.extend(texts)
        return super().encode_queries(texts)


def test_remembers() -> None:
    encoder = CountingEncoder()
    cache = QueryCache(encoder, size=8)
    first = cache.encode_queries(["裙", "鞋", "裙"])
    second = cache.encode_queries(["鞋", "包", "裙"])
    assert encoder.asked == ["裙", "鞋", "包"]
    assert (cache.hits, cache.misses) == (3, 3)
    np.testing.assert_array_equal(second, HashingEncoder(HashingOptions(dim=32)).encode_queries(["鞋", "包", "裙"]))
    np.testing.assert_array_equal(first[[0, 1, 0]], second[[2, 0, 2]])


def test_a_caller_may_change_what_it_got() -> None:
    cache = QueryCache(CountingEncoder(), size=8)
    kept = cache.encode_queries(["裙"]).copy()
    cache.encode_queries(["裙"])[:] = 0
    np.testing.assert_array_equal(cache.encode_queries(["裙"]), kept)


def test_forgets_the_oldest() -> None:
    encoder = CountingEncoder()
    cache = QueryCache(encoder, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        cache.encode_queries([text])
    assert encoder.asked == ["a", "b", "c", "b"]
    nothing = QueryCache(CountingEncoder(), size=0)
    nothing.encode_queries(["a"])
    nothing.encode_queries(["a"])
    assert (nothing.hits, nothing.misses) == (0, 2)


def test_is_an_encoder() -> None:
    encoder = CountingEncoder()
    cache = QueryCache(encoder, size=2)
    assert (cache.name, cache.dim, cache.fingerprint) == (encoder.name, encoder.dim, encoder.fingerprint)
    np.testing.assert_array_equal(cache.encode_documents(["a", "b"]), encoder.encode_documents(["a", "b"]))
    assert cache.encode_queries([]).shape == (0, 32)
    assert cache.hits + cache.misses == 0


def test_counts_under_threads() -> None:
    cache = QueryCache(CountingEncoder(), size=4)
    texts = [str(number % 7) for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: cache.encode_queries([text])[0], texts))
    np.testing.assert_array_equal(vectors, HashingEncoder(HashingOptions(dim=32)).encode_queries(texts))
    assert cache.hits + cache.misses == len(texts)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("size", [0, 4])
def test_what_is_under_way_is_waited_for(fails: bool, size: int) -> None:  # 5
    begun, go_on, encoder = Event(), Event(), CountingEncoder()

    class Slow(CountingEncoder):
        def encode_queries(self, texts: Sequence[str]) -> FloatArray:
            vectors = encoder.encode_queries(texts)
            if not go_on.is_set():
                begun.set()
                assert go_on.wait(30)
                if fails:
                    raise RuntimeError("no memory left")
            return vectors

    cache = QueryCache(Slow(), size)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.encode_queries, ["a"])
        assert begun.wait(30)
        second = pool.submit(cache.encode_queries, ["b", "a"])
        while cache.hits == 0:  # "a" is found under way
            time.sleep(0.001)
        go_on.set()
        if fails:
            for future in (first, second):
                with pytest.raises(RuntimeError, match="no memory"):
                    future.result(30)
        else:
            np.testing.assert_array_equal(first.result(30)[0], second.result(30)[1])
    assert encoder.asked.count("a") == 1
    assert cache.encode_queries(["a"]).shape == (1, 32)
