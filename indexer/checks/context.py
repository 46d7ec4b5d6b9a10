"""What a check may look at."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import Manifest
from retrieval.protocols import Backend, IndexReader


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A finished generation that is not published yet, and the one it would follow.

    Attributes:
        previous: manifest of the published generation, None before the first.
        min_count_ratio: least share of the previous documents, in [0, 1].
        gold_samples: products to look for by their own titles.
        gold_share: least share of them that must be found, in [0, 1].
    """

    backend: Backend
    reader: IndexReader
    previous: Manifest | None
    analyzer: Analyzer
    min_count_ratio: float
    gold_samples: int
    gold_share: float
