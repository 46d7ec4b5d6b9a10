"""The nouns of evaluation: frozen values that are also, field for field, the JSON the run folder holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias


class Found(NamedTuple):
    """A document of an answer.

    Attributes:
        score: shown; the order of the answer is what counts.
        relevance: what the search says of it as such, a probability; None where it says nothing.
        near: it stands under the divider, since it does not answer fully.
    """

    id: str
    score: float
    relevance: float | None = None
    near: bool = False


SearchFunction: TypeAlias = Callable[[str, int], Sequence[tuple[str, float] | Found]]
"""(query text, depth) → at most depth documents, best first; a pair (id, score) is enough."""

Tokenize: TypeAlias = Callable[[str], Sequence[str]]
"""Query text → its tokens."""

TitleOf: TypeAlias = Callable[[str], str | None]
"""Document id → its title, None where it is not known."""

Qrels: TypeAlias = Mapping[str, Mapping[str, int]]
"""Judgments, qid → document id → grade. A grade of 1 or more is relevant; an answer may need more (`eval.graded`)."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the test set."""

    qid: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search gave for one query, and how long it took; `found`: id → all that was said of a document."""

    qid: str
    ranking: tuple[tuple[str, float], ...]
    latency_ms: float
    found: Mapping[str, Found] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as a report shows it. Grade None: not judged. Rank None: not retrieved (ranks start at 1)."""

    id: str
    title: str | None
    grade: int | None
    rank: int | None
    score: float | None
    relevance: float | None = None
    near: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query: its measures (empty when it has no judgment), its slices (group → label) and what there is to see.

    `condensed` has those measures of a graded set that are taken without the documents that nobody judged, too.
    """

    qid: str
    query: str
    measures: dict[str, float]
    slices: dict[str, str]
    retrieved: int
    first_relevant: int | None
    relevant: tuple[ShownDocument, ...]
    top: tuple[ShownDocument, ...]
    latency_ms: float
    condensed: dict[str, float] = field(default_factory=dict)

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
class Cell:
    """A share of n queries, or of n hits, with its interval over queries."""

    n: int
    value: Interval


@dataclass(frozen=True, slots=True)
class GradedRow:
    """One measure over the queries that have an answer, those that have none, and all; None where it says nothing."""

    part: str
    measure: str
    answered: Cell | None
    unanswered: Cell | None
    every: Cell | None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """A fifth of the judged hits by relevance, from low to high: their mean relevance, and the share of answers."""

    low: float
    high: float
    mean: float
    answers: Cell


@dataclass(frozen=True, slots=True)
class Graded:
    """What grades tell that one relevant document cannot.

    Attributes:
        answer: the lowest grade that is an answer.
        answered, unanswered: judged queries with, and without, a document of that grade among the judged ones.
    """

    answer: int
    answered: int
    unanswered: int
    rows: tuple[GradedRow, ...]
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers. Two runs may be compared when depth and both checksums are equal.

    `graded` is None where no grade is above 1 and nobody said what an answer is.
    """

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
    graded: Graded | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished run: its summary, and every query in the order asked."""

    summary: Summary
    outcomes: tuple[Outcome, ...]
    answers: tuple[Answer, ...]
