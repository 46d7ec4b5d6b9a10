"""What shoppers ask, now and usually, counted so that nobody can push a query alone.

A shopper counts once a day for a query, with the first `a_day` different queries of the day; a visit of which no
shopper is known counts less. With w the weight of each such search and t its age:

    demand = Σ w · 2^(−t / half-life)
    heat   = (recent − usual) / √(usual + DOUBT)

recent: distinct shoppers of the last hours; usual: what as many hours had on average in the days before. The second is
how many standard deviations of a Poisson count the first lies above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.mall.log import Log, private
from retrieval.mall.together import Choices
from retrieval.suggest.options import AskedOptions
from retrieval.types import FloatArray, IntArray, Mask

DOUBT = 1.0
_DAY_S, _HOUR_S = 86_400.0, 3_600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Queries that several asked, the most asked first; shape (queries,) each.

    Attributes:
        demand: see above.
        recent, usual: weighted shoppers of the last hours, and as many as usual.
        clicked: share of those who asked that chose something then, drawn towards a half while few have asked.
    """

    texts: tuple[str, ...]
    demand: FloatArray
    recent: FloatArray
    usual: FloatArray
    clicked: FloatArray

    @classmethod
    def nothing(cls) -> Asked:
        """Nobody asked anything."""
        none = np.empty(0, np.float32)
        return cls((), none, none, none, none)

    @property
    def heat(self) -> FloatArray:
        """See above."""
        return np.asarray((self.recent - self.usual) / np.sqrt(self.usual + DOUBT), np.float32)


def asked_of(log: Log, now: float, options: AskedOptions) -> Asked:
    """Of the searches and clicks in `log`, as of `now`, seconds since 1970."""
    size = len(log.queries)
    once = _once(log.asked(), options.a_day)
    weight = np.where(log.named()[once.shoppers], 1.0, options.unnamed)
    age = np.maximum(now - once.times, 0.0)

    def summed(where: Mask, values: FloatArray) -> FloatArray:
        return np.bincount(once.things[where], values[where], size).astype(np.float32)

    everywhen = np.ones(len(age), np.bool_)
    demand = summed(everywhen, (weight * 0.5 ** (age / (options.half_life_days * _DAY_S))).astype(np.float32))
    hot, before = options.hot_hours * _HOUR_S, options.hot_days * _DAY_S
    recent = summed(age < hot, weight.astype(np.float32))
    usual = summed((age >= hot) & (age < hot + before), weight.astype(np.float32)) * (hot / before)
    asking = np.unique(once.shoppers * np.int64(size) + once.things) if size else np.empty(0, np.int64)
    askers = np.bincount(asking % max(size, 1), minlength=size)
    chose = log.clicked()
    choosing = np.intersect1d(asking, chose.shoppers * np.int64(max(size, 1)) + chose.things)
    clicked = (np.bincount(choosing % max(size, 1), minlength=size) + 1) / (askers + 2)
    names = list(log.queries)
    kept = [n for n in np.flatnonzero(askers >= options.least_shoppers).tolist() if not private(names[n])]
    order = np.array(sorted(kept, key=lambda n: (-demand[n], names[n]))[: options.most], np.int64)
    texts = tuple(names[n] for n in order.tolist())
    return Asked(texts, demand[order], recent[order], usual[order], clicked[order].astype(np.float32))


def _once(searches: Choices, most: int) -> Choices:
    """Each shopper's first search for a query in a day, and of a day the first `most` queries."""
    days = (searches.times // _DAY_S).astype(np.int64)
    order = np.lexsort((searches.times, searches.things, days, searches.shoppers))
    first = order[_begins(searches.shoppers[order], days[order], searches.things[order])]
    first = first[np.lexsort((searches.things[first], searches.times[first], days[first], searches.shoppers[first]))]
    starts = np.flatnonzero(_begins(searches.shoppers[first], days[first]))
    place = np.arange(len(first)) - np.repeat(starts, np.diff(np.append(starts, len(first))))
    kept = first[place < most]
    return Choices(searches.shoppers[kept], searches.things[kept], searches.times[kept])


def _begins(*columns: IntArray) -> Mask:
    """Where a row differs from the one before it; shape of each column."""
    differs = np.ones(len(columns[0]), np.bool_)
    differs[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return differs
