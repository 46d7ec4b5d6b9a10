"""An event as it comes.

1. Every field arrives, in one form: ids are text without white space, times are seconds, a type has no case.
2. What is missing takes the documented value.
3. What cannot be an event says which field, and why.
4. A time in the future is now, and that is said; any other time stays, however old.
5. Without an id the content is the id: equal content, equal id; another value in any field, another id. Neither the
   clock nor the spelling of a time has a part in it.
6. A record of a file gives the same event as the object of a call.
7. Any JSON value gives an event or a reason that is documented.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.events.reading import MAX_QUERY_CHARS, NotKept, Read, read_event, shopper_event
from indexer.sources.records import Event
from indexer.sources.rejects import REASONS
from retrieval.interest.event import EventType, ShopperEvent

NOW = 2_000_000_000.0
FULL: dict[str, Any] = {
    "id": "e1", "ts": 1_714_521_600, "type": "order", "user_id": "u1", "session_id": "s1", "item_id": "p1",
    "kind": "video", "query": "连衣裙", "position": 3, "surface": "feed", "watch_s": 12.5, "quantity": 2,
    "policy": "v1", "propensity": 0.25,
}  # fmt: skip
LEAST: dict[str, Any] = {"ts": 1_714_521_600, "type": "click", "user_id": "u1", "item_id": "p1"}


def read(**fields: Any) -> Read:
    found = read_event({**LEAST, **fields}, NOW)
    assert isinstance(found, Read), found
    return found


def test_every_field() -> None:  # 1
    expected = ShopperEvent(
        "e1", 1_714_521_600.0, EventType.ORDER, "u1", "s1", "p1", "video", "连衣裙", 3, "feed", 12.5, 2, "v1", 0.25
    )
    assert read_event(FULL, NOW) == Read(expected)
    spelt = {"id": " e1 ", "ts": "2024-05-01T08:00:00+08:00", "type": "Order", "quantity": "2", "item_id": " p1"}
    assert read_event(FULL | spelt, NOW) == Read(expected)
    assert read(user_id=17).event.user_id == "17"
    assert read(query="裙" * 1000).event.query == "裙" * MAX_QUERY_CHARS


def test_what_is_missing() -> None:  # 2
    event = read(query=None, surface="  ").event
    assert len(event.id) == 32
    assert event == ShopperEvent(event.id, 1_714_521_600.0, EventType.CLICK, "u1", item_id="p1")
    search = read_event({"ts": 5, "type": "search", "session_id": "s1", "query": "裙"}, NOW)
    assert isinstance(search, Read)
    assert (search.event.user_id, search.event.item_id) == ("", "")


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"type": "purchase"}, "type", "invalid_choice"), ({"type": None}, "type", "missing_field"),
        ({"ts": None}, "ts", "missing_field"), ({"ts": "soon"}, "ts", "invalid_time"),
        ({"ts": -1}, "ts", "out_of_range"),
        ({"ts": 1_714_521_600_000}, "ts", "out_of_range"), ({"user_id": ""}, "user_id", "missing_field"),
        ({"user_id": "u" * 257}, "user_id", "invalid_id"), ({"user_id": "u\n1"}, "user_id", "invalid_id"),
        ({"session_id": ["s"]}, "session_id", "wrong_type"), ({"item_id": " "}, "item_id", "missing_field"),
        ({"position": -1}, "position", "out_of_range"), ({"position": 1.5}, "position", "wrong_type"),
        ({"watch_s": -0.1}, "watch_s", "out_of_range"), ({"quantity": 0}, "quantity", "out_of_range"),
        ({"propensity": 1.1}, "propensity", "out_of_range"), ({"surface": "x" * 65}, "surface", "text_too_long"),
        ({"query": "a\0b"}, "", "nul_byte"), ({"query": "\ud800"}, "", "lone_surrogate"),
        ({"watch_s": float("nan")}, "", "not_finite"), ({"id": "e" * 257}, "id", "invalid_id"),
    ],
)  # fmt: skip
def test_what_is_no_event(changes: dict[str, Any], field: str, reason: str) -> None:  # 3
    found = read_event(LEAST | changes, NOW)
    assert isinstance(found, NotKept)
    assert (found.field, found.reason) == (field, reason)
    assert found.message


@pytest.mark.parametrize("value", [None, 1, "click", [LEAST]])
def test_what_is_no_object(value: object) -> None:  # 3
    found = read_event(value, NOW)
    assert isinstance(found, NotKept)
    assert found.reason == "not_an_object"


def test_times() -> None:  # 4
    assert read(ts=0) == Read(read(ts=0).event)
    assert read(ts=0).event.ts == 0.0
    later = read(ts=NOW + 1)
    assert (later.event.ts, later.clamped) == (NOW, True)
    assert not read(ts=NOW).clamped


def test_content_is_the_id() -> None:  # 5
    first = read()
    assert read() == first
    assert read(ts="2024-05-01") == first
    assert read(query="") == first
    assert read(unknown=1) == first
    bare = {name: value for name, value in FULL.items() if name != "id"}
    others = {"ts": 7, "type": "cart", "kind": "live", "position": 4, "watch_s": 1, "quantity": 3, "propensity": 0.5}
    ids = set()
    for name in bare:
        found = read_event(bare | {name: others.get(name, "other")}, NOW)
        assert isinstance(found, Read)
        ids.add(found.event.id)
    assert len(ids) == len(bare)
    times = [read_event(LEAST | {"ts": NOW + 50}, NOW + late) for late in (0, 10)]
    assert len({found.event.id for found in times if isinstance(found, Read)}) == 1


def test_a_row_of_a_file() -> None:  # 6
    for fields in (FULL, LEAST, {**LEAST, "type": "purchase"}):
        assert shopper_event(Event.model_validate(fields), NOW) == read_event(fields, NOW)


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@given(changes=st.dictionaries(st.sampled_from([*FULL, "x"]), anything, max_size=4))
def test_anything(changes: dict[str, Any]) -> None:  # 7
    found = read_event(FULL | changes, NOW)
    if isinstance(found, NotKept):
        assert found.reason in REASONS
    else:
        assert found.event.id
        assert found.event.user_id or found.event.session_id
        assert 0 <= found.event.ts <= NOW


@given(value=anything)
def test_any_value(value: object) -> None:  # 7
    found = read_event(value, NOW)
    assert isinstance(found, NotKept)
    assert found.reason in REASONS
