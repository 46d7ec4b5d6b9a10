"""The nouns of a personal evaluation: frozen values that are also, field for field, the JSON it prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.types import Coverage, Interval

NEUTRAL, PERSONAL, SHUFFLED = "neutral", "personal", "shuffled"
"""For nobody; as served, for who asks; as served, for another shopper."""

ALL = "all"
WARM, COLD = "warm", "cold"
WARM_ACTS = 4
"""A shopper with fewer acts before the query is cold."""


@dataclass(frozen=True, slots=True)
class ShopperQuery:
    """A query with who asked it and when.

    Attributes:
        ts: seconds since 1970; what happened at it or later must not be seen.
        band: a name for the report; the search is not told.
    """

    qid: str
    text: str
    user_id: str
    session_id: str
    ts: float
    band: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The first hits of one answer.

    Attributes:
        ids, titles: of the hits; neutral_ranks: their 1-based places for everybody.
        strength: of the intent, in [0, 1]; None where the query was not read.
        shift: places that a hit could move; applied: whether the order is the shopper's own.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    neutral_ranks: tuple[int, ...]
    strength: float | None
    shift: int
    applied: bool

    @property
    def moved(self) -> float:
        """The share of the hits that stand elsewhere than for everybody; 0 without hits."""
        places = enumerate(self.neutral_ranks, start=1)
        return sum(rank != place for place, rank in places) / max(len(self.ids), 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query, way → what it showed; `acts`: what the shopper had done before, but for looking and searching."""

    query: ShopperQuery
    acts: int
    shown: Mapping[str, Shown]

    @property
    def warmth(self) -> str:
        return WARM if self.acts >= WARM_ACTS else COLD


@dataclass(frozen=True, slots=True)
class Difference:
    """nDCG@10 of one way minus that of another, over the same queries.

    Attributes:
        delta: mean, with its 95 % bootstrap interval; relative: of the mean of the other, None where that is 0.
        p_value: paired randomisation test, two-sided; holm_p_value: corrected for all differences of the report.
    """

    way: str
    against: str
    delta: Interval
    relative: float | None
    p_value: float
    holm_p_value: float


@dataclass(frozen=True, slots=True)
class Group:
    """The judged queries of a band and of warm or cold shoppers (or `ALL`), n of them; a tiny one proves nothing.

    Attributes:
        ndcg: way → mean nDCG@10; fit: way → mean share of the first ten that fit the words, whoever asks (P@10).
        shift: mean of the places that a hit could move; moved: share of the first ten that stand elsewhere than for
            everybody; both as served.
    """

    shoppers: str
    band: str
    n: int
    tiny: bool
    ndcg: Mapping[str, float]
    fit: Mapping[str, float]
    differences: tuple[Difference, ...]
    shift: float
    moved: float


@dataclass(frozen=True, slots=True)
class Variety:
    """What the first ten of all queries show.

    Attributes:
        documents: how many different ones; coverage: as a share of the catalogue.
        diversity: of a list, 1 - the mean Jaccard similarity of the character bigrams of two of its titles; the mean.
    """

    documents: int
    coverage: float
    diversity: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Queries whose intent is about as strong, or whose shoppers have done about as much.

    Attributes:
        shift: mean of the places that a hit could move.
        gain: personal - neutral; share: of the gain of all queries, None where there is none.
        best_weight: the fixed weight that would be best for these queries, 0 for none; best_gain: what it would gain.
    """

    of: str
    label: str
    n: int
    tiny: bool
    shift: float
    gain: Interval
    share: float | None
    best_weight: float
    best_gain: float


@dataclass(frozen=True, slots=True)
class PersonalSummary:
    """The whole report in numbers.

    Attributes:
        best_fixed: the way of a fixed weight with the best mean over all queries, chosen on these very queries.
        tests: how many differences Holm's correction is for.
        variety: way → what its lists show.
    """

    name: str
    about: Mapping[str, str]
    seed: int
    resamples: int
    permutations: int
    coverage: Coverage
    best_fixed: str
    tests: int
    groups: tuple[Group, ...]
    variety: Mapping[str, Variety]
    calibration: tuple[Bin, ...]
