"""Does the title sell what the query names, or only speak of it?

A cover for a 笔记本 says the word too; but its vector lies with those of covers (`retrieval.ranking.things`).
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features import product_match
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

UNKNOWN = 0.3
"""As like as a middling document; where the thing is not known, this is said of all."""


def thing_name(pairs: Pairs) -> str:
    """The query up to the end of the last thing that it names, else all of it: Chinese compounds end in their head."""
    asked, text = pairs.wanted, pairs.text.normalized.rstrip()
    named = [ways[0][0] for ways, kind in zip(asked.terms, asked.kinds, strict=True) if kind in product_match.KINDS]
    return text[: text.rfind(named[-1]) + len(named[-1])] if named and named[-1] in text else text


def _thing(pairs: Pairs) -> FloatArray:
    """In [0, 1]: cosine of the document with the direction of titles that sell the thing; 0 for the other half."""
    likeness = pairs.meaning.likeness(thing_name(pairs)) if pairs.meaning else None
    if likeness is None:
        return np.full(pairs.size, UNKNOWN, np.float32)
    return np.clip(likeness, 0, 1)


FEATURE = Feature(
    "thing", 0, 1, "like titles that sell the thing; 0.3 where it is not known", _thing, reads_vectors=True
)
