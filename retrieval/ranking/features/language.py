"""What the language of a query tells, whatever the document: by how much it falls short of what is usual."""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


def shortfall(pairs: Pairs, value: float | None, usual: float) -> FloatArray:
    """min (0, value - usual), the same for all documents; 0 where nothing is known."""
    return np.full(pairs.size, 0.0 if value is None else min(0.0, value - usual), np.float32)
