"""How soon shoppers buy in a category again, learned from the orders of all of them (复购).

A median of a shopper's own gaps, then of shoppers: who orders every week counts once. What many bought, had the time to
buy again and did not, is durable. Guests are left out, since nobody could tell that they came back, and so is what
a shopper gave back. Of any category where neither is plain, nothing is said.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows
from retrieval.types import IntArray

DAY = 86_400.0
OFTEN = 0.1
"""A usual time is that of shoppers who bought again, at least this share of all buyers."""
AGAIN, SAME = 5, 0.2
"""At least so many and this share of them bought one thing again: else it is a taste, as in dresses, and no use."""
BUYERS, WATCHED, SELDOM = 20, 60, 0.05
"""Durable: of at least so many buyers whose first order is so many days old, at most this share bought again."""
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Intervals:
    """What is known of categories.

    Attributes:
        days: leaf category, normalised → usual days between two orders in it, > 0; infinite where it is durable.
    """

    days: Mapping[str, float] = field(default_factory=dict)

    def durable(self, category: str) -> bool:
        """Whether one is enough for as long as anybody can tell."""
        return self.days.get(category) == math.inf


def learn_intervals(store: EventStore, reader: IndexReader, until: float | None = None) -> Intervals:
    """From the orders before `until`, of things that the generation has. Raises StorageError."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    orders, back = (array("q"), array("q"), array("q")), set[tuple[int, int]]()
    for event in store.scan(until=until, types=(EventType.ORDER, EventType.REFUND)):
        if not event.user_id or not event.item_id or event.kind != "product":
            continue
        user, item = users.setdefault(event.user_id, len(users)), items.setdefault(event.item_id, len(items))
        if event.type is EventType.REFUND:
            back.add((user, item))
            continue
        for column, number in zip(orders, (user, item, int(event.ts // DAY)), strict=True):
            column.append(number)
    if not items:
        return Intervals()
    shoppers, things, days = (np.frombuffer(column, np.int64) for column in orders)
    names, category_of = _leaves(reader, list(items))
    pairs = shoppers * len(items) + things
    taken_back = np.array([user * len(items) + item for user, item in back], np.int64)
    told = (category_of[things] >= 0) & ~np.isin(pairs, taken_back)
    if not told.any():
        return Intervals()
    rows = np.unique(np.stack([category_of[things], shoppers, things, days])[:, told], axis=1)
    return Intervals(_usual_days(rows, names, int(days.max())))


def _leaves(reader: IndexReader, items: Sequence[str]) -> tuple[list[str], IntArray]:
    """Names of categories, and the number of that of each item; −1 where it has none, or is not sold any more."""
    numbers: dict[str, int] = {}
    found = np.full(len(items), -1, np.int64)
    for start in range(0, len(items), _BATCH):
        rows = list(enumerate(reader.rows_of(items[start : start + _BATCH]), start))
        there = [(place, row) for place, row in rows if row is not None]
        if there:
            forward = ForwardRows.decode(reader.forward(np.array([row for _, row in there], np.int64)))
            for (place, _), name in zip(there, forward.texts.categories, strict=True):
                if name:
                    found[place] = numbers.setdefault(name, len(numbers))
    return list(numbers), found


def _usual_days(rows: IntArray, names: Sequence[str], last: int) -> dict[str, float]:
    """Of each category that says something.

    Args:
        rows: category, shopper, thing and day of the orders, each once and sorted, shape (4, n).
        last: the last day of the log.
    """
    ends = np.searchsorted(rows[0], np.arange(len(names)), side="right")
    found = {}
    for name, (_, shoppers, *orders) in zip(names, np.split(rows, ends[:-1], axis=1), strict=True):
        each = np.split(np.stack(orders), np.flatnonzero(np.diff(shoppers)) + 1, axis=1)
        usual = _usual([_Buyer.of(*mine.tolist()) for mine in each if mine.size], last)
        if usual is not None:
            found[name] = usual
    return found


class _Buyer(NamedTuple):
    """One who bought in a category: on which days, ascending, and whether one thing on several of them."""

    days: list[int]
    same: bool

    @classmethod
    def of(cls, things: Sequence[int], days: Sequence[int]) -> _Buyer:
        """Of orders, each thing and day once."""
        return cls(sorted(set(days)), len(set(things)) < len(things))


def _usual(buyers: Sequence[_Buyer], last: int) -> float | None:
    """None where they say too little."""
    watched = [len(one.days) > 1 for one in buyers if last - one.days[0] >= WATCHED]
    if len(watched) >= BUYERS and sum(watched) <= SELDOM * len(watched):
        return math.inf
    back = [one for one in buyers if len(one.days) > 1]
    if len(back) < OFTEN * len(buyers) or sum(one.same for one in back) < max(AGAIN, SAME * len(back)):
        return None
    return float(median(median(later - earlier for earlier, later in pairwise(one.days)) for one in back))
