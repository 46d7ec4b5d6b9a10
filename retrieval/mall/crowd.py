"""What all shoppers together did, learned in one pass over the newest events of a store.

The crowd knows nobody: it keeps which things and queries go together, how many shoppers chose each, and no shopper.
What fewer than a few distinct shoppers did is not in it; who withdrew consent or was deleted is not in the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.mall.again import bought_again
from retrieval.mall.log import Log
from retrieval.mall.options import CrowdOptions
from retrieval.mall.together import Choices, Together, distinct_shoppers, together
from retrieval.types import FloatArray, IntArray

LOOKED = frozenset(
    {EventType.CLICK, EventType.VIEW, EventType.WATCH, EventType.LIKE, EventType.CART, EventType.ORDER}
)  # fmt: skip
"""What says that a thing was looked at."""
_READ = LOOKED | {EventType.REFUND, EventType.HIDE, EventType.SEARCH}
_DAY_S = 86_400.0
_REACH = 20
"""Choices of a shopper that one is paired with."""
_BUYER = 4.0
"""Shoppers who looked that one who bought counts as."""
_ALWAYS = 1e18
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Queries:
    """Queries by number, and which go together: asked in one visit, and clicking the same things."""

    texts: tuple[str, ...]
    numbers: dict[str, int]
    visits: Together
    things: Together


@dataclass(frozen=True, slots=True)
class Crowd:
    """See above.

    Attributes:
        ids: of the things, by number.
        liked: how many shoppers looked at each, buyers counting more, shape (things,).
        again: how many ordered each on several days (`retrieval.mall.again`), shape (things,).
        after_watching: video → queries that several asked after it, the most frequent first.
    """

    ids: tuple[str, ...]
    liked: FloatArray
    again: IntArray
    viewed: Together
    bought: Together
    queries: Queries
    after_watching: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def nobody() -> Crowd:
    """The crowd of an empty store."""
    return crowd_of_log(Log(), CrowdOptions(1, 1, 1, 1, 1, 1, 1))


def learn_crowd(store: EventStore, options: CrowdOptions) -> Crowd:
    """Reads the newest events. Raises StorageError."""
    log = Log()
    for event in store.scan(since=store.newest() - options.days * _DAY_S, types=_READ):
        log.add(event)
        if len(log) > 2 * options.events:
            log.keep_last(options.events)
    log.keep_last(options.events)
    return crowd_of_log(log, options)


def crowd_of_log(log: Log, options: CrowdOptions) -> Crowd:
    """What a log teaches."""
    looked, bought = log.choices(LOOKED, but=EventType.HIDE), log.choices({EventType.ORDER}, but=EventType.REFUND)
    size, least = len(log.items), options.least_shoppers
    lookers, buyers = (distinct_shoppers(each.shoppers, each.things, size) for each in (looked, bought))
    kept = np.flatnonzero(lookers >= least)
    looked, bought = _among(looked, kept, size), _among(bought, kept, size)
    liked = (lookers + (_BUYER - 1) * buyers)[kept].astype(np.float32)
    names = list(log.items)
    viewed = _together(looked, len(kept), options, seconds=options.minutes * 60, least=least)
    orders = _together(bought, len(kept), options, seconds=options.bought_days * _DAY_S, least=least)
    ids, after = tuple(names[place] for place in kept.tolist()), log.watching.counts(least)
    again = bought_again(bought, len(kept), least)
    return Crowd(ids, liked, again, viewed, orders, _queries(log, options), after)


def _queries(log: Log, options: CrowdOptions) -> Queries:
    asked, chosen, size = log.asked(), log.chosen_after(), len(log.queries)
    kept = np.flatnonzero(distinct_shoppers(asked.shoppers, asked.things, size) >= options.least_shoppers)
    names = list(log.queries)
    texts = tuple(names[place] for place in kept.tolist())
    return Queries(
        texts,
        {text: number for number, text in enumerate(texts)},
        _together(
            _among(asked, kept, size), len(kept), options, seconds=options.minutes * 60, least=options.least_shoppers
        ),
        _together(_among(chosen, kept, size), len(kept), options, seconds=_ALWAYS, least=1),
    )


def _together(choices: Choices, size: int, options: CrowdOptions, *, seconds: float, least: int) -> Together:
    return together(
        choices, size, window=seconds, reach=_REACH, least=least, neighbours=options.neighbours, pairs=options.pairs
    )  # fmt: skip


def _among(choices: Choices, kept: IntArray, size: int) -> Choices:
    """Those of the things `kept`, which are numbered anew in their order."""
    numbers = np.full(size, -1, np.int64)
    numbers[kept] = np.arange(len(kept))
    things = numbers[choices.things]
    there = things >= 0
    return Choices(choices.shoppers[there], things[there], choices.times[there])
