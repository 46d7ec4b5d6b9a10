"""Numbers by which rows are ordered."""

from __future__ import annotations

import numpy as np

from retrieval.types import MISSING, IntArray


def sort_keys(sign: int, values: IntArray) -> IntArray:
    """Shape (n,): higher comes first; a missing value stays missing under either sign, and so comes last."""
    return np.where(values == MISSING, MISSING, sign * values)
