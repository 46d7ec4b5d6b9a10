"""Events as shown lists:

1. What was shown after a search in a session is one list, as of the search; what was clicked, put in a cart or ordered
   of it was wanted, wherever it was shown.
2. Lists of which all or nothing was wanted teach nothing; nor do events without words, without an item or a place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eval.interest.shown import ShownList, shown_lists
from retrieval.interest.event import EventType, ShopperEvent


def event(type_: str, item: str = "", position: int = -1, *, ts: float = 5.0, **fields: Any) -> ShopperEvent:
    fields = {"user_id": "u", "session_id": "s", "query": "茶"} | fields
    return ShopperEvent(f"{type_}{item}{ts}", ts, EventType(type_), item_id=item, position=position, **fields)


def test_one_search() -> None:  # 1
    events = [
        event("search", ts=4), event("impression", "a", 0), event("impression", "b", 1), event("view", "b", 1, ts=6),
        event("click", "b", 1, ts=6), event("order", "d", 7, ts=9, query=" 茶 "),
    ]  # fmt: skip
    [found] = shown_lists(events)
    assert found == ShownList("u", "s", "茶", 4, {"a": 0, "b": 1, "d": 7}, {"b", "d"})


def test_lists_apart() -> None:  # 1
    shown = [event("impression", "a", 0), event("impression", "b", 1), event("click", "b", 1)]
    others = [replace(e, id=f"u{e.id}", user_id="x") for e in shown]
    others += [replace(e, id=f"s{e.id}", session_id="x") for e in shown]
    others += [replace(e, id=f"q{e.id}", query="x") for e in shown]
    assert len(shown_lists([*shown, *others])) == 4


def test_nothing_to_learn() -> None:  # 2
    seen = [event("impression", "a", 0), event("impression", "b", 1)]
    assert shown_lists(seen) == []
    assert shown_lists([*seen, event("click", "a", 0), event("click", "b", 1)]) == []
    assert shown_lists([*seen, event("click", "a"), event("click", "a", 0, query="")]) == []
    assert shown_lists([*seen, event("search", position=0)]) == []
