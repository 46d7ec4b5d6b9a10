"""What an offer is worth beside its words: bought often, rated well, listed lately, priced as asked.

Judgments of words teach nothing of these, a click log does (`xunhuo train-ranker --events`). What is not known of an
offer counts as the least, but for quality (`retrieval.ranking.quality`): whoever tells nothing gains nothing.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.forward import UNKNOWN, ForwardRows
from retrieval.types import FloatArray

MANY = 100_000
"""Pieces in 30 days that no offer need outdo."""
FRESH_DAYS = 90
"""After so many days an offer counts half as fresh: about a season."""
_DAY = 86_400


def popularity(rows: ForwardRows) -> FloatArray:
    """Shape (n,), in [0, 1]: ln (1 + sales) / ln (1 + `MANY`), at most 1; each further tenfold counts a fifth."""
    sales = np.where(rows.sales == UNKNOWN, 0, rows.sales)
    return np.asarray(np.minimum(np.log1p(sales) / np.log1p(MANY), 1.0), np.float32)


def freshness(rows: ForwardRows, now: int) -> FloatArray:
    """Shape (n,), in [0, 1]: 2 ^ (-age / `FRESH_DAYS`); 1 for what is listed at `now` (epoch seconds) or later."""
    days = np.maximum(now - rows.listed, 0) / _DAY
    return np.asarray(np.where(rows.listed == UNKNOWN, 0.0, np.exp2(-days / FRESH_DAYS)), np.float32)


def price_fit(rows: ForwardRows, asked: tuple[int | None, int | None]) -> FloatArray:
    """Shape (n,), in [0, 1]: 1 inside the asked range (fen), else the ratio of the nearer bound and the price.

    So where a price gave way because too little was left, the nearest prices come first. 0 without a range.
    """
    least, most = asked
    if least is None and most is None:
        return np.zeros(len(rows.prices), np.float32)
    prices = np.maximum(rows.prices, 1).astype(np.float64)
    fit = np.ones(len(prices))
    if least is not None:
        fit = np.minimum(fit, prices / max(least, 1))
    if most is not None:
        fit = np.minimum(fit, max(most, 0) / prices)
    return np.asarray(np.where(rows.prices == UNKNOWN, 0.0, fit), np.float32)
