"""Set words that mean more than they say:

1. A property that is an absence is a negation with what titles write for it and against it; its words leave the query.
2. What only looks like one is a name or another word, and stays.
3. A negation said otherwise (不要辣) means the same; a thing of no row stays as it was.
4. What is asked for is never left out (不酸的酸奶).
5. A day of the calendar is an occasion where presents may follow; inside the name of a thing it is part of it.
6. A number is a day at the start or where presents are spoken of, and never where it counts or numbers something.
7. Discounts and their days lift, and are no words to search; what is called so is a thing.
"""

from __future__ import annotations

from functools import cache

import pytest

from configs.settings import LEXICON, RULES
from retrieval.analysis.lexicon import load_lexicon
from retrieval.understanding.constraints.constraint_rules import load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader, rest
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint
from retrieval.understanding.reading.expansion_rules import FILE, load_expansions


@cache
def reader() -> ConstraintReader:
    rows = load_expansions(RULES / FILE)
    return ConstraintReader(load_constraint_rules(RULES), load_lexicon(LEXICON).units, (), rows)


def read(query: str) -> tuple[Constraint | None, str]:
    """The only constraint of a query, and what is left of it."""
    found = reader().read(query)
    assert len(found) < 2, found
    return (found[0] if found else None), rest(query, found)


@pytest.mark.parametrize(
    ("query", "left", "answer", "against"),
    [
        ("不辣的零食", "零食", "原味", "麻椒"),
        ("一点都不辣的泡面", "泡面", "原味", "辣"),
        ("无糖酸奶", "酸奶", "0糖", "红糖"),
        ("零蔗糖 饼干", "饼干", "无蔗糖", "冰糖"),
        ("不太甜的蛋糕", "蛋糕", "低糖", "齁甜"),
        ("非油炸薯片", "薯片", "烘焙", "油炸"),
        ("无香味的洗衣液", "洗衣液", "无香", "留香"),
        ("脱因咖啡", "咖啡", "低因", None),
        ("无钢圈文胸", "文胸", "软支撑", "有钢圈"),
        ("去核红枣", "红枣", "无核", "带核"),
    ],
)
def test_absences(query: str, left: str, answer: str, against: str | None) -> None:  # 1
    found, searched = read(query)
    assert found is not None
    assert (found.kind, searched) == (ConstraintKind.NEGATION, left)
    assert answer in found.boosts
    assert found.boosts[0] in query or not any(each in query for each in found.boosts)
    assert against is None or against in found.filters.without


@pytest.mark.parametrize(
    "query",
    [
        "不粘锅",
        "无线鼠标",
        "无人机",
        "不锈钢盆",
        "樱桃去核器",
        "去骨刀",
        "无糖尿病",
        "控糖锅",
        "低糖电饭煲",
        "无骨雨刷",
        "甜不辣",
        "那不勒斯",
        "不透明胶带",
        "温和无刺激",
        "10糖",
        "免洗洗手液",
    ],
)
def test_names(query: str) -> None:  # 2
    assert read(query) == (None, query)


@pytest.mark.parametrize(
    ("query", "like"),
    [
        ("不要辣的牛肉干", "不辣牛肉干"),
        ("不含酒精的香水", "无酒精香水"),
        ("不带香味的皂", "无香皂"),
        ("零食 不要甜的", "不甜的零食"),
    ],
)
def test_said_otherwise(query: str, like: str) -> None:  # 3
    (one, _), (other, _) = read(query), read(like)
    assert one is not None
    assert other is not None
    assert (one.filters, {*one.boosts}) == (other.filters, {*other.boosts})
    plain, _ = read("不要蕾丝的裙子")
    assert plain is not None
    assert (plain.filters.without, plain.boosts) == (("蕾丝",), ())


def test_what_is_asked_for() -> None:  # 4
    for query, word in [("不酸的酸奶", "酸"), ("不辣的辣白菜", "辣"), ("不甜的甜酒", "甜"), ("无糖红糖糕", "红糖")]:
        found, _ = read(query)
        assert found is not None
        assert word not in found.filters.without


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("520礼物", "礼物"), ("中秋送礼", "送礼"), ("母亲节 礼物", "礼物"), ("年货", ""), ("开学必备", ""),
        ("七夕送女友", "送女友"), ("圣诞树", "圣诞树"), ("新年帽", "新年帽"), ("中秋月饼", "中秋月饼"),
    ],
)  # fmt: skip
def test_days(query: str, left: str) -> None:  # 5
    found, searched = read(query)
    assert searched == left
    assert (found is not None and found.kind is ConstraintKind.OCCASION) == (query != left)


@pytest.mark.parametrize(
    ("query", "is_day"),
    [
        ("520", True), ("520 口红", True), ("口红 520", False), ("口红 520 送女友", True), ("520颗粒积木", False),
        ("520ml杯子", False), ("1520礼物", False), ("nokia520", False), ("520克", False), ("214情书", False),
    ],
)  # fmt: skip
def test_numbers(query: str, is_day: bool) -> None:  # 6
    assert any(each.kind is ConstraintKind.OCCASION for each in reader().read(query)) is is_day


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("双十一羽绒服", "羽绒服"), ("双11大促 手机", "手机"), ("618 扫地机", "扫地机"), ("打折的羽绒服", "羽绒服"),
        ("口红 特价", "口红"), ("骁龙618", "骁龙618"),
        ("双12寸音箱", "双12寸音箱"), ("折扣店货架", "折扣店货架"), ("优惠券", "优惠券"),
        ("促销台", "促销台"),
    ],
)  # fmt: skip
def test_discounts(query: str, left: str) -> None:  # 7
    found, searched = read(query)
    assert searched == left
    assert (found is not None and bool(found.boosts)) == (query != left)
