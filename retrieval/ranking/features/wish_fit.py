"""How many of the wishes the title meets that it need not meet: 无糖 of a drink, a gift for 520.

What answers a wish is read in words (`retrieval.understanding.constraints.meanings`), and taken from the text that is
encoded: vectors and tokens do not see who says it and who is silent, and words count it as one term among others.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _wish_fit(pairs: Pairs) -> FloatArray:
    """Share of the wishes that an answer of theirs stands for in the document; 0 where there are none."""
    wishes = len(pairs.text.wishes)
    if not wishes:
        return np.zeros(pairs.size, np.float32)
    return np.asarray((pairs.matches[:, -wishes:] >= 1).mean(axis=1), np.float32)


FEATURE = Feature("wish_fit", 0, 1, "wishes that the title meets and need not meet", _wish_fit, taught_by_words=False)
