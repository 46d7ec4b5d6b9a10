"""What a check may look at, and the bounds it keeps to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Self

from indexer.checks.sample import Pairs, Sample, no_sample, pairs_of, sample_of
from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import Manifest
from retrieval.protocols import Backend, Encoder, IndexReader

_ROUNDING = 1e-9
"""0.55 · 20 is a little more than 11 in floating point, and 11 of 20 are 55 %."""
_SIGMAS = 3.0
"""A sample differs from what it was drawn from by chance: so many standard deviations of a count are not told of."""
ENOUGH = 20
"""Products, from which on a share or a median says something."""


@dataclass(frozen=True, slots=True)
class Gates:
    """Bounds of section ``gates`` of the settings; units, ranges and reasons stand in default.yaml."""

    samples: int = 2000
    analysed: int = 50
    category_ratio: float = 0.5
    category_least: int = 20
    field_ratio: float = 0.8
    price_ratio: float = 1.5
    category_price_ratio: float = 2.0
    price_leap: float = 10.0
    price_leaps: float = 0.02
    out_of_stock: float = 0.95
    out_of_stock_rise: float = 0.3
    kept_ids: float = 0.5
    renamed_ids: float = 0.2
    number_ratio: float = 10.0
    kept_titles: float = 0.5
    kept_values: float = 0.5
    unreadable: float = 0.2
    twins: float = 0.5
    same_words: float = 0.7
    word_chars: float = 1.3
    same_vectors: float = 0.95
    vector_cosine: float = 0.98
    alike_vectors: float = 0.2
    latency_ratio: float = 4.0
    latency_floor_ms: float = 5.0
    metric_drop: float = 0.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a generation must reach to be published.

    Attributes:
        min_count_ratio: least share of the documents that are served, in [0, 1].
        gold_samples: products to look for by their own titles, ≥ 0.
        gold_share: least share of them that must be found, in [0, 1].
        gates: those of the other checks.
    """

    min_count_ratio: float
    gold_samples: int
    gold_share: float
    gates: Gates = field(default_factory=Gates)


@dataclass(frozen=True, slots=True)
class Drop:
    """A measure on judged queries, of the served generation and of the new one.

    Attributes:
        measure: its name.
        queries: that are judged.
        before, after: its means.
        low, high: 95 % interval of the mean difference, after − before.
    """

    measure: str
    queries: int
    before: float
    after: float
    low: float
    high: float


Judge = Callable[[str, str], Drop]
"""Asks judged queries of two generations, the served one first."""


@dataclass(frozen=True, slots=True, eq=False)
class CheckContext:
    """A finished generation that is not published yet, and the one it would follow.

    Attributes:
        previous: manifest of the served generation, None before the first.
        served: its products, None before the first or where they cannot be read.
        encoder: what made the vectors, None where that is not known.
        sample, before: evenly spaced products of the new generation and of the served one.
        pairs: of the sample, what is in both, by id.
    """

    backend: Backend
    reader: IndexReader
    previous: Manifest | None
    analyzer: Analyzer
    bounds: Bounds
    served: IndexReader | None = None
    encoder: Encoder | None = None
    judge: Judge | None = None
    sample: Sample = field(default_factory=no_sample)
    before: Sample = field(default_factory=no_sample)
    pairs: Pairs = field(default_factory=lambda: Pairs(no_sample(), no_sample()))

    @property
    def gates(self) -> Gates:
        return self.bounds.gates

    def after(self, served: IndexReader) -> Self:
        """Compared with what is served."""
        return replace(self, served=served)

    def sampled(self) -> Self:
        """With the samples that its bounds ask for."""
        sample = sample_of(self.reader, self.gates.samples)
        before = sample_of(self.served, self.gates.samples) if self.served else no_sample()
        pairs = pairs_of(sample, self.served) if self.served else Pairs(no_sample(), no_sample())
        return replace(self, sample=sample, before=before, pairs=pairs)


def reaches(part: int, share: float, whole: int) -> bool:
    """Whether `part` is at least `share` of `whole`."""
    return part >= (share - _ROUNDING) * whole


def surely_fewer(part: int, least: float) -> bool:
    """Whether a count of a sample is below `least` by more than chance makes it."""
    return part < least - _SIGMAS * sqrt(least)
