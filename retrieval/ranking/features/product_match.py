"""Is it the thing itself (中心词)?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.PRODUCT, Kind.CATEGORY})

FEATURE = Feature(
    "product_match",
    0,
    1,
    "the thing itself (中心词); as `term_coverage` where none is named",
    entity_match(KINDS),
    formerly="head",
)
