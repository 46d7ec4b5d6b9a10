"""How near the vectors are for this query, whatever the encoder: far above what a sample of the catalogue has."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature

LEAST, MOST = -5, 15

FEATURE = Feature(
    "cosine_deviation", LEAST, MOST, "cosine in standard deviations over that of a sample of the catalogue",
    lambda pairs: np.clip(pairs.semantic, LEAST, MOST), formerly="meaning", absolute=False,
)  # fmt: skip
