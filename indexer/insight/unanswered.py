"""Queries that lead to nothing: no answer today, or answers that nobody opens, with what the autopsy says.

Counted by distinct shoppers, so that nobody can fill the list alone, and what fewer than a few asked is not in it: it
may be somebody's secret. The few most wanted are then asked of what is served now: what was empty may be full by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from retrieval.answer import SearchResponse
from retrieval.errors import DeadlineExceeded
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.store import EventStore
from retrieval.mall.log import asked_as
from retrieval.request import SearchRequest
from retrieval.understanding.plan import Cause

DAY_S = 86_400.0
_CHOSEN = frozenset({EventType.CLICK, EventType.CART, EventType.ORDER})


class Why(StrEnum):
    """Why a query is in the list."""

    NOTHING = "nothing"
    """Nothing answers it now; there may be things that are near."""
    UNOPENED = "unopened"
    """It has answers, and few of those who ask open one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which queries are looked at.

    Attributes:
        least: distinct shoppers who asked it; share: at most so many of them, in [0, 1], chose something.
        most: queries that are asked of what is served.
    """

    least: int = 2
    share: float = 0.1
    most: int = 100


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A query.

    Attributes:
        searches: how often it was asked; shoppers: by how many; chose: how many of them opened or bought something.
        total, near: what it finds now, above and under the divider.
        causes: of the autopsy, where nothing is found at all; suggestions: what leads to goods.
        corrected: another spelling, where one is known.
    """

    query: str
    why: Why
    searches: int
    shoppers: int
    chose: int
    total: int
    near: int
    causes: tuple[Cause, ...]
    suggestions: tuple[str, ...]
    corrected: str | None


@dataclass(slots=True)
class _Asked:
    searches: int = 0
    shoppers: set[str] = field(default_factory=set)
    chose: set[str] = field(default_factory=set)


def unanswered(
    store: EventStore, search: Callable[[SearchRequest], SearchResponse], *, now: float, days: int, bounds: Bounds
) -> list[Unanswered]:
    """Those of the last `days` days, what most shoppers wanted first.

    Raises:
        StorageError, NotReady: events cannot be read; nothing is served.
    """
    counted: dict[str, _Asked] = {}
    for event in store.scan(since=now - days * DAY_S, until=now, types=_CHOSEN | {EventType.SEARCH}):
        if query := asked_as(event.query):
            _count(counted.setdefault(query, _Asked()), event)
    poor = [
        (query, asked) for query, asked in counted.items()
        if len(asked.shoppers) >= bounds.least and len(asked.chose) <= bounds.share * len(asked.shoppers)
    ]  # fmt: skip
    poor.sort(key=lambda each: (len(each[1].chose) - len(each[1].shoppers), each[0]))
    return list(_looked_at(poor[: bounds.most], search))


def _count(asked: _Asked, event: ShopperEvent) -> None:
    shopper = f"u{event.user_id}" if event.user_id else f"s{event.session_id}"
    if event.type is EventType.SEARCH:
        asked.searches += 1
        asked.shoppers.add(shopper)
    elif shopper in asked.shoppers:
        asked.chose.add(shopper)


def _looked_at(
    poor: list[tuple[str, _Asked]], search: Callable[[SearchRequest], SearchResponse]
) -> Iterator[Unanswered]:
    for query, asked in poor:
        try:
            found = search(SearchRequest(query, size=1, personalize=False))
        except DeadlineExceeded:  # a busy machine: the others are told all the same
            continue
        read = found.understood
        why = read.autopsy if read else None
        correction = read.plan.correction if read else None
        yield Unanswered(
            query, Why.UNOPENED if found.total.value else Why.NOTHING, asked.searches, len(asked.shoppers),
            len(asked.chose), found.total.value, found.near, why.causes if why else (),
            why.suggestions if why else (), correction.text if correction else None,
        )  # fmt: skip
