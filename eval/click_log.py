"""Events → impressions: what was shown where, and whether it was clicked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from retrieval.analysis.normalize import normalize
from retrieval.ranking.clicks import Impression

SHOWN = "impression"
WISHES = frozenset({"click", "cart", "order"})
"""Types of events that say: this was wanted."""


class Shown(Protocol):
    """What is read of an event (docs/input.md); `position` counts from 0."""

    @property
    def type(self) -> str: ...
    @property
    def query(self) -> str | None: ...
    @property
    def item_id(self) -> str | None: ...
    @property
    def position(self) -> int | None: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def user_id(self) -> str | None: ...


def impressions_of(events: Iterable[Shown]) -> list[Impression]:
    """One impression a document shown in an answer of a session, in the order of the first event about it.

    Events without a query, an item or a position say nothing. A click without an impression is one all the same, since
    what was clicked was shown; then only clicks may be known, and every document shown looks wanted.
    """
    clicked: dict[tuple[str, str, str, int], bool] = {}
    for event in events:
        if event.query is None or event.item_id is None or event.position is None:
            continue
        if event.type != SHOWN and event.type not in WISHES:
            continue
        query = " ".join(normalize(event.query).split())
        key = (event.session_id or event.user_id or "", query, event.item_id, event.position)
        clicked[key] = clicked.get(key, False) or event.type in WISHES
    return [Impression(query, item, place + 1, done) for (_, query, item, place), done in clicked.items() if query]
