"""Which field led a shopper to a thing: the first that showed it, the last before it was bought, and the way between.

Only what says interest is a touch (a click, a view, a like, a cart): a thing that merely stood on a page led nobody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from indexer.insight.field import Field, field_of
from retrieval.interest.event import EventType, ShopperEvent

TOUCHES = frozenset({EventType.CLICK, EventType.VIEW, EventType.LIKE, EventType.CART})
WINDOW_S = 7 * 86_400.0
"""Seconds in which a touch may have led to an order."""
VISIT_S = 1_800.0
"""Seconds of silence after which a shopper begins another visit."""


@dataclass(frozen=True, slots=True)
class Touch:
    """The first and the last field that led to a thing; `at`: of the first, `seen`: of the last, seconds since 1970."""

    first: Field
    last: Field
    at: float
    seen: float


class Touches:
    """Takes events in the order of time.

    Attributes:
        moves: (from, to) → how often shoppers went from one field to another in a visit.
    """

    def __init__(self) -> None:
        self.moves: Counter[tuple[Field, Field]] = Counter()
        self._touched: dict[tuple[str, str], Touch] = {}
        self._here: dict[str, tuple[Field, float]] = {}

    def add(self, shopper: str, event: ShopperEvent, *, counted: bool) -> tuple[Field, Field]:
        """The field that an event belongs to, and the first that led to its thing; both the same where none did before.

        Args:
            counted: whether a move of it counts.
        """
        told, known = field_of(event), self._touched.get((shopper, event.item_id))
        if known and event.ts - known.seen > WINDOW_S:
            known = None
        field = known.last if known and told is Field.OTHER else told
        first = known.first if known else field
        if event.item_id and event.type in TOUCHES:
            at = known.at if known else event.ts
            self._touched[shopper, event.item_id] = Touch(first, field, at, event.ts)
        if event.type is not EventType.IMPRESSION and field is not Field.OTHER:
            self._move(shopper, field, event.ts, counted)
        return field, first

    def _move(self, shopper: str, field: Field, ts: float, counted: bool) -> None:
        here, seen = self._here.get(shopper, (field, ts))
        if counted and here is not field and ts - seen <= VISIT_S:
            self.moves[here, field] += 1
        self._here[shopper] = field, ts
