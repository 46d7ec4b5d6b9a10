"""Which hits keep what was said: taste lifts none that leaves a word of the query out.

Somebody who asks for 荣耀 数据线 and usually buys 华为 must not find 华为 in front. So where words have said something,
a liking above 0 counts in full for hits that match the query as well as the best, and for others the less the more was
said; an aversion always counts. With strength s of the intent:

    liking⁺ · (1 − o (1 − k)),   o = min (1, max (0, (s − open) / (firm − open)))

with k = 1 for a hit that keeps it, else 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.types import FloatArray

SAID = ("product_match", "brand_match", "attribute_match", "audience_match", "character_coverage")
"""Features that say how much of a query a hit has."""
_OPEN, _FIRM = 0.3, 0.45
_NEAR = 0.02
"""Of the best match; so much less is as good."""


def kept(parts: Mapping[str, FloatArray], strength: float) -> FloatArray:
    """Times which a liking above 0 counts, in [0, 1], shape (n,).

    Args:
        parts: feature → its part of the score of each hit, shape (n,); parts that are missing say nothing.
        strength: of the intent, in [0, 1].
    """
    told = [np.asarray(parts[name], np.float64) for name in SAID if name in parts]
    if not told:
        return np.ones(len(next(iter(parts.values()), ())), np.float32)
    firm = min(1.0, max(0.0, (strength - _OPEN) / (_FIRM - _OPEN)))
    best = [part.max(initial=0.0) for part in told]
    shares = [part / most if most > 0 else np.ones(len(part)) for part, most in zip(told, best, strict=True)]
    words, characters = sum(shares[:-1]), shares[-1]
    keeps = (words >= np.max(words, initial=0.0) - _NEAR) & (characters >= 1 - _NEAR)
    return np.asarray(1 - firm * ~keeps, np.float32)
