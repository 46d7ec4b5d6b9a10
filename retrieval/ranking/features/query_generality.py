"""How little the query asks that a title must not lack; the same for all documents.

Of two titles that have the thing itself, the one is likelier right of which less was asked.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray
from retrieval.understanding.kinds import Kind

OPTIONAL = frozenset({Kind.SEASON, Kind.SCENE, Kind.NOISE, Kind.AUDIENCE, Kind.OTHER, Kind.SHOP})
"""What a good title may well lack."""
LEAST_COST, MUCH = 0.2, 8
"""A term that costs less to miss is not asked for; so many terms are as much as can be asked."""


def _query_generality(pairs: Pairs) -> FloatArray:
    """- min (terms that must not be missing, `MUCH`) / `MUCH`."""
    asked = zip(pairs.wanted.kinds, pairs.wanted.costs, strict=True)
    needed = sum(kind not in OPTIONAL and cost >= LEAST_COST for kind, cost in asked)
    return np.full(pairs.size, -min(needed, MUCH) / MUCH, np.float32)


FEATURE = Feature(
    "query_generality", -1, 0, "how much is asked, negative; the same for all documents", _query_generality,
    formerly="modesty",
)  # fmt: skip
