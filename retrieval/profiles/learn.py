"""A profile, as a pure function of the set of a shopper's events before a time: any order and any split give the same.

An interest is believed as much more than chance as it was chosen:

    weight = ± ln (1 + |c| / (prior + share · t)) · rarity / scale,   in [-1, 1]

with c what signals say of it, t what positive ones say in all, and `share` of the documents that have it anyway. So a
word that every title has (新款) is never an interest, and a rare one needs few clicks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.store import Choices
from retrieval.profiles.belongings import belongings
from retrieval.profiles.price_bands import band_signals
from retrieval.profiles.signals import Signal, signals_of
from retrieval.profiles.traits import Trait, TraitReader
from retrieval.profiles.vectors import interest_vectors
from retrieval.profiles.vocabulary import Key
from retrieval.profiles.weights import InterestWeights, Learning
from retrieval.protocols import IndexReader

_NAMED_EVENTS = 5
_PINNED = 0.3
"""The least weight of an interest that the shopper confirmed."""
_ACTS = frozenset({
    EventType.CLICK, EventType.VIEW, EventType.LIKE, EventType.CART, EventType.ORDER, EventType.WATCH,
    EventType.REFUND, EventType.HIDE,
})  # fmt: skip


@dataclass(slots=True)
class _Evidence:
    trait: Trait
    told: float = 0.0
    here: float = 0.0
    last: float = 0.0
    events: list[tuple[float, str]] = field(default_factory=list)


def learn(
    user_id: str, session_id: str, events: Iterable[ShopperEvent], reader: IndexReader, traits: TraitReader,
    weights: InterestWeights, choices: Choices, *, as_of: float,
) -> Profile:  # fmt: skip
    """What is known of a shopper at `as_of` (seconds since 1970); later events do not count."""
    each = {event.id: event for event in events if event.ts < as_of}
    known = sorted(each.values(), key=lambda event: (event.ts, event.id))
    things = traits.of(reader, (event.item_id for event in known if event.item_id and event.kind == "product"))
    typed = {event.query for event in known if event.type is EventType.SEARCH and event.query}
    queries = {query: traits.of_words(query) for query in sorted(typed)}
    signals = signals_of(known, things, queries, weights, session_id=session_id, as_of=as_of)
    signals += band_signals(known, things, signals)
    interests = _chosen(_interests(signals, weights.learn, choices), choices, as_of)
    interests += belongings(known, things, choices.removed, as_of)
    interests.sort(key=lambda one: (-abs(one.weight), one.dimension, one.value))
    kept = sorted(interests[: weights.learn.kept], key=lambda one: (one.dimension, -one.weight, one.value))
    acts = sum(event.type in _ACTS and event.item_id in things for event in known)
    vectors, shares = interest_vectors(signals, things, reader, most=weights.learn.vectors)
    return Profile(user_id, tuple(kept), acts / (acts + weights.learn.sure) if acts else 0.0, vectors, shares, as_of)


def _interests(signals: Sequence[Signal], learn: Learning, choices: Choices) -> list[Interest]:
    evidence: dict[Key, _Evidence] = {}
    for signal in signals:
        for trait in signal.traits:
            if signal.event.ts > choices.removed.get(_name(trait.key), -math.inf):
                _count(evidence.setdefault(trait.key, _Evidence(trait)), signal)
    total = sum(max(signal.weight, 0.0) for signal in signals)
    return [_interest(one, total, learn) for one in evidence.values()]


def _count(one: _Evidence, signal: Signal) -> None:
    one.told += signal.weight
    one.here += signal.weight if signal.session else 0.0
    one.last = max(one.last, signal.event.ts)
    one.events.append((-abs(signal.weight), signal.event.id))


def _interest(one: _Evidence, total: float, learn: Learning) -> Interest:
    trait = one.trait
    belief = math.log1p(abs(one.told) / (learn.prior + trait.share * total)) * trait.rarity / learn.scale
    count = len(one.events)
    strongest = tuple(dict.fromkeys(name for _, name in sorted(one.events)))[:_NAMED_EVENTS]
    return Interest(
        *trait.key, math.copysign(min(belief, 1.0), one.told), count, count / (count + 2), one.last,
        session=abs(one.here) > abs(one.told) / 2, events=strongest, name=trait.name,
    )  # fmt: skip


def _chosen(interests: list[Interest], choices: Choices, as_of: float) -> list[Interest]:
    """With what the shopper confirmed."""
    by_name = {f"{one.dimension}:{one.value}": one for one in interests}
    for name in sorted(choices.pinned):
        dimension, _, value = name.partition(":")
        if dimension not in set(Dimension) or not value:
            continue
        known = by_name.get(name, Interest(Dimension(dimension), value, 0.0, 0, 1.0, as_of))
        by_name[name] = replace(known, weight=max(known.weight, _PINNED), confidence=1.0)
    return list(by_name.values())


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"
