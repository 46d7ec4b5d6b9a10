"""Is it for whom it is asked?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.AUDIENCE})

FEATURE = Feature(
    "audience_match",
    0,
    1,
    "whom it is for; as `term_coverage` where none is named",
    entity_match(KINDS),
    formerly="audience",
)
