"""Events → shown lists: what a shopper was shown after a search, where, and what of it was clicked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from retrieval.analysis.normalize import normalize
from retrieval.interest.event import EventType, ShopperEvent

_WISHES = frozenset({EventType.CLICK, EventType.CART, EventType.ORDER})


@dataclass(slots=True)
class ShownList:
    """One search of a shopper.

    Attributes:
        as_of: when it was searched, or first shown, in seconds since 1970; a profile of before it is what was known.
        places: item → position, 0 is the first; clicked: items of it that were wanted.
    """

    user_id: str
    session_id: str
    query: str
    as_of: float
    places: dict[str, int] = field(default_factory=dict)
    clicked: set[str] = field(default_factory=set)


def shown_lists(events: Iterable[ShopperEvent]) -> list[ShownList]:
    """Those of which something was wanted and something was not; the others teach nothing of taste.

    The same words in one session are one search. What was clicked without an impression was shown all the same.

    Args:
        events: by (ts, id).
    """
    lists: dict[tuple[str, str, str], ShownList] = {}
    for event in events:
        query = " ".join(normalize(event.query).split())
        if not query:
            continue
        key = (event.user_id, event.session_id, query)
        one = lists.setdefault(key, ShownList(event.user_id, event.session_id, event.query, event.ts))
        wanted = event.type in _WISHES
        if event.item_id and event.position >= 0 and (wanted or event.type is EventType.IMPRESSION):
            one.places.setdefault(event.item_id, event.position)
            if wanted:
                one.clicked.add(event.item_id)
    return [one for one in lists.values() if one.clicked and one.clicked != one.places.keys()]
