"""Do the terms follow each other in the document as they do in the query?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _term_order(pairs: Pairs) -> FloatArray:
    """Share of neighbouring terms of which the second follows the first; 1 for less than two, which have no order."""
    neighbours = list(pairwise(term.text for term in pairs.text.required))
    if not neighbours:
        return np.ones(pairs.size, np.float32)
    follow = [sum(0 <= text.find(a) < text.rfind(b) for a, b in neighbours) for text in pairs.rows.texts.documents]
    return np.asarray(np.array(follow) / len(neighbours), np.float32)


FEATURE = Feature("term_order", 0, 1, "neighbouring terms that follow each other", _term_order, formerly="order")
