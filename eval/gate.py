"""How sure it is that a generation answers judged queries worse than another one: what a gate asks before a switch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.measures import NEEDED_DEPTH, PRIMARY, score
from eval.run import ask
from eval.statistics import bootstrap_means
from eval.types import Qrels, Query, SearchFunction
from indexer.checks.context import Drop

_SEED, _RESAMPLES = 0, 2000


def drop_between(before: SearchFunction, after: SearchFunction, queries: Sequence[Query], qrels: Qrels) -> Drop:
    """The means of nDCG@10 of both searches, and the 95 % interval of their difference, query by query."""
    judged = [query for query in queries if query.qid in qrels]
    was, now = (_measured(search, judged, qrels) for search in (before, after))
    difference = np.array([[now[query.qid] - was[query.qid]] for query in judged])
    (interval,) = bootstrap_means(difference, seed=_SEED, resamples=_RESAMPLES)
    before_mean, after_mean = (sum(values.values()) / len(judged) for values in (was, now))
    low = interval.mean if interval.low is None else interval.low
    high = interval.mean if interval.high is None else interval.high
    return Drop(PRIMARY, len(judged), before_mean, after_mean, low, high)


def _measured(search: SearchFunction, queries: Sequence[Query], qrels: Qrels) -> dict[str, float]:
    answers = [ask(search, query, NEEDED_DEPTH, lambda: 0.0) for query in queries]
    measured = score(answers, qrels, [PRIMARY])
    return {query.qid: measured[query.qid][PRIMARY] for query in queries}
