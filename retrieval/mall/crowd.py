"""What all shoppers together did, learned in one pass over the newest events of a store.

The crowd knows nobody: it keeps which things and queries go together, how many shoppers chose each, and no shopper.
What fewer than a few distinct shoppers did is not in it; who withdrew consent or was deleted is not in the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.interest.event import EventType
from retrieval.interest.store import EventStore
from retrieval.mall.log import Log
from retrieval.mall.options import CrowdOptions
from retrieval.mall.together import Choices, Together, distinct_shoppers, together
from retrieval.types import FloatArray, Mask

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
    """

    ids: tuple[str, ...]
    liked: FloatArray
    viewed: Together
    bought: Together
    queries: Queries


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
    size = len(log.items)
    looked, bought = log.choices(LOOKED, but=EventType.HIDE), log.choices({EventType.ORDER}, but=EventType.REFUND)

    def pairs(choices: Choices, size: int, seconds: float, least: int) -> Together:
        return together(
            choices, size, window=seconds, reach=_REACH, least=least, neighbours=options.neighbours,
            pairs=options.pairs,
        )  # fmt: skip

    least, minutes = options.least_shoppers, options.minutes * 60
    buyers = distinct_shoppers(bought.shoppers, bought.things, size)
    liked = distinct_shoppers(looked.shoppers, looked.things, size) + (_BUYER - 1) * buyers
    asked, chosen = log.asked(), log.chosen_after()
    known = distinct_shoppers(asked.shoppers, asked.things, len(log.queries)) >= least
    asked, chosen = _of_known(asked, known), _of_known(chosen, known)
    queries = Queries(
        tuple(log.queries), log.queries, pairs(asked, len(log.queries), minutes, least),
        pairs(chosen, len(log.queries), _ALWAYS, 1),
    )  # fmt: skip
    return Crowd(
        tuple(log.items), liked.astype(np.float32), pairs(looked, size, minutes, least),
        pairs(bought, size, options.bought_days * _DAY_S, least), queries,
    )  # fmt: skip


def _of_known(choices: Choices, known: Mask) -> Choices:
    kept = known[choices.things]
    return Choices(choices.shoppers[kept], choices.things[kept], choices.times[kept])
