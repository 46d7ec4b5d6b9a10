"""The second look: of the best by the sum, query and title are read together, and what that says joins the sum.

    score     += order · (z - centre)
    relevance  = 1 / (1 + exp -(bias + first · logit(relevance) + read · z))

Only the best `depth` of the whole catalogue are read, once for a query: filters, orders and pages share what was read,
so that no filter moves a document over the divider. What is not read keeps its score: z is then taken to be `centre`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
import orjson
from cachetools import LRUCache

from retrieval.lists.score import Scored
from retrieval.protocols import PairReader
from retrieval.ranking.second_weights import SecondWeights
from retrieval.recall.matches import Matches, ReadTogether
from retrieval.search import Search
from retrieval.types import FloatArray
from retrieval.understanding.plan import Plan

FEATURE = "read_together"
"""The name of its part of a score."""


@dataclass(frozen=True, slots=True)
class SecondOptions:
    """`depth`: so many are read; `kept`: of so many queries what was read is remembered."""

    depth: int
    kept: int


class SecondLook:
    """Thread-safe."""

    name = "second_stage"
    """As an answer that goes without it says it in `degraded`."""

    def __init__(self, reader: PairReader, weights: SecondWeights, options: SecondOptions) -> None:
        self.weights = weights
        self._reader, self._depth = reader, options.depth
        self._kept: LRUCache[Hashable, ReadTogether] = LRUCache(max(options.kept, 1))
        self._lock = Lock()

    def read(self, search: Search, plan: Plan, matches: Matches, whole: Callable[[], Scored]) -> ReadTogether | None:
        """What is read of the best of the list that `whole` makes; None where there is no time for it.

        Raises:
            DeadlineExceeded: no time is left to make the list.
        """
        key = search.key(search.page.list.words, *matches.found)
        with self._lock:
            known = self._kept.get(key)
        if known is not None or search.hurried or search.deadline.remaining() == 0:
            return known
        scored = whole()
        looked_at = np.flatnonzero(scored.looked_at)
        best = looked_at[np.argsort(-scored.scores[looked_at], kind="stable")[: self._depth]]
        rows = np.sort(scored.rows[best])
        titles = [orjson.loads(source)["title"] for source in search.reader.sources(rows)]
        values = self._reader.read(plan.text.normalized, titles, search.deadline)
        if values is None:
            return None
        found = ReadTogether(rows, values)
        with self._lock:
            self._kept[key] = found
        return found


def with_second(scored: Scored, read: ReadTogether, weights: SecondWeights) -> Scored:
    """The list with what was read of some of it in scores, their parts, and relevance."""
    size = len(scored.rows)
    if not size or scored.parts_at is None or not len(read.rows):
        return scored
    at = np.minimum(np.searchsorted(read.rows, scored.rows), len(read.rows) - 1)
    places = np.flatnonzero((read.rows[at] == scored.rows) & scored.looked_at)
    z = read.values[at[places]]
    part = np.asarray(weights.order * (z - weights.centre), np.float32)
    scores, relevance = scored.scores.copy(), scored.relevance.copy()
    scores[places] += part
    relevance[places] = _chance(relevance[places], z, weights)
    parts = np.zeros(max((len(each) for each in scored.features.values()), default=0), np.float32)
    parts[scored.parts_at[places]] = part
    return replace(scored, scores=scores, relevance=relevance, features={**scored.features, FEATURE: parts})


def _chance(first: FloatArray, z: FloatArray, weights: SecondWeights) -> FloatArray:
    sure = np.clip(first.astype(np.float64), 1e-6, 1 - 1e-6)
    logit = weights.bias + weights.first * np.log(sure / (1 - sure)) + weights.read * z
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -60, 60))), np.float32)
