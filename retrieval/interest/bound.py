"""How far a shopper's interest may move a hit: the less the words have said, and the more is known, the further.

    shift = widest · max (0, 1 - strength / full)^bend · confidence,   rounded down, in places

Whoever names a model, or nearly a whole title, has chosen: the strength of the intent is `full` or more, and nothing
moves. What the query states is not a question of taste either: with a brand named the shopper's own brands say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.interest.profile import Dimension
from retrieval.types import Filters
from retrieval.understanding.kinds import ConstraintKind, Kind, Source
from retrieval.understanding.plan import Plan

STATES: Mapping[Kind, Dimension] = {
    Kind.PRODUCT: Dimension.CATEGORY, Kind.CATEGORY: Dimension.CATEGORY, Kind.BRAND: Dimension.BRAND,
    Kind.MODEL: Dimension.BRAND, Kind.AUDIENCE: Dimension.AUDIENCE, Kind.SHOP: Dimension.SHOP,
}  # fmt: skip
"""A piece of this kind states this dimension. A colour or a style states none: it is one word of many, and
taste lifts no hit that leaves it out (`retrieval.interest.kept`)."""
_FILTERS: Mapping[str, Dimension] = {
    "brand": Dimension.BRAND, "category": Dimension.CATEGORY, "shop": Dimension.SHOP,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoundOptions:
    """The curve.

    Attributes:
        widest: places, ≥ 0; where nothing is said and all is known.
        full: in (0, 1]; an intent of this strength, and any stronger one, leaves nothing to taste.
        bend: > 0; 1 is a straight line, above it half an intent leaves less than half of the way.
    """

    widest: int
    full: float
    bend: float


def shift_of(strength: float, confidence: float, places: int, options: BoundOptions) -> int:
    """How many places a hit may move, in ``[0, places]``.

    Args:
        strength: of the intent, in [0, 1].
        confidence: of the profile, in [0, 1].
        places: in the part of the list that may be moved; where nothing at all is said it is open as a whole.
    """
    open_share = max(0.0, 1 - strength / options.full) ** options.bend
    if strength == 0:
        return int(places * confidence)
    return min(places, int(options.widest * open_share * confidence))


def stated(plan: Plan, filters: Filters) -> frozenset[Dimension]:
    """What the query or a filter states, so that taste has no say in it. A piece that is only guessed states nothing.

    Args:
        filters: in force, chosen by the caller or read in words.
    """
    said = {STATES[e.kind] for e in plan.entities if e.kind in STATES and e.source != Source.CONTEXT}
    said |= {_FILTERS[name] for name, values in filters.keywords.items() if values and name in _FILTERS}
    priced = any(c.kind is ConstraintKind.PRICE for c in plan.constraints)
    if priced or filters.price != (None, None):
        said.add(Dimension.PRICE)
    return frozenset(said)
