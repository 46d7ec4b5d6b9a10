"""Cheap or dear, relative to what else was seen of the same category: most prices alone say only what a thing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from retrieval.interest.event import ShopperEvent
from retrieval.interest.profile import Dimension
from retrieval.profiles.signals import Signal
from retrieval.profiles.traits import Thing, TraitReader

LOW, MIDDLE, HIGH = "low", "middle", "high"
_LOWER, _UPPER = 0.6, 1.6
"""Times the median: below the first a thing is cheap, above the second it is dear."""
LEAST_SEEN = 3


def band(price: float, usual: float) -> str:
    """Of a price beside a usual one, both in fen."""
    return LOW if price < _LOWER * usual else HIGH if price > _UPPER * usual else MIDDLE


def band_signals(
    events: Sequence[ShopperEvent], things: Mapping[str, Thing], signals: Sequence[Signal], traits: TraitReader
) -> list[Signal]:  # fmt: skip
    """The signals once more, for the band of what they are about."""
    prices: dict[str, dict[str, int]] = defaultdict(dict)
    for event in events:
        thing = things.get(event.item_id)
        if thing and thing.price:
            prices[thing.category][event.item_id] = thing.price
    usual = {category: median(seen.values()) for category, seen in prices.items() if len(seen) >= LEAST_SEEN}
    found = []
    for signal in signals:
        thing = things.get(signal.event.item_id)
        if thing and thing.price and thing.category in usual:
            number = traits.number((Dimension.PRICE, band(thing.price, usual[thing.category])))
            found.append(replace(signal, traits=np.array([number])))
    return found
