"""Is it the model that is named?"""

from __future__ import annotations

from retrieval.ranking.features.entities import entity_match
from retrieval.ranking.features.feature import Feature
from retrieval.understanding.kinds import Kind

KINDS = frozenset({Kind.MODEL})

FEATURE = Feature(
    "model_match", 0, 1, "model; as `term_coverage` where none is named", entity_match(KINDS), formerly="model"
)
