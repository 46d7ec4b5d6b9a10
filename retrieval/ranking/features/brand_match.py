"""Is it of the brand or shop that is named?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.BRAND, Kind.SHOP})

FEATURE = Feature(
    "brand_match", 0, 1, "brand or shop; as `term_coverage` where none is named", entity_match(KINDS), formerly="brand"
)
