"""Is `relevance` what it says it is? AUC (does it tell answers from the rest) and calibration, over first tens.

Hits of one query are no independent draws, so that intervals resample queries with all their hits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.statistics import DIGITS, Values, bootstrap_statistic, ratio
from eval.types import CalibrationBin, Cell, Outcome

BINS = 5
"""Equal parts of the judged hits, by relevance."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The judged hits of n queries whose relevance is known, N in all, from low to high.

    Attributes:
        relevance: probabilities, shape (N,); good: whether they are answers, 1.0 or 0.0, shape (N,).
        of: place of the query of each, shape (N,); n: how many queries there are.
    """

    relevance: Values
    good: Values
    of: npt.NDArray[np.intp]
    n: int

    @property
    def mixed(self) -> bool:
        """Whether there are answers and others, without which there is no AUC."""
        return bool(0 < self.good.sum() < len(self.good))


def hits_of(outcomes: Sequence[Outcome], answer: int) -> Hits:
    """Of the first ten; good: graded `answer` or more."""
    told = [
        (one.relevance, one.grade >= answer, place)
        for place, outcome in enumerate(outcomes)
        for one in outcome.top
        if one.grade is not None and one.relevance is not None
    ]
    told.sort(key=lambda hit: hit[0])
    relevance, good, of = zip(*told, strict=True) if told else ((), (), ())
    return Hits(np.array(relevance, np.float64), np.array(good, np.float64), np.array(of, np.intp), len(outcomes))


def auc_by_draw(hits: Hits) -> Callable[[Values], float]:
    """(places of the queries drawn) → AUC over their hits together; 0.5 where they are of one sort.

    AUC is the probability that an answer has a higher relevance than another hit, ties counting half (Mann and Whitney
    1947): for each answer the others below it are counted, and half of those beside it.
    """
    first, last = (np.searchsorted(hits.relevance, hits.relevance, side) for side in ("left", "right"))

    def auc(drawn: Values) -> float:
        times = np.bincount(drawn.astype(np.intp), minlength=hits.n)[hits.of]
        good, others = times * hits.good, times * (1 - hits.good)
        below = np.concatenate([[0.0], others.cumsum()])
        pairs = good.sum() * others.sum()
        return float(good @ (below[first] + below[last]) / 2 / pairs) if pairs else 0.5

    return auc


def every(n: int) -> Values:
    """The places of n queries, each drawn once."""
    return np.arange(n, dtype=np.float64)


def auc_of(hits: Hits, *, seed: int, resamples: int) -> Cell | None:
    """With its interval; None where the hits are of one sort."""
    if not hits.mixed:
        return None
    value = bootstrap_statistic((every(hits.n),), auc_by_draw(hits), seed=seed, resamples=resamples)
    return Cell(len(hits.good), value)


def calibration(hits: Hits, *, seed: int, resamples: int) -> tuple[CalibrationBin, ...]:
    """Five equal parts of the hits, fewer where there are not as many, none where all are of one sort.

    Hits of equal relevance may be parted.
    """
    parts = np.array_split(np.arange(len(hits.good)), BINS) if hits.mixed else []
    return tuple(_bin(hits, part, seed, resamples) for part in parts if len(part))


def _bin(hits: Hits, part: npt.NDArray[np.intp], seed: int, resamples: int) -> CalibrationBin:
    whole = np.bincount(hits.of[part], minlength=hits.n).astype(np.float64)
    answers = np.bincount(hits.of[part], hits.good[part], hits.n).astype(np.float64)
    columns = (answers[whole > 0], whole[whole > 0])
    share = bootstrap_statistic(columns, ratio, seed=seed, resamples=resamples)
    said = hits.relevance[part]
    low, high, mean = (round(float(one), DIGITS) for one in (said[0], said[-1], said.mean()))
    return CalibrationBin(low, high, mean, Cell(len(part), share))
