"""Judged lists to teach an encoder with: a query, the judged titles among what is looked at closely, and what the rest
of ranking says of them, so that the encoder learns what words do not see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

import numpy as np

from eval.types import Qrels, Query
from retrieval.errors import InputError
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import RankingModel
from retrieval.types import FloatArray, IntArray

ANSWER = 2
"""The lowest grade of an answer."""
HIGHEST = 3
"""The grade of a full answer."""
MOST_TITLES = 32
"""Of a list: half of them answers, if others are enough, as they are looked at; a step takes 0.12 GB for each."""
BY_VECTORS = frozenset({"cosine", "cosine_deviation", *(n for n, feature in FEATURES.items() if feature.reads_vectors)})
"""Features that the encoder makes; the rest of the sum is without them."""


class Examined(Protocol):
    """The first candidates of a query: its text as it is encoded, their ids and titles, and feature → values (n,)."""

    @property
    def query(self) -> str: ...
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
        titles: n of them, MOST_TITLES at most.
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
    examine: Callable[[str], Examined], queries: Iterable[Query], qrels: Qrels, model: RankingModel
) -> list[JudgedList]:
    """The judged titles of every query that the search looks at; queries of which it sees fewer than two are left out.

    Where no grade exceeds 1, what is relevant is taken for a full answer; grades over HIGHEST count as HIGHEST, those
    below 0 as 0.

    Raises:
        InputError: no query has both an answer and something else among what is looked at, or nothing ranks.
    """
    binary = max((grade for grades in qrels.values() for grade in grades.values()), default=0) <= 1
    needed = {*model.order, *model.relevance.names} - BY_VECTORS
    lists = []
    for query in queries:
        judged = qrels.get(query.qid, {})
        examined = examine(query.text) if judged else None
        if examined and (missing := sorted(needed - set(examined.features))):
            message = f"the search gives no feature {', '.join(missing)}"
            raise InputError(message, field="ranking.enabled", hint="rank, with a generation that taught its words")
        places = [i for i, one in enumerate(examined.ids) if one in judged] if examined else []
        if not examined or len(places) < 2:
            continue
        raw = np.array([judged[examined.ids[i]] for i in places], np.int64)
        grades = np.where(raw >= 1, HIGHEST, 0) if binary else np.clip(raw, 0, HIGHEST)
        kept = _kept(grades)
        places, grades = [places[i] for i in kept], grades[kept]
        titles = tuple(examined.titles[i] for i in places)
        order = _rest(model.order, examined.features, places)
        weights = dict(zip(model.relevance.names, model.relevance.weights, strict=True))
        relevance = model.relevance.bias + _rest(weights, examined.features, places)
        lists.append(JudgedList(examined.query, titles, grades, order, relevance))
    if not any(map(_tells, lists)):
        hint = f"grades are 0 … {HIGHEST} (or 0 and 1), document ids those of the published generation"
        raise InputError("no query has an answer and another title among what is looked at", field="qrels", hint=hint)
    return lists


def parted(lists: Sequence[JudgedList], share: float, seed: int) -> tuple[list[JudgedList], list[JudgedList]]:
    """Those to learn from, and about this share of them to measure on.

    The text of a query decides, so that it stays on its side when others are judged, too, and learning goes on.

    Raises:
        InputError: one side would have no list with an answer and something else.
    """
    aside = [crc32(f"{seed} {one.query}".encode()) < share * (1 << 32) for one in lists]
    sides = tuple([one for one, away in zip(lists, aside, strict=True) if away is held] for held in (False, True))
    if not all(any(map(_tells, side)) for side in sides):
        message = f"{len(lists)} judged queries are too few to learn from and to measure on"
        raise InputError(message, field="queries", hint="judge more, or change --held-out")
    return sides[0], sides[1]


def _tells(one: JudgedList) -> bool:
    """Whether it has an answer and something to tell it from."""
    return one.answered and bool((one.grades < ANSWER).any())


def _kept(grades: IntArray) -> IntArray:
    """Which of the titles of a list are kept, ascending."""
    answers, others = (grades >= ANSWER).nonzero()[0], (grades < ANSWER).nonzero()[0]
    some = answers[: max(MOST_TITLES // 2, MOST_TITLES - len(others))]
    return np.sort(np.concatenate([some, others[: MOST_TITLES - len(some)]]))


def _rest(weights: Mapping[str, float], features: Mapping[str, FloatArray], places: Sequence[int]) -> FloatArray:
    """Σ weight · feature without those of the encoder."""
    total = np.zeros(len(places), np.float32)
    for name, weight in weights.items():
        if name not in BY_VECTORS:
            total += np.float32(weight) * features[name][places]
    return total
