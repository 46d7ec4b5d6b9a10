"""How near the price is to what was asked: where a price gave way because too little was left, the nearest come first.

Whoever tells no price gains nothing.
"""

from __future__ import annotations

import numpy as np

from retrieval.forward_head import UNKNOWN
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _price_fit(pairs: Pairs) -> FloatArray:
    """1 inside the asked range, else the ratio of the nearer bound and the price; 0 without a range."""
    least, most = pairs.setting.price
    if least is None and most is None:
        return np.zeros(pairs.size, np.float32)
    prices = np.maximum(pairs.rows.prices, 1).astype(np.float64)
    fit = np.ones(pairs.size)
    if least is not None:
        fit = np.minimum(fit, prices / max(least, 1))
    if most is not None:
        fit = np.minimum(fit, max(most, 0) / prices)
    return np.asarray(np.where(pairs.rows.prices == UNKNOWN, 0.0, fit), np.float32)


FEATURE = Feature(
    "price_fit", 0, 1, "inside the price that was said in words, or near it", _price_fit, formerly="price",
    taught_by_words=False,
)  # fmt: skip
