"""Which rules hold for a query:

1. An exact query in any way of writing it; a phrase as whole words; a category with what is below it; an intent.
2. Fields are combined with and, values with or; without a condition a rule always holds.
3. A rule holds from its first second to before its last, and where it is enabled.
4. A segment is asked last, and only where the rest holds; rules come in the order in which they count.
5. The first redirect leads, banners are shown once each, a rule holds for the query as typed or as rewritten.
"""

from __future__ import annotations

from typing import Any

import pytest

from retrieval.analysis.segment import open_segmenter
from retrieval.rules.edition import Edition, Ruled
from retrieval.rules.read import read_document
from retrieval.rules.reading import Reading
from retrieval.understanding.kinds import IntentKind
from retrieval.understanding.plan import CategoryGuess, Intent, Plan

SEGMENTER = open_segmenter("auto", ())
HIDE = {"hide": {"ids": ["x"]}}


def edition(*rules: dict[str, Any]) -> Edition:
    read = read_document({"rules": [{"id": f"r{i}"} | rule for i, rule in enumerate(rules)]})
    assert read.publishable, read.problems
    return Edition.of(1, 1, read.rules)


def reading(query: str, **plan: Any) -> Reading:
    return Reading.of(query, Plan(query, None, **plan), SEGMENTER, 0.5)  # type: ignore[arg-type]


def holds(when: dict[str, Any], query: str = "龙井茶 礼盒", **plan: Any) -> bool:
    return bool(edition({"when": when} | HIDE).holding([reading(query, **plan)], 0.0, lambda _: False))


@pytest.mark.parametrize(
    ("when", "query", "expected"),
    [
        ({"query": "iPhone 15"}, " ＩＰＨＯＮＥ  15", True), ({"query": "绿茶"}, "綠茶", True),
        ({"query": "绿茶"}, "绿茶 礼盒", False), ({"query": ["红茶", "绿茶"]}, "绿茶", True),
        ({"phrase": "保温杯"}, "316不锈钢保温杯", True), ({"phrase": "保温杯"}, "保温", False),
        ({"phrase": "茶"}, "茶几", False), ({"phrase": "case"}, "showcase", False),
        ({"phrase": "Case"}, "a case", True), ({"phrase": "礼盒 茶"}, "龙井 礼盒 茶", True),
        ({"phrase": "茶几", "query": "茶几 实木"}, "茶几 实木", True),
        ({"phrase": "桌", "query": "茶几"}, "茶几", False),
        ({}, "什么都行", True),
    ],
)  # fmt: skip
def test_words(when: dict[str, Any], query: str, expected: bool) -> None:  # 1, 2
    assert holds(when, query) is expected


def test_meanings() -> None:  # 1
    guesses = (CategoryGuess("食品/茶/绿茶", 0.3), CategoryGuess("食品/茶/红茶", 0.3), CategoryGuess("食品/茶具", 0.4))
    for category, expected in (("食品/茶", True), ("食品", True), ("食品/茶/绿茶", False), ("食品/茶具", False)):
        assert holds({"category": category}, categories=guesses) is expected, category
    intent = Intent(IntentKind.CATEGORY, 0.5, {})
    assert holds({"intent": ["brand", "category"]}, intent=intent)
    assert not holds({"intent": "brand"}, intent=intent)
    assert not holds({"intent": "brand"})


def test_times() -> None:  # 3
    times = {"from": "1970-01-01T00:01:00+00:00", "until": "1970-01-01T00:02:00+00:00"}
    rules = edition({"when": {"query": "茶"}} | times | HIDE, {"when": {"query": "茶"}, "enabled": False} | HIDE)
    assert [rules.holding([reading("茶")], now, lambda _: False) for now in (59.9, 60, 119.9, 120)] == [
        (), (0,), (0,), ()
    ]  # fmt: skip


def test_segments() -> None:  # 4
    asked: list[str] = []

    def segment(name: str) -> bool:
        asked.append(name)
        return name == "known"

    banner = {"banner": {"id": "b", "text": "你好"}}
    rules = edition(
        {"when": {"segment": "new"}, **banner}, {"when": {"segment": ["new", "known"]}, "priority": 1, **banner},
        {"when": {"segment": "known", "query": "绿茶"}, **banner}, {"when": {"query": "茶"}, **HIDE},
    )  # fmt: skip
    held = Ruled(rules, rules.holding([reading("茶")], 0.0, segment))
    assert [rule.id for rule in held.rules] == ["r1", "r3"]
    assert asked == ["new", "known", "new"]


def test_what_is_said_beside() -> None:  # 5
    rules = edition(
        {"when": {"query": "双11"}, "rewrite": "大促", "redirect": {"url": "/low"}},
        {
            "when": {"query": "大促"},
            "priority": 3,
            "redirect": {"channel": "大促"},
            "banner": {"id": "b", "text": "一"},
        },
        {"when": {"phrase": "大促"}, "banner": [{"id": "b", "text": "一"}, {"id": "c", "text": "二"}]},
    )
    alone = Ruled(rules, rules.holding([reading("双11")], 0.0, bool))
    both = Ruled(rules, rules.holding([reading("双11"), reading("大促")], 0.0, bool))
    assert (alone.redirect and alone.redirect.url, [b.id for b in alone.banners]) == ("/low", [])
    assert (both.redirect and both.redirect.channel, [b.id for b in both.banners]) == ("大促", ["b", "c"])
    assert both.rewriting is not None
    assert (both.mark, Ruled(rules).mark) == ((1, (0, 1, 2)), (0, ()))
