"""From single queries to means: over all judged queries and over every slice, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.slices import TINY, members
from eval.statistics import Values, bootstrap_means
from eval.types import Answer, Coverage, Interval, Latency, Outcome, Qrels, Query, SliceSummary


def coverage_of(queries: Sequence[Query], qrels: Qrels, answers: Sequence[Answer]) -> Coverage:
    """Which queries count and which do not, by name; nothing is dropped in silence."""
    asked = [query.qid for query in queries]
    judged = [qid for qid in asked if qid in qrels]
    empty = {answer.qid for answer in answers if not answer.ranking}
    return Coverage(
        asked=len(asked),
        judged=len(judged),
        unjudged=tuple(qid for qid in asked if qid not in qrels),
        without_relevant=tuple(qid for qid in judged if max(qrels[qid].values()) < 1),
        without_result=tuple(qid for qid in judged if qid in empty),
        judged_not_asked=tuple(sorted(set(qrels) - set(asked))),
        with_spam=tuple(qid for qid in judged if min(qrels[qid].values()) < 0),
    )


def overall(outcomes: Sequence[Outcome], *, seed: int, resamples: int) -> dict[str, Interval]:
    """Every measure over the judged outcomes, of which there is at least one."""
    return _means([outcome for outcome in outcomes if outcome.judged], seed, resamples)


def by_slice(outcomes: Sequence[Outcome], *, seed: int, resamples: int) -> tuple[SliceSummary, ...]:
    """Every measure over every slice that is not empty."""
    return tuple(
        SliceSummary(
            group, label, len(places), len(places) < TINY, _means([outcomes[i] for i in places], seed, resamples)
        )
        for group, label, places in members(outcomes)
    )


def latency_of(answers: Sequence[Answer]) -> Latency:
    """Percentiles of the time of one search call, linear between observations."""
    p50, p99 = np.percentile([answer.latency_ms for answer in answers], [50, 99])
    return Latency(round(float(p50), 3), round(float(p99), 3))


def matrix(outcomes: Sequence[Outcome], names: Sequence[str]) -> Values:
    """The named measures of judged outcomes, shape (len(outcomes), len(names)), float64."""
    return np.array([[outcome.measures[name] for name in names] for outcome in outcomes], dtype=np.float64)


def _means(outcomes: Sequence[Outcome], seed: int, resamples: int) -> dict[str, Interval]:
    names = tuple(outcomes[0].measures)
    return dict(zip(names, bootstrap_means(matrix(outcomes, names), seed=seed, resamples=resamples), strict=True))
