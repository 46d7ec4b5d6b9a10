"""Queries that go with a query: of the same visits, of the same clicked things, and then of a query log by their words.

Only what several shoppers asked is shown, nothing sensitive or misspelled, nothing that may be a number of somebody.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from retrieval.mall.answer import QuerySource, RelatedQuery
from retrieval.mall.crowd import Queries
from retrieval.mall.log import asked_as, private
from retrieval.mall.together import Together

_LOGGED = 20_000
"""Of a query log, the most frequent queries that are looked at."""
_ALIKE = 0.3
"""Queries whose pairs of characters overlap less (Dice) are about something else."""


@dataclass(frozen=True, slots=True)
class LoggedQueries:
    """The most frequent queries of a log, and where each pair of characters stands in them."""

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    places: Mapping[str, list[int]]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> LoggedQueries:
        """Of query → how often; the most frequent first."""
        kept = [(text, n) for text, n in islice(counts.items(), _LOGGED) if asked_as(text)]
        places: dict[str, list[int]] = defaultdict(list)
        for place, (text, _) in enumerate(kept):
            for pair in _pairs(text):
                places[pair].append(place)
        return cls(tuple(text for text, _ in kept), tuple(n for _, n in kept), dict(places))

    def like(self, query: str) -> Iterable[tuple[str, float]]:
        """Those that share much of it, in no order, with a score in (0, 1]."""
        own = _pairs(query)
        shared: dict[int, int] = defaultdict(int)
        for pair in own:
            for place in self.places.get(pair, ()):
                shared[place] += 1
        top = math.log1p(max(self.counts, default=1))
        for place, count in shared.items():
            dice = 2 * count / (len(own) + len(_pairs(self.texts[place])))
            if dice >= _ALIKE:
                yield self.texts[place], dice * math.log1p(self.counts[place]) / top


def related(
    query: str, crowd: Queries, log: LoggedQueries, unfit: Callable[[str], bool]
) -> Iterator[RelatedQuery]:  # fmt: skip
    """The best first, those of shoppers before others; `unfit` says which must not be shown."""
    text = asked_as(query)
    found: dict[str, RelatedQuery] = {}
    number = crowd.numbers.get(text)
    if number is not None:
        told = {source: dict(_of(near, number)) for source, near in _ways(crowd)}
        for other in {other for scores in told.values() for other in scores}:
            best = max(told, key=lambda source: told[source].get(other, 0.0))
            score = sum(scores.get(other, 0.0) for scores in told.values()) / len(told)
            found[crowd.texts[other]] = RelatedQuery(crowd.texts[other], best, score)
    logged = [RelatedQuery(t, QuerySource.QUERY_LOG, score) for t, score in log.like(text) if t not in found]
    every = [*sorted(found.values(), key=_best_first), *(sorted(logged, key=_best_first) if text else ())]
    return (one for one in every if one.query != text and not private(one.query) and not unfit(one.query))


def _best_first(one: RelatedQuery) -> tuple[float, str]:
    return -one.score, one.query


def _ways(crowd: Queries) -> tuple[tuple[QuerySource, Together], ...]:
    return (QuerySource.SAME_VISIT, crowd.visits), (QuerySource.SAME_THINGS, crowd.things)


def _of(near: Together, number: int) -> Iterable[tuple[int, float]]:
    others, scores = near.of(number)
    return zip(others.tolist(), scores.tolist(), strict=True)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}
