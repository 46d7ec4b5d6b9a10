"""What a reader remembers of an index that cannot change: ids of rows it saw, vectors that every query asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from retrieval.lru import Lru
from retrieval.types import FloatArray, IntArray

_IDS_KEPT = 500_000
"""About 50 MB."""
HELD_ROWS = 512
"""Rows in a set whose vectors are held: as many as the background sample of the semantic channel has."""
_SETS_KEPT = 4


class HeldIds:
    """Row → id. Entries never change, so that a race only fetches twice."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}

    def put(self, rows: IntArray, ids: Sequence[str]) -> None:
        if len(self._ids) > _IDS_KEPT:
            self._ids = {}
        self._ids.update(zip(rows.tolist(), ids, strict=True))

    def unknown(self, rows: IntArray) -> IntArray:
        known = self._ids
        return np.array([row for row in rows.tolist() if row not in known], np.int64)

    def order(self, rows: IntArray) -> IntArray:
        """Numbers that order `rows` as their ids do; all are known."""
        ids = [self._ids[row] for row in rows.tolist()]
        places = np.empty(len(ids), np.int64)
        places[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return places

    def clear(self) -> None:
        self._ids = {}


class HeldVectors:
    """Vectors of row sets that are asked for again and again; a set is fetched when it is asked for a second time."""

    def __init__(self) -> None:
        self._seen: Lru[bool] = Lru(_SETS_KEPT * 16)
        self._sets: Lru[FloatArray] = Lru(_SETS_KEPT)

    def is_known(self, rows: IntArray) -> bool:
        return self._seen.get(rows.tobytes()) is not None

    def note(self, rows: IntArray) -> None:
        self._seen.put(rows.tobytes(), True)

    def get(self, rows: IntArray, fetch: Callable[[IntArray], FloatArray]) -> FloatArray:
        """Shape (len(rows), dim)."""
        key = rows.tobytes()
        if (vectors := self._sets.get(key)) is None:
            vectors = fetch(rows)
            self._sets.put(key, vectors)
        return vectors

    def clear(self) -> None:
        self._seen, self._sets = Lru(_SETS_KEPT * 16), Lru(_SETS_KEPT)
