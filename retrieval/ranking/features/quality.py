"""How good an offer is said to be, as its forward row has it (`retrieval.ranking.quality`)."""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature

FEATURE = Feature(
    "quality", 0, 1, "rating, drawn to the usual one while few have spoken",
    lambda pairs: pairs.rows.quality, taught_by_words=False,
)  # fmt: skip
