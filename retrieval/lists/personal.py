"""The shopper's own order: a list that is the same for all, and the places that one shopper's interest may change.

The neutral list is made first, and remembered for everybody. What is personal comes on top of it and decides places
only: which documents are in the list, how many, and their facets do not depend on who asks. Near-duplicates and what
nobody looked at stay behind, nothing crosses the divider, and a list by price or date is nobody's taste. What an
operator pins stays where it is: a bound counts the places of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
import orjson

from retrieval.answer import PersonalView, WhyNeutral
from retrieval.interest.blend import Gains, blended
from retrieval.interest.bound import BoundOptions, shift_of, stated
from retrieval.interest.carry_over import Carried, CarryOptions, carried, joined, last_seen
from retrieval.interest.kept import KeepOptions, counted
from retrieval.interest.profile import Dimension
from retrieval.interest.taste import Liking, Taste
from retrieval.lists.arrange import Arranged, Placed, code_of
from retrieval.lists.relax import Answer
from retrieval.request import CameFrom, Order
from retrieval.search import Search
from retrieval.spoken.watched import seen_enough, thing_watched
from retrieval.types import FloatArray, Sort
from retrieval.understanding.plan import Plan


@dataclass(frozen=True, slots=True)
class PersonalOptions:
    """How much a shopper's interest may do.

    Attributes:
        bound: how far a hit may move; keep: what taste may lift.
        fade: scores, > 0; so much below the best a hit gains e times less.
        weight: of the personal gain, in [0, 1]; that of the neutral one is 1 - weight.
        depth: so many of the first hits may move, ≥ 0.
    """

    bound: BoundOptions
    keep: KeepOptions
    carry: CarryOptions
    fade: float
    weight: float
    depth: int


@dataclass(frozen=True, slots=True)
class Own:
    """A list in the order of who asks, and what is said about that."""

    arranged: Arranged
    view: PersonalView


class OwnOrder:
    """Thread-safe. Without a `taste` every list stays neutral."""

    def __init__(self, taste: Taste | None, options: PersonalOptions) -> None:
        self._taste, self._options = taste, options
        self._lock = Lock()
        self.profiles_read = 0

    def under(self, options: PersonalOptions) -> OwnOrder:
        """What it would do with other options."""
        return OwnOrder(self._taste, options)

    def of(self, search: Search, plan: Plan, answer: Answer) -> Own:
        """The answer in the order of who asks."""
        intent = answer.understood(plan).plan.intent
        neutral = PersonalView(False, None, intent.strength if intent else None)
        order, pins = search.page.order, answer.pins
        answer, whole = answer.unpinned or answer, answer.arranged
        why = self._why_neutral(search, answer, neutral.strength)
        movable = 0 if why else movable_of(answer.arranged, self._options.depth)
        why = why or self._why_unmoved(neutral.strength or 0.0, movable)
        if why or order is None or self._taste is None:
            return Own(whole, replace(neutral, why_not=why))
        own = self._ordered(search, plan, answer, neutral, order, movable)
        return replace(own, arranged=pins.set_into(own.arranged)) if pins else own

    def _why_neutral(self, search: Search, answer: Answer, strength: float | None) -> WhyNeutral | None:
        """What is known before the list is looked at."""
        if self._taste is None:
            return WhyNeutral.UNAVAILABLE
        if search.why_neutral or search.page.order is None:
            return search.why_neutral or WhyNeutral.NOBODY
        if answer.wishes.sort is not Sort.RELEVANCE:
            return WhyNeutral.SORTED
        return WhyNeutral.NOT_UNDERSTOOD if strength is None else None

    def _why_unmoved(self, strength: float, movable: int) -> WhyNeutral | None:
        """What is known before any profile is read."""
        if movable < 2:
            return WhyNeutral.NOTHING_TO_ORDER
        return None if shift_of(strength, 1.0, movable, self._options.bound) else WhyNeutral.SAID

    def _ordered(
        self, search: Search, plan: Plan, answer: Answer, neutral: PersonalView, order: Order, movable: int
    ) -> Own:
        assert self._taste is not None
        assert neutral.strength is not None
        profile = self._taste.profile(search.user_id, search.session_id, search.reader, order.as_of)
        if profile is None:
            return Own(answer.arranged, replace(neutral, why_not=WhyNeutral.NO_CONSENT))
        with self._lock:
            self.profiles_read += 1
        taken = self._carried(search, plan, order)
        profile = joined(profile, taken) if taken else profile
        shift = shift_of(neutral.strength, profile.confidence, movable, self._options.bound)
        if not shift:
            return Own(answer.arranged, replace(neutral, why_not=WhyNeutral.COLD))
        rows = answer.arranged.list.rows[:movable]
        said = stated(plan, answer.wishes.filters)
        liking = self._taste.score(profile, search.reader, rows, said, plan.query)
        liking = liking.lifting(counted(_features(answer.arranged, movable), neutral.strength, self._options.keep))
        if not liking.parts.any():
            return Own(answer.arranged, replace(neutral, why_not=WhyNeutral.NO_MATCH, carry_over=taken))
        scored = answer.arranged.list
        for_all = neutral_gains(scored.relevance[:movable], scored.scores[:movable], self._options.fade)
        gains = gains_of(for_all, liking.scores, self._options.weight)
        arranged = moved(answer.arranged, gains, liking, shift)
        return Own(arranged, replace(neutral, applied=True, shift=shift, carry_over=taken))

    def _carried(self, search: Search, plan: Plan, order: Order) -> tuple[Carried, ...]:
        options = self._options.carry
        if not (order.carry_over and options.items and self._taste):
            return ()
        events = self._taste.recent(search.user_id, search.session_id, order.as_of - options.lasting, order.as_of)
        found: list[Carried] = []
        for seen in last_seen(order.came_from, events, order.as_of, options):
            record = _thing(search, seen)
            if record is not None:
                read = search.understanding.plan(str(record.get("title") or ""))
                share = seen_enough(seen.watch_s)
                found += carried(seen, record, read, plan, order.as_of, options, share)
        strongest: dict[tuple[Dimension, str], Carried] = {}
        for one in found:
            strongest.setdefault((one.interest.dimension, one.interest.value), one)
        return tuple(strongest.values())


def _thing(search: Search, seen: CameFrom) -> Mapping[str, Any] | None:
    """The record of what was looked at: a product, or what a video showed; None where that is gone."""
    row = search.reader.row_of(seen.id)
    if row is not None:
        record: Mapping[str, Any] = orjson.loads(search.reader.sources(np.array([row]))[0])
        return record
    return thing_watched(search.said, seen.id, seen.watch_s) if search.said else None


def neutral_gains(relevance: FloatArray, scores: FloatArray, fade: float) -> Gains:
    """What each hit gains for everybody, in the neutral order, shape (n,); never more than a hit before it.

    The relevance says whether a hit answers at all, and most of a list do; the score, how well beside the others. It is
    learned by a softmax, so its differences are odds: with each `fade` below the best the gain falls by e.
    """
    odds = np.exp((scores.astype(np.float64) - scores.max()) / fade)
    return np.asarray(np.minimum.accumulate(relevance * odds))


def gains_of(neutral: Gains, liked: FloatArray, weight: float) -> Gains:
    """What each hit gains in all, in the neutral order, shape (n,)."""
    return (1 - weight) * neutral + weight * np.clip(liked.astype(np.float64), -1.0, 1.0)


def moved(arranged: Arranged, gains: Gains, liking: Liking, shift: int) -> Arranged:
    """The list with its first ``len(gains)`` hits in their best order within the bound."""
    size = len(gains)
    places = np.arange(len(arranged.list.rows))
    places[:size] = blended(gains, shift)
    placed = arranged.placed[places]
    placed[:size][places[:size] != np.arange(size)] = code_of(Placed.PERSONAL)
    mine = arranged.list.take(places)
    return replace(arranged, list=mine, placed=placed, neutral=places, liking=liking.take(places[:size]))


def _features(arranged: Arranged, size: int) -> dict[str, FloatArray]:
    """Feature → its part of the score of each of the first hits, all of which were looked at."""
    assert arranged.list.parts_at is not None
    at = arranged.list.parts_at[:size]
    return {name: parts[at] for name, parts in arranged.list.features.items()}


def movable_of(arranged: Arranged, depth: int) -> int:
    """How many hits at the top may move: those that were looked at and are no near-duplicate, above the divider or,
    where nothing stands there, under it."""
    if not arranged.list.looked_at.any():
        return 0
    fixed = np.isin(
        arranged.placed[: arranged.above or None],
        [code_of(each) for each in (Placed.NEAR_DUPLICATE, Placed.NOT_RANKED, Placed.COLUMN, Placed.BURIED)],
    )
    first = int(np.argmax(fixed)) if fixed.any() else len(fixed)
    return min(first, depth)
