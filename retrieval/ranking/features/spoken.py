"""How surely somebody says all that was asked about it, in a video."""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature

FEATURE = Feature(
    "spoken", 0, 1, "confidence that a moment that says every word of the query is about it; 0 without one",
    lambda pairs: pairs.spoken, taught_by_words=False,
)  # fmt: skip
