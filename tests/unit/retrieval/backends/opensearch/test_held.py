"""What a reader remembers:

1. Ids: the unknown rows are told, known ones are ordered by code points, whatever order they came in.
2. Vectors of a set are fetched once, and forgotten when enough other sets were asked for.
"""

from __future__ import annotations

import numpy as np

from retrieval.backends.opensearch.held import HeldIds, HeldVectors
from retrieval.types import FloatArray, IntArray


def test_ids() -> None:  # 1
    held = HeldIds()
    rows = np.array([5, 1, 9])
    assert held.unknown(rows).tolist() == [5, 1, 9]
    held.put(np.array([9, 5]), ["红", "Z"])
    assert held.unknown(rows).tolist() == [1]
    held.put(np.array([1]), ["a"])
    assert held.order(rows).tolist() == [0, 1, 2]
    assert held.order(rows[::-1]).tolist() == [2, 1, 0]
    held.clear()
    assert len(held.unknown(rows)) == 3


def test_vectors() -> None:  # 2
    held, fetched = HeldVectors(), list[list[int]]()

    def fetch(rows: IntArray) -> FloatArray:
        fetched.append(rows.tolist())
        return np.repeat(rows[:, None], 2, axis=1).astype(np.float32)

    sets = [np.arange(n) for n in range(1, 8)]
    assert not held.is_known(sets[0])
    held.note(sets[0])
    assert held.is_known(sets[0])
    for _ in range(3):
        assert held.get(sets[0], fetch).tolist() == [[0.0, 0.0]]
    assert fetched == [[0]]
    for rows in sets[1:]:
        held.get(rows, fetch)
    held.get(sets[0], fetch)
    assert fetched.count([0]) == 2
