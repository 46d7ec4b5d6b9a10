"""Constraints said in words:

1. Every hand-written phrase is read as written beside it: kinds, effects, characters, and what is left to search.
2. A query of any text never raises; spans lie inside it, do not overlap, and name the constraint.
3. What is left is never longer and does not change when it is tidied again; nothing consumed leaves the query itself.
4. A chip says what is done, in Chinese.
5. Things that the shop knows may be excluded like those of the rules.
6. Without rules nothing is read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs.settings import LEXICON
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.types import Filters, Sort
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader, rest
from retrieval.understanding.plan import Constraint
from tests.property.strategies import any_text

PHRASES = Path(__file__).parents[4] / "golden" / "understanding" / "constraints.jsonl"
SAID = st.text(
    st.sampled_from(
        "100.5一两三百千万几多元块钱以内上下左右到-不要超过除了小米的非塑料包邮最便宜新款寸升kw 预算销量高"
    ),
    max_size=24,
)


@cache
def reader() -> ConstraintReader:
    return ConstraintReader(load_constraint_rules(LEXICON.parent / "rules"), load_lexicon(LEXICON).units)


def normalized(text: str) -> str:
    return " ".join(normalize(text).split())


def effect(constraint: Constraint) -> dict[str, Any]:
    """The constraint as the file of phrases writes it."""
    match constraint.kind:
        case "price":
            does: dict[str, Any] = {"price": list(constraint.filters.price)}
        case "amount":
            assert constraint.amount is not None
            base, *ends = constraint.amount
            does = {"amount": [base, *(None if end is None else pytest.approx(end) for end in ends)]}
        case "sort":
            does = {"sort": constraint.sort} if constraint.sort else {"boosts": bool(constraint.boosts)}
        case "service":
            does = {"service": constraint.filters.keywords["services"][0]}
        case "negation":
            does = {"without": list(constraint.filters.without)}
        case "stock":
            does = {"in_stock": constraint.filters.in_stock}
        case _:
            does = {"boosts": bool(constraint.boosts)}
    kept = {} if constraint.consumed else {"kept": True}
    return {"kind": constraint.kind, **does, "start": constraint.start, "end": constraint.end, **kept}


def test_phrases() -> None:
    wrong = []
    for line in PHRASES.read_bytes().splitlines():
        phrase = orjson.loads(line)
        query = normalized(phrase["query"])
        found = reader().read(query)
        if [effect(c) for c in found] != phrase["constraints"] or rest(query, found) != phrase["rest"]:
            wrong.append((query, [(c.label, query[c.start : c.end]) for c in found], rest(query, found)))
    assert wrong == []


@given(st.one_of(any_text, SAID))
def test_any_text(text: str) -> None:
    query = normalized(text)
    found = reader().read(query)
    ends = [0, *(c.end for c in found)]
    for last, constraint in zip(ends, found, strict=False):
        assert last <= constraint.start < constraint.end <= len(query)
        assert constraint.id == f"{constraint.kind}:{constraint.start}-{constraint.end}"
        low, high = constraint.filters.price
        assert low is None or high is None or 0 <= low <= high
    left = rest(query, found)
    assert len(left) <= len(query)
    assert rest(left, ()) == left
    assert rest(query, ()) == query


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("保温杯 100元以内", ["¥100 以内"]),
        ("羽绒服 1000元以上", ["¥1000 以上"]),
        ("茶具 200-300元", ["¥200–300"]),
        ("台灯 50左右", ["¥50 左右"]),
        ("显示器 27寸以上 销量最高", ["27 寸以上", "销量优先"]),
        ("水杯 不要塑料和玻璃的", ["不要塑料、玻璃"]),
        ("猫砂 包邮 有货", ["包邮", "有货"]),
        ("国货口红2024新款", ["国货", "2024新款"]),
    ],
)
def test_labels(query: str, labels: list[str]) -> None:
    assert [c.label for c in reader().read(query)] == labels


def test_effects_are_those_of_the_plan() -> None:
    price, sort, service = reader().read("100元以内 销量最高 包邮")
    assert price.filters == Filters(price=(None, 100 * 100))
    assert sort.sort is Sort.SALES
    assert sort.filters.empty
    assert "包邮" in service.filters.keywords["services"]
    assert service.boosts == ("包邮",)


def test_known_things() -> None:
    rules, units = load_constraint_rules(LEXICON.parent / "rules"), load_lexicon(LEXICON).units
    assert ConstraintReader(rules, units).read("不要沐野手机") == ()
    (constraint,) = ConstraintReader(rules, units, known={"沐野"}).read("不要沐野手机")
    assert (constraint.filters.without, constraint.end) == (("沐野",), len("不要沐野"))


def test_without_rules() -> None:
    bare = ConstraintReader(ConstraintRules(), {})
    assert bare.read("不要塑料的水杯 100元以内 包邮 27寸以上") == ()
