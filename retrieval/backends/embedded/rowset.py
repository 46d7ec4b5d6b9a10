"""A set of rows as bits, lowest bit first: an eighth of a mask's bytes, and as faiss wants it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.types import IntArray, Mask


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows out of 0 … bound-1.

    Attributes:
        bits: shape (⌈bound / 8⌉,), uint8.
        count: how many rows.
    """

    bits: npt.NDArray[np.uint8]
    bound: int
    count: int

    @classmethod
    def of(cls, mask: Mask) -> RowSet:
        """The rows where `mask`, shape (bound,), is True."""
        return cls(np.packbits(mask, bitorder="little"), len(mask), int(np.count_nonzero(mask)))

    def mask(self) -> Mask:
        """Shape (bound,)."""
        return np.unpackbits(self.bits, count=self.bound, bitorder="little").view(np.bool_)

    def rows(self) -> IntArray:
        """Ascending."""
        return np.flatnonzero(self.mask())

    def has(self, rows: IntArray) -> Mask:
        """Shape (len(rows),): which of `rows` are in it; none that is not below the bound."""
        known = rows < self.bound
        if not known.all():
            found = np.zeros(len(rows), np.bool_)
            found[known] = self.has(rows[known])
            return found
        return np.asarray((self.bits[rows >> 3] >> (rows & 7).astype(np.uint8)) & 1, np.bool_)
