"""What was bought or refused itself: hidden and given back stays behind, bought is owned until it is used up.

How soon a thing is bought again is learned from the shopper's own orders of it, else from what is usual in its category
(复购, `retrieval.profiles.intervals`). Once bought it sinks; when the usual time has passed it comes back. Of a durable
thing one is enough: all of its category sinks with it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest
from retrieval.profiles.intervals import DAY, Intervals
from retrieval.profiles.traits import Thing

_REFUSED, _OWNED, _DUE = -1.0, -0.3, 0.6
_ENOUGH = -1.0
"""Of the category of a durable thing: times its worth about what an owned thing itself sinks by."""
_EARLY = 0.8
"""Of the usual time: from then on it is due."""
_NAMED_EVENTS = 5


def belongings(
    events: Sequence[ShopperEvent], orders: Sequence[ShopperEvent], things: Mapping[str, Thing],
    removed: Mapping[str, float], intervals: Intervals, as_of: float,
) -> list[Interest]:  # fmt: skip
    """One interest an item, of those that are still sold; the events are sorted by (ts, id).

    Args:
        orders: those of the events that stand.
        removed: interests that do not count any more, as ``dimension:value`` → since when.
    """
    done: dict[str, list[ShopperEvent]] = defaultdict(list)
    for event in events:
        told = event.item_id in things and event.type in (EventType.ORDER, EventType.REFUND, EventType.HIDE)
        if told and event.ts > removed.get(f"{Dimension.ITEM}:{event.item_id}", -math.inf):
            done[event.item_id].append(event)
    newest = {things[order.item_id].category: order.item_id for order in orders}
    found = []
    for item, each in sorted(done.items()):
        thing = things[item]
        usual = intervals.days.get(thing.category) if newest.get(thing.category) == item else None
        found.append(_interest(item, thing.title, each, usual, as_of))
    return found


def standing(events: Sequence[ShopperEvent], things: Mapping[str, Thing]) -> list[ShopperEvent]:
    """The orders of `things` that were not taken back."""
    back = _undone(events)
    return [e for e in events if e.type is EventType.ORDER and e.item_id in things and e.id not in back]


def owned_categories(
    orders: Sequence[ShopperEvent], things: Mapping[str, Thing], removed: Mapping[str, float], intervals: Intervals
) -> list[Interest]:  # fmt: skip
    """An aversion to each durable category of the orders, unless a thing of it was bought again and again.

    Args:
        orders: those that stand.
    """
    bought: dict[str, list[ShopperEvent]] = defaultdict(list)
    for order in orders:
        category = things[order.item_id].category
        if intervals.durable(category) and order.ts > removed.get(f"{Dimension.CATEGORY}:{category}", -math.inf):
            bought[category].append(order)
    found = []
    for category, each in bought.items():
        days = {(order.item_id, _day(order)) for order in each}
        if len(days) == len({item for item, _ in days}):
            found.append(
                Interest(
                    Dimension.CATEGORY, category, _ENOUGH, len(each), 1.0, each[-1].ts, events=_names(each), owned=True
                )
            )
    return found


def _interest(item: str, title: str, events: Sequence[ShopperEvent], usual: float | None, as_of: float) -> Interest:
    """Of what was done with an item.

    Args:
        usual: days after which it may come back although it was bought once; None: nobody knows.
    """
    back = _undone(events)
    days = sorted({_day(e) for e in events if e.type is EventType.ORDER and e.id not in back})
    if len(days) > 1:
        usual = median(later - earlier for earlier, later in pairwise(days))
    if events[-1].type is not EventType.ORDER:
        weight = _REFUSED
    elif usual is not None and as_of / DAY - days[-1] >= _EARLY * usual:
        weight = _DUE
    else:
        weight = _OWNED
    return Interest(
        Dimension.ITEM, item, weight, len(events), 1.0, events[-1].ts, events=_names(events), name=title
    )  # fmt: skip


def _undone(events: Sequence[ShopperEvent]) -> set[str]:
    """Ids of orders that were taken back: a refund undoes the last order of the thing; sorted by (ts, id)."""
    standing: dict[str, list[str]] = {}
    found = set()
    for event in events:
        mine = standing.setdefault(event.item_id, [])
        if event.type is EventType.ORDER:
            mine.append(event.id)
        elif event.type is EventType.REFUND and mine:
            found.add(mine.pop())
    return found


def _day(event: ShopperEvent) -> int:
    return int(event.ts // DAY)


def _names(events: Sequence[ShopperEvent]) -> tuple[str, ...]:
    """Of the newest."""
    return tuple(event.id for event in reversed(events))[:_NAMED_EVENTS]
