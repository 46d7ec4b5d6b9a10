"""How much of what is asked the document has: word by word, or by words that stand for them."""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature

FEATURE = Feature(
    "term_coverage", 0, 1, "the terms of the query, or words that stand for them, by weight",
    lambda pairs: pairs.term_coverage, formerly="words",
)  # fmt: skip
