"""How many of the query's models, foreign words and amounts the document has, each weighed by its rarity.

A long run counts however it is spaced: cheezit stands in Cheez It.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.term_matches import weighted_mean
from retrieval.types import FloatArray


def _alphanumeric_coverage(pairs: Pairs) -> FloatArray:
    asked = pairs.wanted
    if not asked.codes:
        return pairs.term_coverage
    has = np.zeros((pairs.size, len(asked.codes)), np.float32)
    for place, code in enumerate(asked.codes):
        has[pairs.rows.having(code), place] = 1.0
    for run, places in asked.runs.items():
        has[np.ix_(pairs.rows.texts.contain_squeezed(run), np.array(places))] = 1.0
    return weighted_mean(has, asked.code_weights)


FEATURE = Feature(
    "alphanumeric_coverage", 0, 1, "models, foreign words, amounts, by rarity; as `term_coverage` where it has none",
    _alphanumeric_coverage, formerly="codes",
)  # fmt: skip
