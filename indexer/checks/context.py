"""What a check may look at."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import Manifest
from retrieval.protocols import Backend, IndexReader

_ROUNDING = 1e-9
"""0.55 · 20 is a little more than 11 in floating point, and 11 of 20 are 55 %."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a generation must reach to be published.

    Attributes:
        min_count_ratio: least share of the documents that are served, in [0, 1].
        gold_samples: products to look for by their own titles, ≥ 0.
        gold_share: least share of them that must be found, in [0, 1].
    """

    min_count_ratio: float
    gold_samples: int
    gold_share: float


@dataclass(frozen=True, slots=True)
class CheckContext:
    """A finished generation that is not published yet, and the one it would follow.

    Attributes:
        previous: manifest of the served generation, None before the first.
    """

    backend: Backend
    reader: IndexReader
    previous: Manifest | None
    analyzer: Analyzer
    bounds: Bounds


def reaches(part: int, share: float, whole: int) -> bool:
    """Whether `part` is at least `share` of `whole`."""
    return part >= (share - _ROUNDING) * whole
