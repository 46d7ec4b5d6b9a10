"""What each event says: how strongly, for how long, and whether it is believed.

A signal counts as many times as a click. It halves with the age of the event; what this session did counts more. Of a
thing that is clicked again and again within a session the first click counts: it is the same wish. A session about
another audience than the shopper's own is a gift, and hardly counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.profiles.traits import Thing
from retrieval.profiles.weights import InterestWeights
from retrieval.types import IntArray

_DAY, _MINUTE = 86_400.0, 60.0
_OWN_SHARE, _OWN_EVIDENCE = 0.5, 4
"""An audience is the shopper's own with at least this share of what speaks of any, in so many sessions."""
_CHOSEN = frozenset({EventType.CLICK, EventType.CART, EventType.ORDER, EventType.LIKE})


@dataclass(frozen=True, slots=True)
class Signal:
    """What one event says of the traits of its thing.

    Attributes:
        traits: their numbers.
        weight: clicks, after decay; below 0 it speaks against.
        session: whether it was done in this session.
    """

    event: ShopperEvent
    traits: IntArray
    weight: float
    session: bool


def signals_of(
    events: Sequence[ShopperEvent], things: Mapping[str, Thing], queries: Mapping[str, IntArray],
    weights: InterestWeights, owned: Collection[str] = (), *, session_id: str, as_of: float,
) -> list[Signal]:  # fmt: skip
    """Signals that are not 0, in the order of the events, which are sorted by (ts, id).

    Args:
        owned: ids of orders that say nothing: one purchase of a fridge makes no fridge lover.
    """
    learn, told = weights.learn, weights.signals.by_type
    gifts = _gifts(events, things, session_id)
    seen: set[tuple[str, str, EventType]] = set()
    found = []
    for event in events:
        strength = told.get(event.type, 0.0)
        searched = event.type is EventType.SEARCH
        what = event.query if searched else event.item_id
        one = (event.session_id, what, event.type)
        if not strength or event.id in owned or one in seen or what not in (queries if searched else things):
            continue
        seen.add(one)
        if event.type is EventType.WATCH:
            strength *= min(event.watch_s / _MINUTE, 1.0)
        age = as_of - event.ts
        here = bool(session_id) and event.session_id == session_id and age <= learn.session_minutes * _MINUTE
        weight = strength * 0.5 ** (age / _DAY / learn.half_life_days) * (learn.session_boost if here else 1.0)
        weight *= learn.gift if event.session_id in gifts else 1.0
        found.append(Signal(event, queries[what] if searched else things[what].traits, weight, here))
    return found


def _gifts(events: Sequence[ShopperEvent], things: Mapping[str, Thing], now: str) -> set[str]:
    """Sessions that are about one audience, where all the others are mostly about another; never the one of now."""
    of_session: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.type in _CHOSEN and event.item_id in things:
            of_session[event.session_id] |= things[event.item_id].audiences
    count = Counter(audience for named in of_session.values() for audience in named)
    speaking = sum(map(bool, of_session.values()))
    own = {a for a, n in count.items() if n >= _OWN_EVIDENCE and n >= _OWN_SHARE * speaking}
    return {
        session for session, named in of_session.items()
        if own and session != now and named and named.isdisjoint(own) and all(count[a] == 1 for a in named)
    }  # fmt: skip
