"""Has it the properties that are named?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.COLOR, Kind.MATERIAL, Kind.STYLE, Kind.FUNCTION, Kind.SCENE, Kind.SEASON})

FEATURE = Feature(
    "attribute_match",
    0,
    1,
    "colour, material, style, function, scene, season; as `term_coverage` where none is named",
    entity_match(KINDS),
    formerly="attributes",
)
