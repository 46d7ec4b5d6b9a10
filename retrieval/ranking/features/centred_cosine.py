"""How near the vectors of query and document are, without what all vectors of the encoder have in common."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def _centred_cosine(pairs: Pairs) -> FloatArray:
    return np.clip(pairs.meaning.cosines(), -1, 1) if pairs.meaning else np.zeros(pairs.size, np.float32)


FEATURE = Feature(
    "centred_cosine", -1, 1, "cosine of the vectors, from the middle of each; 0 without an encoder", _centred_cosine,
    reads_vectors=True,
)  # fmt: skip
