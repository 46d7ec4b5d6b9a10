"""What a reader remembers of ids: the unknown rows are told, known ones are ordered by code points."""

from __future__ import annotations

import numpy as np

from retrieval.backends.opensearch.id_cache import IdCache


def test_ids() -> None:
    cache = IdCache()
    rows = np.array([5, 1, 9])
    assert cache.unknown(rows).tolist() == [5, 1, 9]
    cache.put(np.array([9, 5]), ["红", "Z"])
    assert cache.unknown(rows).tolist() == [1]
    cache.put(np.array([1]), ["a"])
    assert cache.order(rows).tolist() == [0, 1, 2]
    assert cache.order(rows[::-1]).tolist() == [2, 1, 0]
    cache.clear()
    assert len(cache.unknown(rows)) == 3
