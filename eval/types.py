"""The nouns of evaluation: frozen values that are also, field for field, the JSON the run folder holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

SearchFunction: TypeAlias = Callable[[str, int], Sequence[tuple[str, float]]]
"""(query text, depth) → at most depth (document id, score), best first. The order counts, the scores are shown."""

Tokenize: TypeAlias = Callable[[str], Sequence[str]]
"""Query text → its tokens."""

TitleOf: TypeAlias = Callable[[str], str | None]
"""Document id → its title, None where it is not known."""

Qrels: TypeAlias = Mapping[str, Mapping[str, int]]
"""Judgments, qid → document id → grade. A grade of 1 or more is relevant."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the test set."""

    qid: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search gave for one query, and how long it took."""

    qid: str
    ranking: tuple[tuple[str, float], ...]
    latency_ms: float


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as a report shows it. Grade None: not judged. Rank None: not retrieved (ranks start at 1)."""

    id: str
    title: str | None
    grade: int | None
    rank: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query: its measures (empty when it has no judgment), its slices (group → label) and what there is to see."""

    qid: str
    query: str
    measures: dict[str, float]
    slices: dict[str, str]
    retrieved: int
    first_relevant: int | None
    relevant: tuple[ShownDocument, ...]
    top: tuple[ShownDocument, ...]
    latency_ms: float

    @property
    def judged(self) -> bool:
        """Whether this query counts in the means."""
        return bool(self.measures)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its confidence interval. The bounds are None for a single value, which cannot be resampled."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SliceSummary:
    """The measures over the n judged queries of one slice. A tiny slice (n < 20) is an anecdote, not a finding."""

    group: str
    label: str
    n: int
    tiny: bool
    measures: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which queries the means stand on; every list holds qids in the order of the queries file.

    Attributes:
        asked: queries in the queries file.
        judged: those with at least one judgment; every mean is over exactly these.
        unjudged: asked, but without judgment: searched and listed, not in the means.
        without_relevant: judged, but no grade of 1 or more: always 0.
        without_result: judged, and the search gave nothing: 0.
        judged_not_asked: in the qrels, but not in the queries file.
        with_spam: judged, with a grade below 0, which gains nothing, as 0 does.
    """

    asked: int
    judged: int
    unjudged: tuple[str, ...]
    without_relevant: tuple[str, ...]
    without_result: tuple[str, ...]
    judged_not_asked: tuple[str, ...]
    with_spam: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latency:
    """Time of one search call in milliseconds, over all queries asked."""

    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers. Two runs may be compared when depth and both checksums are equal."""

    name: str
    about: dict[str, str]
    depth: int
    seed: int
    resamples: int
    queries_sha256: str
    qrels_sha256: str
    coverage: Coverage
    measures: dict[str, Interval]
    slices: tuple[SliceSummary, ...]
    latency: Latency


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run: its summary, and every query in the order asked."""

    summary: Summary
    outcomes: tuple[Outcome, ...]
    answers: tuple[Answer, ...]
