"""Carry-over: what a shopper looked at in the feed or a video a moment ago, taken along into the search box.

It fades by half in each half-life and is gone after four of them. It is dropped as soon as the query is about something
else: who watched a tent and searches 连衣裙 has left the tent behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from retrieval.analysis.normalize import normalize
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.request import CameFrom
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.plan import Plan

SURFACES = frozenset({"feed", "video"})
"""What is looked at here is taken along."""
HALF_LIVES = 4
"""After so many it is gone: one sixteenth is left."""
CERTAINTY = 0.5
"""What was carried over makes a profile as sure of itself as half of its weight."""
VAGUE = 0.15
"""An intent of less strength (礼物) is about anything, so it leaves nothing behind."""
LIKELY = 0.1
"""A category of less probability is not what the query is about."""
_LOOKED = frozenset({EventType.CLICK, EventType.VIEW, EventType.WATCH, EventType.LIKE, EventType.CART})


@dataclass(frozen=True, slots=True)
class CarryOptions:
    """How long it lasts.

    Attributes:
        half_life: seconds, > 0.
        items: of so many of the last things that were looked at; 0: nothing is carried over.
    """

    half_life: float
    items: int

    @property
    def lasting(self) -> float:
        """Seconds after which it is gone."""
        return HALF_LIVES * self.half_life


@dataclass(frozen=True, slots=True)
class Carried:
    """One interest that was taken along.

    Attributes:
        interest: with its weight now, in (0, 1].
        source: where it comes from: feed, video, or the kind that the caller named; item: of which item.
        expires: seconds since 1970.
    """

    interest: Interest
    source: str
    item: str
    expires: float


def last_seen(
    came_from: CameFrom | None, events: Iterable[ShopperEvent], as_of: float, options: CarryOptions
) -> list[CameFrom]:
    """The last things that were looked at, the newest first, each once."""
    seen = [
        CameFrom(e.surface, e.item_id, e.ts, e.watch_s)
        for e in events
        if e.surface in SURFACES and e.type in _LOOKED and e.item_id
    ]
    if came_from:
        seen.append(replace(came_from, ts=min(as_of, as_of if came_from.ts is None else came_from.ts)))
    fresh = [one for one in seen if one.ts is not None and as_of - options.lasting < one.ts <= as_of]
    newest = sorted(fresh, key=lambda one: (-(one.ts or 0.0), one.id, one.kind))
    each: dict[str, CameFrom] = {}
    for one in newest:
        each.setdefault(one.id, one)
    return list(each.values())[: options.items]


def carried(
    seen: CameFrom, record: Mapping[str, Any], read: Plan, plan: Plan, as_of: float, options: CarryOptions,
    share: float = 1.0,
) -> list[Carried]:  # fmt: skip
    """The interests that one thing leaves, none where the query has left it behind.

    Args:
        record: of the thing; read: how its title is read.
        plan: of the query.
        share: how much of a look it was, in (0, 1].
    """
    if _left(record, plan):
        return []
    at = as_of if seen.ts is None else seen.ts
    weight = share * 0.5 ** ((as_of - at) / options.half_life)
    return [
        Carried(
            Interest(dimension, value, weight, 1, weight, at, session=True), seen.kind, seen.id, at + options.lasting
        )
        for dimension, value in interests_of(record, read)
    ]


def interests_of(record: Mapping[str, Any], read: Plan) -> list[tuple[Dimension, str]]:
    """What somebody may like about a thing: its category, its brand, and what its title says that it is."""
    found = [
        (Dimension.CATEGORY, "/".join(record.get("category") or ())),
        (Dimension.BRAND, str(record.get("brand") or "")),
    ]
    found += [
        (Dimension.WORD, read.query[e.start : e.end])
        for e in read.entities
        if e.kind in (Kind.PRODUCT, Kind.STYLE, Kind.SCENE) and e.source != Source.CONTEXT
    ]
    return [each for each in dict.fromkeys(found) if each[1]]


def joined(profile: Profile, taken: Sequence[Carried]) -> Profile:
    """The profile with what was carried over."""
    weights = {(i.dimension, i.value): i for i in profile.interests}
    for one in taken:
        key = (one.interest.dimension, one.interest.value)
        known = weights.get(key, replace(one.interest, weight=0.0))
        weights[key] = replace(known, weight=min(1.0, known.weight + one.interest.weight), session=True)
    interests = sorted(weights.values(), key=lambda i: (i.dimension, -i.weight, i.value))
    sure = max((CERTAINTY * one.interest.weight for one in taken), default=0.0)
    return replace(profile, interests=tuple(interests), confidence=max(profile.confidence, sure))


def _left(record: Mapping[str, Any], plan: Plan) -> bool:
    """Whether the query is about something else than this thing."""
    if plan.intent is not None and plan.intent.strength < VAGUE:
        return False
    title = normalize(str(record.get("title") or ""))
    named = [
        plan.query[e.start : e.end] for e in plan.entities if e.kind is Kind.PRODUCT and e.source != Source.CONTEXT
    ]
    if any(name in title for name in named):
        return False
    path = "/".join(record.get("category") or ())
    likely = [guess for guess in plan.categories if guess.probability >= LIKELY]
    if path and likely:
        return not any(
            f"{path}/".startswith(f"{g.category}/") or f"{g.category}/".startswith(f"{path}/") for g in likely
        )
    return bool(named)
