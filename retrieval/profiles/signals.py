"""What each event says: how strongly, for how long, and whether it is believed.

A signal counts as many times as a click. It halves with the age of the event; what this session did counts more. Of a
thing that is clicked again and again within a session the first click counts: it is the same wish. A session about
another audience than the shopper's own is a gift, and hardly counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension
from retrieval.profiles.traits import Trait, Traits
from retrieval.profiles.weights import InterestWeights

_DAY, _MINUTE = 86_400.0, 60.0
_CHANCE = (0.2, 0.15, 0.12, 0.105, 0.09, 0.08, 0.07, 0.06, 0.055, 0.05)
"""How often what stands at each of the first places is clicked; further behind half of the last."""
_OWN_SHARE, _OWN_EVIDENCE = 0.5, 4
"""An audience is the shopper's own with at least this share of what speaks of any, in so many sessions."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one event says of the traits of its thing.

    Attributes:
        weight: clicks, after decay; below 0 it speaks against.
        session: whether it was done in this session.
    """

    event: ShopperEvent
    traits: tuple[Trait, ...]
    weight: float
    session: bool


def signals_of(
    events: Sequence[ShopperEvent], things: Mapping[str, Traits], queries: Mapping[str, tuple[Trait, ...]],
    weights: InterestWeights, *, session_id: str, as_of: float,
) -> list[Signal]:  # fmt: skip
    """Signals that are not 0, in the order of the events, which are sorted by (ts, id)."""
    learn = weights.learn
    gifts = _gifts(events, things, session_id)
    clicked = {(e.session_id, e.item_id) for e in events if e.type is EventType.CLICK}
    seen: set[tuple[str, str, EventType, str]] = set()
    found = []
    for event in events:
        strength = _strength(event, weights, clicked)
        what = event.query if event.type is EventType.SEARCH else event.item_id
        one = (event.session_id, what, event.type, event.kind)
        traits = queries.get(event.query, ()) if event.type is EventType.SEARCH else _traits(things, event.item_id)
        if not strength or not traits or one in seen:
            continue
        seen.add(one)
        age = as_of - event.ts
        here = bool(session_id) and event.session_id == session_id and age <= learn.session_minutes * _MINUTE
        weight = strength * 0.5 ** (age / _DAY / learn.half_life_days) * (learn.session_boost if here else 1.0)
        weight *= learn.gift if event.session_id in gifts else 1.0
        found.append(Signal(event, traits, weight, here))
    return found


def _strength(event: ShopperEvent, weights: InterestWeights, clicked: set[tuple[str, str]]) -> float:
    if event.type is EventType.IMPRESSION:
        if not weights.signals.ignored or (event.session_id, event.item_id) in clicked:
            return 0.0
        known = 0 <= event.position < len(_CHANCE)
        return -weights.signals.ignored * (_CHANCE[event.position] if known else _CHANCE[-1] / 2)
    strength = float(getattr(weights.signals, event.type.value))
    return strength * min(event.watch_s / _MINUTE, 1.0) if event.type is EventType.WATCH else strength


def _gifts(events: Sequence[ShopperEvent], things: Mapping[str, Traits], now: str) -> set[str]:
    """Sessions that are about one audience, where all the others are mostly about another; never the one of now."""
    of_session: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.type in (EventType.CLICK, EventType.CART, EventType.ORDER, EventType.LIKE):
            named = {t.key[1] for t in _traits(things, event.item_id) if t.key[0] is Dimension.AUDIENCE}
            of_session[event.session_id] |= named
    count: dict[str, int] = defaultdict(int)
    for named in of_session.values():
        for audience in named:
            count[audience] += 1
    speaking = sum(map(bool, of_session.values()))
    own = {a for a, n in count.items() if n >= _OWN_EVIDENCE and n >= _OWN_SHARE * speaking}
    return {
        session for session, named in of_session.items()
        if own and session != now and named and named.isdisjoint(own) and all(count[a] == 1 for a in named)
    }  # fmt: skip


def _traits(things: Mapping[str, Traits], item_id: str) -> tuple[Trait, ...]:
    thing = things.get(item_id)
    return thing.traits if thing else ()
