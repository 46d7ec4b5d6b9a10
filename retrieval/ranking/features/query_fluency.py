"""Is the query text that somebody would write, or characters drawn by chance?"""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.language import shortfall

USUAL = -8.0
"""`retrieval.understanding.plan.Language.likelihood`: 97 of 100 real queries have more."""

FEATURE = Feature(
    "query_fluency", -12, 0, "the query is text that somebody would write; negative for characters drawn by chance",
    lambda pairs: shortfall(pairs, pairs.setting.language.likelihood, USUAL), formerly="likelihood",
)  # fmt: skip
