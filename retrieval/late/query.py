"""The tokens of a query, and how well titles answer them.

Each token q_i of the query, of weight w_i, looks for its nearest token t_j of the title, and each token of the title,
of weight v_j, for its nearest of the query. A small head makes one number of it:

    m_i = max_j q_i · t_j,   r_j = max_i q_i · t_j
    f = [Σ w_i m_i, -1/20 log Σ exp(-20 m_i), min m_i, cos, cos(Σ w_i q_i, Σ v_j t_j), Σ v_j r_j]
    z = u · f + o · tanh(V f + c) + b                                                      (f standardised)

where cos is that of the whole texts. z is the logit of how probable it is that the title answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.late.titles import Scale, TitleTokens
from retrieval.types import FloatArray

NUMBERS = 6
"""Of f."""
UNREAD = -6.0
"""z of a title that has nothing to be read: it is no answer."""
SHARP = 20.0
"""How near the soft minimum comes to the minimum."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was learned of the numbers f; all float32.

    Attributes:
        middle, spread: (NUMBERS,), what standardises them.
        direct: (NUMBERS,), their weights.
        inner, inner_bias, outer: (NUMBERS, hidden), (hidden,) and (hidden,), the hidden layer.
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
        """Of f, shape (n, NUMBERS): z, shape (n,)."""
        f = (numbers - self.middle) / self.spread
        hidden = np.tanh(f @ self.inner + self.inner_bias)
        return np.asarray(f @ self.direct + hidden @ self.outer + self.bias, np.float32)


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """Those of one query.

    Attributes:
        vectors: float32 (m, WIDTH), of unit norm.
        weights: float32 (m,), what each says; they sum to 1.
        scale: of the tokens of titles that they meet.
        head: what makes a number of what they find.
    """

    vectors: FloatArray
    weights: FloatArray
    scale: Scale
    head: Head

    def read(self, titles: TitleTokens, cosines: FloatArray) -> FloatArray:
        """z of each title, shape (n,); `UNREAD` for one without tokens, 0 for all where the query has none.

        Args:
            cosines: of the vectors of the query and the titles, shape (n,).
        """
        found = np.full(len(titles.counts), UNREAD if len(self.vectors) else 0, np.float32)
        there = titles.counts.nonzero()[0]
        if not len(there) or not len(self.vectors):
            return found
        starts = np.concatenate(([0], np.cumsum(titles.counts[there])[:-1]))
        products = titles.products(self.vectors, self.scale)
        near = np.maximum.reduceat(products, starts, axis=0)
        least = near.min(axis=1)
        soft = least - np.log(np.exp(-SHARP * (near - least[:, None])).sum(axis=1)) / SHARP
        total = np.add.reduceat(titles.weights, starts)
        whole = np.add.reduceat(titles.weights * (products @ self.weights), starts) / total
        whole /= titles.norms * max(float(np.linalg.norm(self.weights @ self.vectors)), 1e-6)
        back = np.add.reduceat(titles.weights * products.max(axis=1), starts) / total
        numbers = (near @ self.weights, soft, least, cosines[there], whole, back)
        found[there] = self.head(np.stack(numbers, axis=1))
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
