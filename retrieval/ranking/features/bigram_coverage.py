"""How many of the query's pairs of neighbouring characters the document has."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _bigram_coverage(pairs: Pairs) -> FloatArray:
    """The share of the distinct pairs without a blank; 1 for a query that has none."""
    query = pairs.text.normalized
    bigrams = {query[i : i + 2] for i in range(len(query) - 1)}
    bigrams = {bigram for bigram in bigrams if not any(map(str.isspace, bigram))}
    if not bigrams:
        return np.ones(pairs.size, np.float32)
    found = np.zeros(pairs.size, np.int64)
    for bigram in bigrams:
        found += pairs.rows.texts.contain(bigram)
    return np.asarray(found / len(bigrams), np.float32)


FEATURE = Feature("bigram_coverage", 0, 1, "pairs of neighbouring characters", _bigram_coverage, formerly="bigrams")
