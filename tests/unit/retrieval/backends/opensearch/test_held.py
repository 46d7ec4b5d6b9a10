"""What a reader remembers of ids: the unknown rows are told, known ones are ordered by code points."""

from __future__ import annotations

import numpy as np

from retrieval.backends.opensearch.held import HeldIds


def test_ids() -> None:
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
