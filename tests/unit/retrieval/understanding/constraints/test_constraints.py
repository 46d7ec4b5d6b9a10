"""Constraints said in words:

1. Every hand-written phrase is read as written beside it: kinds, effects, characters, and what is left to search.
2. A query of any text never raises; spans lie inside it, do not overlap, and name the constraint.
3. What is left is never longer and does not change when it is tidied again; nothing consumed leaves the query itself.
4. A chip says what is done, in Chinese.
5. Things that the shop knows may be excluded like those of the rules.
6. Without rules nothing is read.
7. A negation does not begin inside what it negates (没有不粘的锅), and goes on over a mark only to things of its sort.
8. A thing is excluded by all its names that are no part of other words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
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


PIECES = st.lists(
    st.sampled_from(
        [
            "100元以内",
            "两百到三百",
            "不要塑料",
            "包邮",
            "27寸以上",
            "水杯",
            "最便宜",
            "国货",
            "的",
            " ",
            "50左右",
            "除了小米",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)
"""Half of these have two constraints or more, so that what is asserted of them is asserted of some."""


@given(st.one_of(any_text, SAID, PIECES))
@example("100元以上 300元以内 不要塑料 包邮 27寸以上 最便宜的水杯")
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
    kept = (" " if gone else char for char, gone in zip(query, taken(query, found), strict=True))
    assert left.split() == "".join(kept).split()
    assert rest(left, ()) == left
    assert rest(query, ()) == query


def taken(query: str, found: Iterable[Constraint]) -> list[bool]:
    """Which characters of the query constraints take out of it."""
    return [any(c.consumed and c.start <= at < c.end for c in found) for at in range(len(query))]


def test_there_are_constraints_in_it() -> None:  # 2
    kinds: Counter[int] = Counter()

    @given(PIECES)
    @settings(max_examples=100, database=None)
    def count(text: str) -> None:
        kinds[min(2, len(reader().read(normalized(text))))] += 1

    count()
    assert kinds[0] < kinds[1] + kinds[2]
    assert kinds[2] >= 20


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


@pytest.mark.parametrize(
    ("query", "without"),
    [
        ("没有不粘的锅", ()),
        ("没有不带帽子的卫衣", ("帽子",)),
        ("没有帽子的卫衣", ("帽子",)),
        ("没有帽子卫衣", ()),
        ("不锈钢的水杯", ()),
        ("不粘锅", ()),
        ("无糖的饼干", ()),
        ("不要华为 小米的手机", ("华为", "小米")),
        ("不要塑料 玻璃的水杯", ("塑料", "玻璃")),
        ("不要红色 蓝色的水杯", ("红色", "蓝色")),
        ("不要红色 塑料的水杯", ("红色",)),
        ("不要塑料 华为的水杯", ("塑料",)),
        ("不要华为 小米手机", ("华为",)),
        ("非真皮的沙发", ("真皮",)),
        ("非云朵的沙发", ()),
        ("不是真皮的沙发", ("真皮",)),
        ("不带云朵的枕头", ("云朵",)),
        ("不要皮棉的枕头", ("皮棉",)),
        ("不要耐克阿迪的鞋", ("耐克", "阿迪")),
        ("不带大朵大朵云的枕头", ()),
        ("不要大朵大朵云的枕头", ("大朵大朵云",)),
    ],
)
def test_negations(query: str, without: tuple[str, ...]) -> None:  # 7
    assert sum((c.filters.without for c in reader().read(query)), ()) == without


def test_other_names() -> None:  # 8
    names = {"红色": ("红", "大红", "正红"), "小米": ("xiaomi", "mi")}
    rules, units = load_constraint_rules(LEXICON.parent / "rules"), load_lexicon(LEXICON).units
    of = ConstraintReader(rules, units, (), (), names)
    for query, without in [
        ("裙子 -红色", ("红色", "大红", "正红")),
        ("不要小米的手机", ("小米", "xiaomi")),
        ("不要蓝色的", ("蓝色",)),
    ]:
        assert [each.filters.without for each in of.read(query)] == [without]
