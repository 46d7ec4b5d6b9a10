"""Which hits keep what was said: taste lifts none that leaves a word of the query out.

Somebody who asks for 荣耀 数据线 and usually buys 华为 must not find 华为 in front; who asks for 拖把 wants a mop first
and the favourite brand second. So a liking above 0 counts in full for hits that have the words of the query as well as
the best one has, and for others the less the more was said; an aversion always counts:

    liking⁺ · (1 - o),   o = min (1, max (0, (strength - begins) / (full - begins)))

A weight would not do: it trades what was said for enough liking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.types import FloatArray, Mask

WORDS = ("product_match", "brand_match", "attribute_match", "audience_match")
"""Features of the ranking that say how well the words of the query are met."""
_AS_WELL = 0.995
"""Of the best hit; so much is as well."""


@dataclass(frozen=True, slots=True)
class KeepOptions:
    """Below the strength `begins` what was said is not in the way of taste, from `full` on all of it; in [0, 1]."""

    begins: float
    full: float


def counted(features: Mapping[str, FloatArray], strength: float, options: KeepOptions) -> FloatArray:
    """Times which a liking above 0 counts, in [0, 1], shape (n,).

    Args:
        features: feature → its part of the score of each hit, shape (n,), n ≥ 1.
        strength: of the intent, in [0, 1].
    """
    said = min(1.0, max(0.0, (strength - options.begins) / max(options.full - options.begins, 1e-9)))
    return np.where(_keeps(features), 1.0, 1.0 - said).astype(np.float32)


def _keeps(features: Mapping[str, FloatArray]) -> Mask:
    told = [features[name] for name in WORDS if name in features]
    met = np.sum(told, axis=0) if told else np.zeros(len(next(iter(features.values()), ())))
    return np.asarray(met >= _AS_WELL * met.max(initial=0.0))
