"""B − A in what grades say: the same queries under both runs, resampled together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eval.graded.relevance import auc_by_draw, every, hits_of
from eval.graded.shares import has_answer
from eval.graded.summary import AUC, measures_of, part_of, shares
from eval.statistics import DIGITS, Values, bootstrap_statistic, ratio
from eval.types import Interval, Outcome

Both = tuple[Outcome, Outcome]
"""One judged query under A and under B."""

OVER = ("with an answer", "without", "all")
"""The groups of queries, as `GradedDelta.over` names them."""


@dataclass(frozen=True, slots=True)
class GradedDelta:
    """B − A in one measure over some queries, which `over` names; n of them have something to say of it."""

    part: str
    measure: str
    over: str
    n: int
    mean_a: float
    mean_b: float
    delta: Interval


def graded_deltas(pairs: Sequence[Both], answer: int, *, seed: int, resamples: int) -> tuple[GradedDelta, ...]:
    """Every row of the report, over each group of queries for which both runs have it."""
    known = [has_answer(a, answer) for a, _ in pairs]
    groups = (
        [pair for pair, has in zip(pairs, known, strict=True) if has],
        [pair for pair, has in zip(pairs, known, strict=True) if not has],
        pairs,
    )

    def rows() -> Iterator[GradedDelta]:
        for measure in measures_of([pairs[0][0]]):
            of = _of_auc if measure == AUC else _of_share
            for over, group in zip(OVER, groups, strict=True):
                found = of(group, measure, answer, seed, resamples)
                if found is not None:
                    n, a, b, delta = found
                    yield GradedDelta(part_of(measure), measure, over, n, round(a, DIGITS), round(b, DIGITS), delta)

    return tuple(rows())


_Found = tuple[int, float, float, Interval] | None


def _of_share(group: Sequence[Both], measure: str, answer: int, seed: int, resamples: int) -> _Found:
    rows = [(*shares(a, answer)[measure], *shares(b, answer)[measure]) for a, b in group]
    told = np.array([row for row in rows if row[1] or row[3]], np.float64).reshape(-1, 4)
    if not told[:, 1].any() or not told[:, 3].any():
        return None
    part_a, whole_a, part_b, whole_b = told.T

    def minus(part_a: Values, whole_a: Values, part_b: Values, whole_b: Values, axis: int) -> Values:
        return ratio(part_b, whole_b, axis) - ratio(part_a, whole_a, axis)

    delta = bootstrap_statistic((part_a, whole_a, part_b, whole_b), minus, seed=seed, resamples=resamples)
    return len(told), float(ratio(part_a, whole_a)), float(ratio(part_b, whole_b)), delta


def _of_auc(group: Sequence[Both], measure: str, answer: int, seed: int, resamples: int) -> _Found:
    hits_a, hits_b = hits_of([a for a, _ in group], answer), hits_of([b for _, b in group], answer)
    if not hits_a.mixed or not hits_b.mixed:
        return None
    of_a, of_b = auc_by_draw(hits_a), auc_by_draw(hits_b)

    def minus(drawn: Values) -> float:
        return of_b(drawn) - of_a(drawn)

    all_once = every(len(group))
    delta = bootstrap_statistic((all_once,), minus, seed=seed, resamples=resamples)
    return len(group), of_a(all_once), of_b(all_once), delta
