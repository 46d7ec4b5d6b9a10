"""Interest vectors: the middles of a few groups of what was liked. One middle of tea and boots would be neither."""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatArray

_EACH, _ROUNDS = 5, 5
MOST = 4
"""So many groups, one for each five things."""


def interest_vectors(vectors: FloatArray, weights: FloatArray) -> FloatArray:
    """Unit vectors, shape (k, dim), k ≤ `MOST`, that of the heaviest group first.

    Spherical k-means; the first middle is the first thing, each further one the thing furthest from those before it:
    nothing is drawn by chance.

    Args:
        vectors: unit vectors of what was liked, the most liked first, shape (n, dim), n ≥ 1.
        weights: how much it was liked, > 0, shape (n,).
    """
    k = min(MOST, -(-len(vectors) // _EACH))
    middles = vectors[:1]
    while len(middles) < k:
        middles = np.concatenate([middles, vectors[[int((vectors @ middles.T).max(axis=1).argmin())]]])
    for _ in range(_ROUNDS):
        group = (vectors @ middles.T).argmax(axis=1)
        sums = np.stack([(weights[group == g, None] * vectors[group == g]).sum(axis=0) for g in range(len(middles))])
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        middles = np.where(norms > 0, sums / np.maximum(norms, 1e-12), middles).astype(np.float32)
    shares = np.bincount((vectors @ middles.T).argmax(axis=1), weights, minlength=len(middles))
    order = np.argsort(-shares, kind="stable")
    return middles[order]
