"""Ids of rows that a reader saw; an index does not change, so they stay true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.types import IntArray

_IDS_KEPT = 500_000
"""About 50 MB."""


class IdCache:
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
