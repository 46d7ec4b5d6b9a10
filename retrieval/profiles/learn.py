"""A profile, as a pure function of the set of a shopper's events before a time: any order and any split give the same.

An interest is believed as much more than chance as it was chosen:

    weight = ± ln (1 + |c| / (prior + share · t)) · rarity / scale,   in [-1, 1],   rarity = -ln share

with c what signals say of it, t what positive ones say in all, and `share` of the documents that have it anyway. So a
word that every title has (新款) is never an interest, and a rare one needs few clicks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from retrieval.interest.blend import Gains
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.store import Choices
from retrieval.profiles.belongings import belongings, owned_categories, standing
from retrieval.profiles.intervals import Intervals
from retrieval.profiles.price_bands import band_signals
from retrieval.profiles.signals import Signal, signals_of
from retrieval.profiles.traits import Thing, TraitReader
from retrieval.profiles.weights import InterestWeights, Learning
from retrieval.protocols import IndexReader
from retrieval.types import IntArray

_NAMED_EVENTS, _LIKED = 5, 64
_NOTHING_USUAL = Intervals()
_PINNED = 0.3
"""The least weight of an interest that the shopper confirmed."""
_ACTS = frozenset(EventType) - {EventType.IMPRESSION, EventType.SEARCH}


def learn(
    user_id: str, session_id: str, events: Iterable[ShopperEvent], reader: IndexReader, traits: TraitReader,
    weights: InterestWeights, choices: Choices, intervals: Intervals = _NOTHING_USUAL, *, as_of: float,
) -> Profile:  # fmt: skip
    """What is known of a shopper at `as_of` (seconds since 1970); later events say nothing, nor what was only shown."""
    told = {e.id: e for e in events if e.ts < as_of and e.type is not EventType.IMPRESSION}
    known = sorted(told.values(), key=lambda event: (event.ts, event.id))
    things = traits.of(reader, (e.item_id for e in known if e.item_id and e.kind == "product"))
    queries = {e.query: traits.of_words(e.query) for e in known if e.type is EventType.SEARCH and e.query}
    orders = standing(known, things)
    owned = {order.id for order in orders if intervals.durable(things[order.item_id].category)}
    signals = signals_of(known, things, queries, weights, owned, session_id=session_id, as_of=as_of)
    signals += band_signals(known, things, signals, traits)
    enough = owned_categories(orders, things, choices.removed, intervals)
    liked = _interests(signals, traits, weights.learn, choices)
    interests = _chosen([*liked, *enough], choices, as_of)
    interests += belongings(known, orders, things, choices.removed, intervals, as_of)
    interests.sort(key=lambda one: (-abs(one.weight), one.dimension, one.value))
    kept = sorted(interests[: weights.learn.kept], key=lambda one: (one.dimension, -one.weight, one.value))
    acts = sum(event.type in _ACTS and event.item_id in things for event in known)
    return Profile(user_id, tuple(kept), acts / (acts + weights.learn.sure), as_of, _liked(signals, things))


def _liked(signals: Sequence[Signal], things: Mapping[str, Thing]) -> tuple[tuple[str, float], ...]:
    liked: dict[str, float] = defaultdict(float)
    for signal in signals:
        if signal.event.item_id in things:
            liked[signal.event.item_id] += signal.weight
    best = sorted((-weight, item) for item, weight in liked.items() if weight > 0)[:_LIKED]
    return tuple((item, -weight) for weight, item in best)


def _interests(
    signals: Sequence[Signal], traits: TraitReader, learn: Learning, choices: Choices
) -> list[Interest]:  # fmt: skip
    """The strongest of those that signals speak of."""
    said = _said(signals, traits, choices)
    if not len(said.signal):
        return []
    numbers, column = np.unique(said.trait, return_inverse=True)
    size = len(numbers)
    all_weights = np.array([signal.weight for signal in signals])
    weights, here = all_weights[said.signal], np.array([signal.session for signal in signals])[said.signal]
    told, told_here = np.bincount(column, weights, size), np.bincount(column, weights * here, size)
    evidence = np.bincount(column, minlength=size)
    last = np.zeros(size)
    np.maximum.at(last, column, np.array([signal.event.ts for signal in signals])[said.signal])
    shares = np.array([traits.traits[number].share for number in numbers.tolist()])
    total = float(np.maximum(all_weights, 0).sum())
    belief = np.log1p(np.abs(told) / (learn.prior + shares * total)) * -np.log(shares) / learn.scale
    strongest = _most(belief, learn.kept)
    made_by = _made_by(signals, said.signal, column, weights, strongest)
    found = []
    for i in strongest.tolist():
        trait, count = traits.traits[int(numbers[i])], int(evidence[i])
        found.append(
            Interest(
                *trait.key, math.copysign(min(float(belief[i]), 1.0), told[i]), count, count / (count + 2),
                float(last[i]), session=bool(abs(told_here[i]) > abs(told[i]) / 2), events=made_by[i], name=trait.name,
                sayable=trait.sayable,
            )
        )  # fmt: skip
    return found


class _Said(NamedTuple):
    """What was said of traits: which signal said something of which trait, each shape (m,)."""

    signal: IntArray
    trait: IntArray


def _said(signals: Sequence[Signal], traits: TraitReader, choices: Choices) -> _Said:
    """Without what the shopper took away."""
    if not signals:
        return _Said(np.zeros(0, np.int64), np.zeros(0, np.int64))
    said = _Said(
        np.repeat(np.arange(len(signals)), [len(signal.traits) for signal in signals]),
        np.concatenate([signal.traits for signal in signals]),
    )
    if not choices.removed:
        return said
    names = ("{}:{}".format(*traits.traits[number].key) for number in said.trait.tolist())
    since = [choices.removed.get(name, -math.inf) for name in names]
    counts = np.array([signal.event.ts for signal in signals])[said.signal] > np.array(since)
    return _Said(said.signal[counts], said.trait[counts])


def _most(belief: Gains, kept: int) -> IntArray:
    """Which are believed most; all of those that are as strong as the last one."""
    if len(belief) <= kept:
        return np.arange(len(belief))
    return np.flatnonzero(belief >= np.partition(belief, -kept)[-kept])


def _made_by(
    signals: Sequence[Signal], signal: IntArray, column: IntArray, weights: Gains, wanted: IntArray
) -> dict[int, tuple[str, ...]]:  # fmt: skip
    """Ids of the events that say most of each wanted column."""
    by_id = np.argsort(np.argsort([one.event.id for one in signals]))
    mine = np.flatnonzero(np.isin(column, wanted))
    order = mine[np.lexsort((by_id[signal[mine]], -np.abs(weights[mine]), column[mine]))]
    starts = np.searchsorted(column[order], wanted)
    ends = np.searchsorted(column[order], wanted, side="right")
    events = [signals[i].event.id for i in signal[order].tolist()]
    return {
        number: tuple(events[start : min(end, start + _NAMED_EVENTS)])
        for number, start, end in zip(wanted.tolist(), starts.tolist(), ends.tolist(), strict=True)
    }


def _chosen(interests: list[Interest], choices: Choices, as_of: float) -> list[Interest]:
    """With what the shopper confirmed; of two of a name the last counts."""
    by_name = {f"{one.dimension}:{one.value}": one for one in interests}
    for name in sorted(choices.pinned):
        dimension, _, value = name.partition(":")
        if dimension not in set(Dimension) or not value:
            continue
        known = by_name.get(name, Interest(Dimension(dimension), value, 0.0, 0, 1.0, as_of))
        by_name[name] = replace(known, weight=max(known.weight, _PINNED), confidence=1.0, owned=False)
    return list(by_name.values())
