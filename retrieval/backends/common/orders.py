"""Which column an order reads, and what comes first in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.types import MISSING, IntArray, Sort

SORT_COLUMNS: Mapping[Sort, tuple[str, int]] = {
    Sort.SALES: ("sales_30d", 1),
    Sort.NEWEST: ("created_at", 1),
    Sort.PRICE_ASC: ("price", -1),
    Sort.PRICE_DESC: ("price", 1),
}
"""Order → (column, sign); the highest of column times sign comes first."""


def sort_keys(sort: Sort, values: IntArray) -> IntArray:
    """Shape (n,): higher comes first; a missing value stays missing under either sign, and so comes last."""
    _, sign = SORT_COLUMNS[sort]
    return np.where(values == MISSING, MISSING, sign * values)
