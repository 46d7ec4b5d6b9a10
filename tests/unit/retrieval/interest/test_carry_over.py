"""Carry-over:

1. The last things that were looked at in feed and video count, the newest first, each once; showing is not looking.
2. What a caller names counts without any event; a time to come counts as now.
3. A weight halves in each half-life; after four of them nothing is left.
4. A thing leaves its category, its brand and what its title says that it is.
5. It is dropped where the query is about something else, and kept where it is about the same, or about anything.
6. Joined, it adds to what is known, up to 1, and makes a cold profile half as sure as it weighs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrieval.analysis.analyzer import QueryText
from retrieval.interest.carry_over import CarryOptions, carried, interests_of, joined, last_seen
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.request import CameFrom
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.plan import CategoryGuess, Entity, Intent, Plan

NOW, HALF = 10_000.0, 100.0
OPTIONS = CarryOptions(half_life=HALF, items=2)
TENT: dict[str, Any] = {"id": "t1", "title": "云野 露营帐篷", "brand": "云野", "category": ["户外", "露营", "帐篷"]}


def event(item: str, age: float, surface: str = "feed", kind: EventType = EventType.CLICK) -> ShopperEvent:
    return ShopperEvent(f"e{item}{age}", NOW - age, kind, "u1", item_id=item, surface=surface)


def plan(query: str = "", product: str = "", source: Source = Source.LEXICON, category: str = "") -> Plan:
    at = query.find(product) if product else 0
    entities = (Entity(Kind.PRODUCT, product, at, at + len(product), 0.9, 1.0, source),) if product else ()
    guesses = (CategoryGuess(category, 0.8),) if category else ()
    return Plan(query, QueryText(query, query, (), {}), entities=entities, categories=guesses)


READ = replace(
    plan("云野 露营帐篷", "帐篷"),
    entities=(
        Entity(Kind.BRAND, "云野", 0, 2, 0.9, 0.9, Source.CATALOGUE),
        Entity(Kind.SCENE, "露营", 3, 5, 0.9, 0.3, Source.LEXICON),
        Entity(Kind.PRODUCT, "帐篷", 5, 7, 0.9, 1.0, Source.LEXICON),
        Entity(Kind.STYLE, "云", 0, 1, 0.2, 0.1, Source.CONTEXT),
    ),
)  # fmt: skip


def test_last_seen() -> None:  # 1, 3
    events = [
        event("a", 30), event("b", 20, "video"), event("c", 10, "search"), event("d", 5, kind=EventType.IMPRESSION),
        event("a", 1), event("old", 4 * HALF),
    ]  # fmt: skip
    assert [(one.id, one.kind, one.ts) for one in last_seen(None, events, NOW, OPTIONS)] == [
        ("a", "feed", NOW - 1), ("b", "video", NOW - 20),
    ]  # fmt: skip
    three = [event("a", 1), event("b", 2), event("c", 3)]
    assert [one.id for one in last_seen(None, three, NOW, OPTIONS)] == ["a", "b"]
    assert last_seen(None, three, NOW, replace(OPTIONS, items=0)) == []


@pytest.mark.parametrize(("ts", "counts_as"), [(None, NOW), (NOW + 50, NOW), (NOW - 50, NOW - 50)])
def test_what_a_caller_names(ts: float | None, counts_as: float) -> None:  # 2
    assert last_seen(CameFrom("video", "v", ts), [], NOW, OPTIONS) == [CameFrom("video", "v", counts_as)]


@pytest.mark.parametrize(("age", "weight"), [(0.0, 1.0), (HALF, 0.5), (3 * HALF, 0.125)])
def test_it_fades(age: float, weight: float) -> None:  # 3
    [first, *_] = carried(CameFrom("feed", "t1", NOW - age), TENT, READ, plan("礼物"), NOW, OPTIONS)
    assert first.interest.weight == pytest.approx(weight)
    assert first.expires == NOW - age + 4 * HALF
    assert (first.source, first.item) == ("feed", "t1")


def test_what_a_thing_leaves() -> None:  # 4
    assert interests_of(TENT, READ) == [
        (Dimension.CATEGORY, "户外/露营/帐篷"), (Dimension.BRAND, "云野"),
        (Dimension.WORD, "露营"), (Dimension.WORD, "帐篷"),
    ]  # fmt: skip
    assert interests_of({"id": "x"}, plan()) == []


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (plan("礼物"), True),
        (plan("帐篷", "帐篷"), True),
        (plan("连衣裙", "连衣裙"), False),
        (plan("什么", "什么", Source.CONTEXT), True),
        (plan("睡袋", "睡袋", category="户外/露营/睡袋"), False),
        (plan("睡袋", "睡袋", category="户外/露营"), True),
        (plan("好看的", category="女装/裙装"), False),
        (replace(plan("礼物", "礼物"), intent=Intent(IntentKind.BROAD, 0.06, {})), True),
        (replace(plan("连衣裙", "连衣裙"), intent=Intent(IntentKind.CATEGORY, 0.37, {})), False),
    ],
)
def test_it_is_dropped(query: Plan, kept: bool) -> None:  # 5
    assert bool(carried(CameFrom("feed", "t1", NOW), TENT, READ, query, NOW, OPTIONS)) == kept


def test_joined() -> None:  # 6
    known = Interest(Dimension.BRAND, "云野", 0.7, 9, 0.8, 1.0)
    cold = Profile("u", (known,), 0.1, NOW)
    taken = carried(CameFrom("feed", "t1", NOW - HALF), TENT, READ, plan("礼物"), NOW, OPTIONS)
    profile = joined(cold, taken)
    weights = {(i.dimension, i.value): i.weight for i in profile.interests}
    assert weights[(Dimension.BRAND, "云野")] == 1.0
    assert weights[(Dimension.WORD, "帐篷")] == pytest.approx(0.5)
    assert profile.confidence == pytest.approx(0.25)
    assert joined(replace(cold, confidence=0.9), taken).confidence == 0.9
