"""How long a run of the query stands in the document as it was typed."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _longest_phrase(pairs: Pairs) -> FloatArray:
    """Length of the longest run of the query in the document ÷ length of the query."""
    query = pairs.text.normalized
    return np.array([_longest(query, text) / max(len(query), 1) for text in pairs.rows.texts.documents], np.float32)


def _longest(query: str, text: str) -> int:
    best = 0
    for start in range(len(query)):
        while start + best < len(query) and query[start : start + best + 1] in text:
            best += 1
    return best


FEATURE = Feature("longest_phrase", 0, 1, "longest run of the query, by its length", _longest_phrase, formerly="phrase")
