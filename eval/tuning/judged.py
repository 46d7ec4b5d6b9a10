"""Judged lists to teach an encoder with: a query, the judged titles among what is looked at closely, and what the rest
of ranking says of them, so that the encoder learns what words do not see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from eval.types import Qrels, Query
from retrieval.errors import InputError
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import RankingModel
from retrieval.types import FloatArray, IntArray

ANSWER = 2
"""The lowest grade of an answer."""
HIGHEST = 3
BY_VECTORS = frozenset({"cosine", "cosine_deviation", *(n for n, feature in FEATURES.items() if feature.reads_vectors)})
"""Features that the encoder makes; the rest of the sum is without them."""


class Examined(Protocol):
    """The first candidates of a query: their ids, their titles, and feature → values of them (n,)."""

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def titles(self) -> Sequence[str]: ...
    @property
    def features(self) -> Mapping[str, FloatArray]: ...


@dataclass(frozen=True, slots=True)
class JudgedList:
    """One query with n judged titles.

    Attributes:
        query: as it is encoded.
        titles: n of them.
        grades: (n,), 0 … HIGHEST.
        order, relevance: (n,), what the features that are not of the encoder say: their part of the score, and of the
            logit of the relevance.
    """

    query: str
    titles: tuple[str, ...]
    grades: IntArray
    order: FloatArray
    relevance: FloatArray

    @property
    def answered(self) -> bool:
        """Whether one of the titles is an answer."""
        return bool((self.grades >= ANSWER).any())


def collect(
    examine: Callable[[str], Examined], queries: Iterable[Query], qrels: Qrels, model: RankingModel,
    normalize: Callable[[str], str],
) -> list[JudgedList]:  # fmt: skip
    """The judged titles of every query that the search looks at; queries of which it sees fewer than two are left out.

    Where no grade exceeds 1, what is relevant is taken for a full answer; grades over HIGHEST count as HIGHEST, those
    below 0 as 0.

    Raises:
        InputError: no query has both an answer and something else among what is looked at.
    """
    binary = max((grade for grades in qrels.values() for grade in grades.values()), default=0) <= 1
    lists = []
    for query in queries:
        judged = qrels.get(query.qid, {})
        examined = examine(query.text) if judged else None
        places = [i for i, one in enumerate(examined.ids) if one in judged] if examined else []
        if not examined or len(places) < 2:
            continue
        raw = np.array([judged[examined.ids[i]] for i in places], np.int64)
        grades = np.where(raw >= 1, HIGHEST, 0) if binary else np.clip(raw, 0, HIGHEST)
        titles = tuple(examined.titles[i] for i in places)
        order = _rest(model.order, examined.features, places)
        weights = dict(zip(model.relevance.names, model.relevance.weights, strict=True))
        relevance = model.relevance.bias + _rest(weights, examined.features, places)
        lists.append(JudgedList(normalize(query.text), titles, grades, order, relevance))
    if not any(one.answered and (one.grades < ANSWER).any() for one in lists):
        hint = f"grades are 0 … {HIGHEST} (or 0 and 1), document ids those of the published generation"
        raise InputError("no query has an answer and another title among what is looked at", field="qrels", hint=hint)
    return lists


def parted(lists: Sequence[JudgedList], share: float, seed: int) -> tuple[list[JudgedList], list[JudgedList]]:
    """Those to learn from, and by chance this share of them to measure on, with all lists of a query on one side.

    Raises:
        InputError: one side would have no list with an answer.
    """
    queries = list(dict.fromkeys(one.query for one in lists))
    drawn = np.random.default_rng(seed).permutation(len(queries))[: round(share * len(queries))]
    aside = {queries[place] for place in drawn.tolist()}
    sides = [one for one in lists if one.query not in aside], [one for one in lists if one.query in aside]
    if not any(one.answered for one in sides[0]) or (share > 0 and not any(one.answered for one in sides[1])):
        message = f"{len(queries)} judged queries are too few to learn from and to measure on"
        raise InputError(message, field="queries", hint="judge more, or change --held-out")
    return sides


def _rest(weights: Mapping[str, float], features: Mapping[str, FloatArray], places: Sequence[int]) -> FloatArray:
    """Σ weight · feature without those of the encoder."""
    total = np.zeros(len(places), np.float32)
    for name, weight in weights.items():
        if name not in BY_VECTORS:
            total += np.float32(weight) * features[name][places]
    return total
