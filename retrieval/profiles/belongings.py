"""What was bought or refused itself: hidden and given back stays behind, bought is owned until it is used up.

How soon a thing is bought again is learned from the shopper's own orders of it. Once bought it sinks, whatever it is;
bought again and again, it comes back when the usual time has passed (复购).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest
from retrieval.profiles.traits import Thing

_REFUSED, _OWNED, _DUE = -1.0, -0.3, 0.6
_EARLY = 0.8
"""Of the usual time: from then on it is due."""
_DAY = 86_400.0


def belongings(
    events: Sequence[ShopperEvent], things: Mapping[str, Thing], removed: Mapping[str, float], as_of: float
) -> list[Interest]:  # fmt: skip
    """One interest an item, of those that are still sold; the events are sorted by (ts, id).

    Args:
        removed: interests that do not count any more, as ``dimension:value`` → since when.
    """
    done: dict[str, list[ShopperEvent]] = defaultdict(list)
    for event in events:
        told = event.item_id in things and event.type in (EventType.ORDER, EventType.REFUND, EventType.HIDE)
        if told and event.ts > removed.get(f"{Dimension.ITEM}:{event.item_id}", -math.inf):
            done[event.item_id].append(event)
    return [_interest(item, things[item].title, each, as_of) for item, each in sorted(done.items())]


def _interest(item: str, title: str, events: Sequence[ShopperEvent], as_of: float) -> Interest:
    days = sorted({int(event.ts // _DAY) for event in events if event.type is EventType.ORDER})
    if events[-1].type is not EventType.ORDER:
        weight = _REFUSED
    elif len(days) > 1:
        usual = median(later - earlier for earlier, later in pairwise(days))
        weight = _DUE if as_of / _DAY - days[-1] >= _EARLY * usual else _OWNED
    else:
        weight = _OWNED
    names = tuple(event.id for event in reversed(events))[:5]
    return Interest(Dimension.ITEM, item, weight, len(events), 1.0, events[-1].ts, events=names, name=title)
