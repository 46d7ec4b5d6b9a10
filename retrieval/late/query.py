"""The tokens of a query, and how well titles answer them.

Each token of the query looks for its nearest token of the title; a small head makes of their mean, weighed by what each
token says, of the least of them, and of the cosine of the whole texts one number:

    m_i = max_j q_i · t_j,   f = [Σ w_i m_i, -1/20 log Σ exp(-20 m_i), min m_i, cos]
    z = u · f + v · tanh(V f + c) + b                                     (f standardised)

z is the logit of how probable it is that the title answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.late.titles import TitleTokens
from retrieval.types import FloatArray

_SHARP = 20.0
"""How near the soft minimum comes to the minimum."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was learned of the four numbers f; all float32.

    Attributes:
        middle, spread: (4,), what standardises them.
        direct: (4,), their weights.
        inner, inner_bias, outer: (4, hidden), (hidden,) and (hidden,), the hidden layer.
        bias: of the sum.
    """

    middle: FloatArray
    spread: FloatArray
    direct: FloatArray
    inner: FloatArray
    inner_bias: FloatArray
    outer: FloatArray
    bias: float

    def __call__(self, numbers: FloatArray) -> FloatArray:
        """Of f, shape (n, 4): z, shape (n,)."""
        f = (numbers - self.middle) / self.spread
        return np.asarray(
            f @ self.direct + np.tanh(f @ self.inner + self.inner_bias) @ self.outer + self.bias, np.float32
        )


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """Those of one query.

    Attributes:
        vectors: float32 (m, WIDTH), each number times what a step of it is worth in a title.
        offsets: float32 (m,), the product of each with the middle of the numbers of titles.
        weights: float32 (m,), what each token says; they sum to 1.
        head: what makes a number of what they find.
    """

    vectors: FloatArray
    offsets: FloatArray
    weights: FloatArray
    head: Head

    def read(self, titles: TitleTokens, cosines: FloatArray) -> FloatArray:
        """z of each title, shape (n,); 0 for one without tokens, and for all where the query has none.

        Args:
            cosines: of the vectors of the query and the titles, shape (n,).
        """
        found = np.zeros(len(titles.counts), np.float32)
        there = titles.counts.nonzero()[0]
        if not len(there) or not len(self.vectors):
            return found
        starts = np.concatenate(([0], np.cumsum(titles.counts[there])[:-1]))
        near = np.maximum.reduceat(titles.products(self.vectors), starts, axis=0) + self.offsets
        least = near.min(axis=1)
        soft = least - np.log(np.exp(-_SHARP * (near - least[:, None])).sum(axis=1)) / _SHARP
        found[there] = self.head(np.stack([near @ self.weights, soft, least, cosines[there]], axis=1))
        return found


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """A query as an encoder gives it.

    Attributes:
        vector: of the whole text, float32 (dim,), unit norm.
        tokens: None where the encoder keeps none.
    """

    vector: FloatArray
    tokens: QueryTokens | None = None
