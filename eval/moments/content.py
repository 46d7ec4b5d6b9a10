"""Who asks how to choose wants to watch: is a right video among the first things of a mixed page?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics import bootstrap_means
from eval.types import Interval, Qrels, Query
from retrieval.answer import SearchResponse

FIRST = 3
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class ContentScores:
    """Shares of queries with a judged video as the first thing of the page, and among its first three."""

    queries: int
    first: Interval
    first_3: Interval


def evaluate_content(
    queries: Sequence[Query], qrels: Qrels, search: Callable[[str], SearchResponse], *, seed: int = 0
) -> ContentScores:  # fmt: skip
    """Asks the queries that have a judged video; `search` gives a mixed page."""
    asked = [query for query in queries if any(grade > 0 for grade in qrels.get(query.qid, {}).values())]
    rows = []
    for query in asked:
        shown = [id for block in search(query.text).blocks for id in block.ids][:FIRST]
        right = [qrels[query.qid].get(id, 0) > 0 for id in shown]
        rows.append([float(any(right[:1])), float(any(right))])
    first, first_3 = bootstrap_means(np.array(rows), seed=seed, resamples=_RESAMPLES)
    return ContentScores(len(asked), first, first_3)
