"""How near the vectors of query and document are."""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature

FEATURE = Feature("cosine", -1, 1, "cosine of the vectors; 0 without an encoder", lambda pairs: pairs.cosine)
