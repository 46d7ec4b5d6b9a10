"""Is it as large as asked?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.SIZE, Kind.SPECIFICATION, Kind.CAPACITY})

FEATURE = Feature(
    "size_match",
    0,
    1,
    "size, specification, capacity; as `term_coverage` where none is named",
    entity_match(KINDS),
    formerly="units",
)
