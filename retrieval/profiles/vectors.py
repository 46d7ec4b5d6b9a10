"""Interest vectors: the middles of a few groups of what was liked. One middle of tea and boots would be neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.profiles.signals import Signal
from retrieval.profiles.traits import Traits
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray

_MOST_LIKED, _EACH, _ROUNDS = 64, 5, 5


def interest_vectors(
    signals: Sequence[Signal], things: Mapping[str, Traits], reader: IndexReader, *, most: int
) -> tuple[FloatArray, FloatArray]:
    """Unit vectors, shape (k, dim), k ≤ `most`, the heaviest first, and their shares of what was liked, shape (k,).

    Spherical k-means over the most liked things; the first middle is the most liked, each further one the thing that is
    furthest from those before it: nothing is drawn by chance.
    """
    liked: dict[str, float] = {}
    for signal in signals:
        if signal.event.item_id in things:
            liked[signal.event.item_id] = liked.get(signal.event.item_id, 0.0) + signal.weight
    best = sorted((-weight, item) for item, weight in liked.items() if weight > 0)[:_MOST_LIKED]
    if not best or not most:
        return np.zeros((0, 0), np.float32), np.zeros(0, np.float32)
    vectors = reader.vectors(np.array([things[item].row for _, item in best], np.int64)).astype(np.float32)
    weights = np.array([-weight for weight, _ in best], np.float32)
    if not vectors.shape[1]:
        return np.zeros((0, 0), np.float32), np.zeros(0, np.float32)
    return _grouped(vectors, weights, min(most, -(-len(best) // _EACH)))


def _grouped(vectors: FloatArray, weights: FloatArray, k: int) -> tuple[FloatArray, FloatArray]:
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
    return middles[order], np.asarray(shares[order] / shares.sum(), np.float32)
