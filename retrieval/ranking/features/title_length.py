"""Is the title as long as titles are? What goes on much longer is a heap of options."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

USUAL, FAR = 30, 60
"""Marketplaces that bound their titles allow 30 Han characters; what is `FAR` characters away counts as the least."""


def _title_length(pairs: Pairs) -> FloatArray:
    away = np.abs(pairs.rows.lengths - USUAL) / FAR
    return np.asarray(-np.minimum(away, 1.0), np.float32)


FEATURE = Feature(
    "title_length", -1, 0, "how far the title is from the usual length, negative", _title_length, formerly="length"
)
