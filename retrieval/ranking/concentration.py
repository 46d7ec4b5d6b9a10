"""How sure an answer is of its first hits.

The scores of ranking are learned as logits of a choice (`retrieval.ranking.train`): the softmax of a list is the
probability that each of its documents is the one that was meant. One telling hit says that the query said enough;
twenty alike say that it left open what is wanted.

    concentration = 1 - H / ln n,    H = -Σ p ln p,    p = softmax of the n ≤ `HITS` best scores
"""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatArray

HITS = 20


def concentration(scores: FloatArray) -> float | None:
    """In [0, 1], of scores, shape (n,), best first; None for less than two, which leave nothing to choose."""
    best = scores[:HITS].astype(np.float64)
    if len(best) < 2:
        return None
    chances = np.exp(best - best.max())
    chances /= chances.sum()
    entropy = -float(np.sum(chances * np.log(np.maximum(chances, 1e-300))))
    return min(1.0, max(0.0, 1.0 - entropy / float(np.log(len(best)))))
