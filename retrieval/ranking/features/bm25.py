"""How well the lexical channel finds it, against the best of the catalogue."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature

FEATURE = Feature(
    "bm25", 0, 1, "BM25 over all fields, divided by the best of the catalogue",
    lambda pairs: np.clip(pairs.lexical, 0, 1), formerly="lexical", absolute=False,
)  # fmt: skip
