"""Feature `late_interaction`: the tokens of the query and of the title, read against each other (`retrieval.late`)."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

BOUND = 6
"""As sure as it may be, either way."""


def _late_interaction(pairs: Pairs) -> FloatArray:
    read = pairs.meaning.read(pairs.rows.tokens) if pairs.meaning else None
    return np.zeros(pairs.size, np.float32) if read is None else np.clip(read, -BOUND, BOUND)


FEATURE = Feature(
    "late_interaction", -BOUND, BOUND,
    "logit that the title answers, by its tokens and those of the query; 0 where the encoder keeps none",
    _late_interaction, reads_vectors=True,
)  # fmt: skip
