"""What a shopper did: one event, as every store keeps it and every reader of it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    """What was done."""

    IMPRESSION = "impression"
    CLICK = "click"
    VIEW = "view"
    WATCH = "watch"
    LIKE = "like"
    CART = "cart"
    ORDER = "order"
    REFUND = "refund"
    SEARCH = "search"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class ShopperEvent:
    """One thing that one shopper did.

    Attributes:
        id: the same id is the same event; where none was given, a digest of the content.
        ts: when, in seconds since 1970 (UTC).
        user_id, session_id: who; at least one of them is given, the other is "".
        item_id, kind: to what; "" for a search.
        query: after which search, or what was searched; "" where none.
        position: place in the list that it was shown in, 0 is the first; -1 where not known.
        surface: on which page: search, feed, video, live, cart …; "" where not known.
        watch_s: seconds ≥ 0 that were watched.
        quantity: pieces ≥ 1 that were ordered or given back.
        policy: what decided which places it was shown in, for estimates from the log; "" where not known.
        propensity: in (0, 1], with which probability that policy showed it there; 0 where not known.
    """

    id: str
    ts: float
    type: EventType
    user_id: str = ""
    session_id: str = ""
    item_id: str = ""
    kind: str = "product"
    query: str = ""
    position: int = -1
    surface: str = ""
    watch_s: float = 0.0
    quantity: int = 1
    policy: str = ""
    propensity: float = 0.0
