"""A file of rules as it is read:

1. YAML and JSON say the same; one thing needs no list; times without a zone are of the file's.
2. Everything that is wrong is told, with the rule, its field and what to do; one bad rule hides no other.
3. What only seems wrong is told, too, and does not forbid to publish.
4. Rules count by priority, the higher first, equal ones by id.
5. What is kept of a file gives the same rules again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from retrieval.rules.problems import Problem
from retrieval.rules.read import read_document, read_text
from retrieval.types import Filters

FILE = """
time_zone: Asia/Tokyo
sets: {年货节: [p1, p2]}
rules:
  - id: tea
    name: 茶叶
    priority: 5
    from: 2026-01-10 00:00
    until: 2026-02-01T00:00:00+08:00
    when: {query: 茶叶, phrase: [龙井, 普洱]}
    pin: {id: p1, at: 1}
    boost: {points: 2, products: {set: 年货节, labels: 国货, price: {max: 99.5}}}
"""


def test_a_file() -> None:  # 1
    read = read_text(FILE)
    assert read.problems == ()
    (rule,) = read.rules.rules
    assert rule.start is not None
    assert rule.start.astimezone(UTC) == datetime(2026, 1, 9, 15, tzinfo=UTC)  # midnight in Tokyo
    assert rule.until is not None
    assert rule.until.astimezone(UTC) == datetime(2026, 1, 31, 16, tzinfo=UTC)
    assert (rule.when.query, rule.when.phrase) == (("茶叶",), ("龙井", "普洱"))
    assert (rule.actions, rule.pin[0].at) == (("pin", "boost"), 1)
    products = rule.boost[0].products
    assert products.filters == Filters({"labels": ("国货",)}, (None, 9950))
    assert read.rules.ids_of(products) == {"p1", "p2"}
    assert read_text(orjson.dumps(read.document).decode()) == read  # 5


def wrong(**fields: Any) -> list[Problem]:
    return list(
        read_document({"rules": [{"id": "r", "hide": {"ids": "x"}, "when": {"query": "茶"}} | fields]}).problems
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "a b"}, "id"), ({"pn": []}, "pn"), ({"pin": {"id": "p", "at": 0}}, "pin[0].at"),
        ({"pin": {"id": 7, "at": 1}}, "pin[0].id"), ({"when": {"intent": "buying"}}, "when.intent[0]"),
        ({"from": "2026-02-01", "until": "2026-01-01"}, "until"), ({"hide": {}}, "hide"),
        ({"hide": [{}]}, "hide"), ({"hide": {"set": "none"}}, "hide.set"),
        ({"when": {"segment": "new"}}, "when.segment"), ({"when": {"segment": "rich"}}, "when.segment[0]"),
        ({"rewrite": "绿茶", "when": {"category": "食品"}}, "rewrite"), ({"when": {"query": "！"}}, "when.query"),
        ({"redirect": {}}, "redirect"), ({"redirect": {"url": "javascript:1"}}, "redirect.url"),
        ({"banner": {"id": "b", "text": "x", "link": "//elsewhere"}}, "banner[0].link"),
        ({"pin": [{"id": "p", "at": 1}, {"id": "q", "at": 1}]}, "pin"),
        ({"boost": {"points": -1, "products": {"brand": "x"}}}, "boost[0].points"), ({"priority": 9999}, "priority"),
    ],
)  # fmt: skip
def test_what_is_wrong(fields: dict[str, Any], field: str) -> None:  # 2
    (problem,) = wrong(**fields)
    assert problem.field == field
    assert problem.fatal
    assert problem.rule == ("r" if "id" not in fields else "a b")
    assert problem.message
    if field not in ("pin[0].at", "boost[0].points", "priority"):  # those say themselves what is allowed
        assert problem.hint


def test_a_bad_rule_hides_none() -> None:  # 2
    good = {"id": "good", "when": {"query": "茶"}, "hide": {"ids": ["x"]}}
    read = read_document({"rules": [{"id": "bad", "pin": {"id": "p"}}, 7, good, {"id": "none"}], "extra": 1})
    assert [(problem.rule, problem.field) for problem in read.problems] == [
        ("", "extra"), ("bad", "pin[0].at"), ("rules[1]", ""), ("none", "")
    ]  # fmt: skip
    assert not read.publishable
    assert [rule.id for rule in read.rules.rules] == ["good"]
    assert [p.field for p in read_document({"rules": [good, good]}).problems] == ["id"]


LAUGHS = "a0: &a0 [x,x]\na1: &a1 [*a0,*a0]\nrules:\n - *a1"


@pytest.mark.parametrize(
    "text",
    ["", "- a", "rules: 7", "a: [", "{", "rules: [\x00]", "rules: &r\n - *r", LAUGHS, "rules: " + "[" * 9000, "\ud800"],
)
def test_no_rules(text: str) -> None:  # 2
    (problem,) = read_text(text).problems
    assert problem.fatal
    assert problem.hint


@pytest.mark.parametrize(
    "fields", [{"time_zone": "Moon"}, {"sets": ["a"]}, {"sets": {"a": [1]}}, {"sets": {"a": "p1"}}]
)
def test_the_rest_of_a_file(fields: dict[str, Any]) -> None:  # 2
    (problem,) = read_document({"rules": [], **fields}).problems
    assert problem.field.startswith(next(iter(fields)))


def test_a_warning() -> None:  # 3
    read = read_document({"rules": [{"id": "r", "hide": {"ids": "x"}}]})
    assert [(problem.field, problem.fatal) for problem in read.problems] == [("when", False)]
    assert read.publishable
    assert len(read.rules.rules) == 1


def test_what_counts_first() -> None:  # 4
    rules = [{"id": id, "priority": p, "hide": {"ids": "x"}, "when": {"query": "茶"}} for id, p in
             (("b", 0), ("c", 7), ("a", 0), ("d", -1))]  # fmt: skip
    assert [rule.id for rule in read_document({"rules": rules}).rules.rules] == ["c", "a", "b", "d"]
