"""How often an offer is bought. Whoever tells nothing gains nothing: an unknown number counts as none."""

from __future__ import annotations

import numpy as np

from retrieval.forward_head import UNKNOWN
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

MANY = 100_000
"""Pieces in 30 days that no offer need outdo."""


def _popularity(pairs: Pairs) -> FloatArray:
    """ln (1 + sales) / ln (1 + `MANY`), at most 1; each further tenfold counts a fifth."""
    sales = np.where(pairs.rows.sales == UNKNOWN, 0, pairs.rows.sales)
    return np.asarray(np.minimum(np.log1p(sales) / np.log1p(MANY), 1.0), np.float32)


FEATURE = Feature("popularity", 0, 1, "pieces sold in 30 days, logarithmic", _popularity, taught_by_words=False)
