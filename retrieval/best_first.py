"""The order of scores: best first, equal ones by id, so that the same input always gives the same list."""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatArray, IntArray

_SIGN = np.int32(0x7FFFFFFF)


def best_first(scores: FloatArray, ids: IntArray) -> IntArray:
    """Indices of finite `scores`, shape (n,), best first; of equal ones the least of `ids` in [0, 2**32) first.

    Score and id are one whole number, for one sort of numbers takes a third of a sort by two keys: the bits of a float
    are ordered as it is, those of a negative one the other way round.
    """
    bits = (scores + np.float32(0.0)).view(np.int32)  # minus zero is zero
    ordered = (bits ^ ((bits >> 31) & _SIGN)).astype(np.int64)
    return np.argsort((-ordered << 32) + ids)
