"""How much of what is asked stands literally in the title; brand and category do not count."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.term_matches import weighted_mean
from retrieval.types import FloatArray


def _title_coverage(pairs: Pairs) -> FloatArray:
    terms = [ways[0][0] for ways in pairs.wanted.terms]
    if not terms:
        return pairs.term_coverage
    stands = np.array([[term in title for term in terms] for title in pairs.rows.texts.titles], np.float32)
    return weighted_mean(stands.reshape(pairs.size, len(terms)), pairs.wanted.term_weights)


FEATURE = Feature(
    "title_coverage", 0, 1, "the terms that stand in the title itself, by weight", _title_coverage, formerly="title"
)
