"""Is the document in a category that the query is likely about?

    (1 - H) · (2 · P(c) / max P - 1)

with P the predicted distribution over leaf categories and H its entropy in [0, 1]
(`retrieval.understanding.reading.categories`).
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from retrieval.types import FloatArray


def category_fit(rows: ForwardRows, setting: Setting) -> FloatArray:
    """Shape (n,), in [-1, 1]; 0 for a document without a category, or a query of which nothing is known."""
    likeliest = max(setting.categories.values(), default=0.0)
    if likeliest <= 0:
        return np.zeros(rows.texts.size, np.float32)
    fits = {leaf: 2 * share / likeliest - 1 for leaf, share in setting.categories.items()} | {"": 0.0}
    shares = [fits.get(leaf, -1.0) for leaf in rows.texts.categories]
    return np.asarray((1 - setting.category_entropy) * np.array(shares), np.float32)


FEATURE = Feature(
    "category_fit", -1, 1, "in a category that the query is surely about; 0 where either is not known",
    lambda pairs: category_fit(pairs.rows, pairs.setting), formerly="category", taught_by_words=False,
)  # fmt: skip
