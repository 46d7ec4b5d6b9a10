"""How many of the query's Han characters the document has, each weighed by its rarity in the catalogue."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.term_matches import weighted_mean
from retrieval.types import FloatArray


def _character_coverage(pairs: Pairs) -> FloatArray:
    asked = pairs.wanted
    if not asked.characters:
        return pairs.term_coverage
    return weighted_mean(pairs.rows.texts.contain_each(asked.characters).astype(np.float32), asked.character_weights)


FEATURE = Feature(
    "character_coverage", 0, 1, "Han characters of the query, by rarity; as `term_coverage` where it has none",
    _character_coverage, formerly="characters",
)  # fmt: skip
