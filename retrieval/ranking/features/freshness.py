"""How lately an offer was listed. Whoever tells nothing gains nothing: an unknown time is not fresh."""

from __future__ import annotations

import numpy as np

from retrieval.forward_head import UNKNOWN
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

FRESH_DAYS = 90
"""After so many days an offer counts half as fresh: about a season."""
_DAY = 86_400


def _freshness(pairs: Pairs) -> FloatArray:
    """2 ^ (-age / `FRESH_DAYS`); 1 for what is listed now or later."""
    listed = pairs.rows.listed
    days = np.maximum(pairs.setting.now - listed, 0) / _DAY
    return np.asarray(np.where(listed == UNKNOWN, 0.0, np.exp2(-days / FRESH_DAYS)), np.float32)


FEATURE = Feature("freshness", 0, 1, "listed lately", _freshness, taught_by_words=False)
