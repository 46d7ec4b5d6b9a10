"""Words that stand for others:

1. A category word is answered by its children that are sold as by itself (by all, where nobody knows what is sold), and
   its single characters score nothing.
2. It counts only as the head of what is asked: half of a word is none, and a thing behind it is it, but for a box; and
   only beside what any thing may have, but for presents.
3. A single character counts only alone or behind 的 at the end.
4. Categories below the top that are called as the class, or leaves called as one of its things, become more probable.
7. An inner category of the catalogue means the nouns of its leaves, and these leaves become more probable; what more
   titles say than lie below it is a thing, and stays one.
9. A leaf whose name ends with the thing that is asked is meant, too, and counts as it is; the thing is the last one.
   What says of anything that it is a thing, is a product, and no packing.
5. Who gets a present is matched as a whole word, or by what else he or she is called; beside a thing, or where nothing
   is given, nothing is done.
8. What a thing is packed in says nothing of what it is, but alone.
6. A wish is preferred by any of its answers; nothing but wishes is searched by all of theirs, and reads as the first.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.analysis.analyzer import Analyzer, QueryText
from retrieval.analysis.lexicon import Lexicon
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.expansion_rules import Expansion, ExpansionKind
from retrieval.understanding.reading.expansions import ANSWER_WEIGHT, CATEGORY_FACTOR, Expanded, Expansions
from tests.unit.retrieval.understanding import mall

ANALYZER = Analyzer(mall.segmenter(), Lexicon())
ROWS = (
    Expansion(ExpansionKind.CLASS, "护肤品", ("护肤品", "护肤"), ("面霜", "爽肤水", "冻干粉")),
    Expansion(ExpansionKind.CLASS, "零食", ("零食",), ("坚果",)),
    Expansion(ExpansionKind.CLASS, "酒", ("酒",), ("白酒",)),
    Expansion(ExpansionKind.CLASS, "礼物", ("礼物", "生日礼物"), ("礼盒",)),
    Expansion(ExpansionKind.RECIPIENT, "女朋友", ("女朋友",), ("女友",)),
)
CATEGORIES = (
    "美妆/面部护肤/面霜",
    "美妆/彩妆/口红",
    "小吃零食/糕点/蛋糕",
    "食品/干货/坚果炒货",
    "女装/裙装/连衣裙半身裙",
)
KNOWN = ("面霜", "爽肤水", "坚果", "白酒", "礼盒", "连衣裙", "裙", "半身裙")
KNOWLEDGE = Knowledge(10, products=dict.fromkeys(KNOWN, 1), categories=dict.fromkeys(CATEGORIES, 1))
EXPANSIONS = Expansions(ROWS, ANALYZER, KNOWLEDGE, {"礼盒", "礼物", "生日礼物"})


def expanded(query: str, *products: str, **others: Kind) -> Expanded:
    """Of a query that names these products, and words of other kinds."""
    text = ANALYZER.query(query)
    kinds = {**dict.fromkeys(products, Kind.PRODUCT), **others}
    starts = [text.normalized.index(word) for word in kinds]
    entities = [
        Entity(kind, word, at, at + len(word), 0.9, 1.0, Source.LEXICON)
        for (word, kind), at in zip(kinds.items(), starts, strict=True)
    ]
    return EXPANSIONS.of(text, entities)


def ways(text: QueryText, term: str) -> tuple[tuple[str, ...], ...]:
    return next(each.alternatives for each in text.terms if each.text == term)


def test_class() -> None:  # 1
    text = expanded("护肤品", "护肤品").text
    assert ways(text, "护肤品") == (("护肤", "肤品"), ("面霜",), ("爽肤", "肤水"))
    assert {"护肤品", "护肤"} <= text.weights.keys()
    assert text.weights["面霜"] == ANSWER_WEIGHT
    assert expanded("孕妇护肤品", "护肤品", 孕妇=Kind.AUDIENCE).instances["面霜"] == ANALYZER.query("孕妇面霜")
    assert not [token for token in text.weights if len(token) == 1]
    of_anybody = Expansions(ROWS, ANALYZER, Knowledge()).of(ANALYZER.query("护肤品"), ()).text
    assert ways(of_anybody, "护肤品")[-1] == ("冻干", "干粉")


@pytest.mark.parametrize(
    ("query", "products", "is_class"),
    [
        ("孕妇护肤品", ("护肤品",), False), ("零食 礼盒", ("零食", "礼盒"), True),
        ("零食 盒子", ("零食", "盒子"), False),
        ("零食盒子", ("零食", "盒子"), False), ("护肤品 收纳盒", ("护肤品", "收纳盒"), False), ("零食", (), True),
        ("零食 杯子", ("杯子",), False),
    ],
)  # fmt: skip
def test_head(query: str, products: tuple[str, ...], is_class: bool) -> None:  # 2
    text = expanded(query, *products).text
    assert (text == ANALYZER.query(query)) is not is_class


def test_beside() -> None:  # 2
    plain = ANALYZER.query("孕妇护肤品")
    assert expanded("孕妇护肤品", "护肤品", 孕妇=Kind.AUDIENCE).text != plain
    assert expanded("孕妇护肤品", "护肤品", 孕妇=Kind.FUNCTION).text == plain
    assert expanded("虎年礼物", "礼物").text != ANALYZER.query("虎年礼物")
    assert expanded("虎年礼物", "礼物").instances == {}


def test_half_a_word() -> None:  # 2
    whole = Expansion(ExpansionKind.CLASS, "火", ("火车票",), ("高铁",))
    text = ANALYZER.query("坐火车票价")
    assert [term.text for term in text.terms][-1] == "票价"
    assert Expansions([whole], ANALYZER, Knowledge()).of(text, ()).text == text


@pytest.mark.parametrize(("query", "is_class"), [("酒", True), ("红色 酒", True), ("酒 架", False)])
def test_single_character(query: str, is_class: bool) -> None:  # 3
    beside = {"红色": Kind.COLOR} if "红色" in query else {}
    assert (expanded(query, **beside).text == ANALYZER.query(query)) is not is_class


def test_categories() -> None:  # 4
    def raised(query: str) -> list[str]:
        assert set(expanded(query).categories.values()) <= {CATEGORY_FACTOR}
        return list(expanded(query).categories)

    assert raised("护肤品") == ["美妆/面部护肤/面霜"]
    assert raised("零食") == ["食品/干货/坚果炒货"]
    assert raised("杯子") == []


def test_tree() -> None:  # 7
    found = expanded("女装", "女装")
    assert ways(found.text, "女装") == (("女装",), ("连衣", "衣裙"), ("半身", "身裙"))
    assert found.categories == {"女装/裙装/连衣裙半身裙": CATEGORY_FACTOR}
    thing = Expansions((), ANALYZER, replace(KNOWLEDGE, words={"女装": 2}))
    assert thing.of(ANALYZER.query("女装"), ()).text == ANALYZER.query("女装")
    assert expanded("女装 收纳盒", "女装", "收纳盒").text == ANALYZER.query("女装 收纳盒")


def test_recipient() -> None:  # 5
    text = expanded("送女朋友生日礼物", "生日礼物").text
    assert ways(text, "女朋友") == (("女朋", "朋友"), ("女友",))
    assert "朋友" not in text.weights
    assert {"女朋友", "女友"} <= text.weights.keys()
    assert expanded("女朋友").text == ANALYZER.query("女朋友")
    assert expanded("送女朋友的口红", "口红").text == ANALYZER.query("送女朋友的口红")


def test_contents() -> None:  # 8
    assert EXPANSIONS.contents(["零食", "礼盒"]) == ["零食"]
    assert EXPANSIONS.contents(["礼盒"]) == ["礼盒"]


def test_wishes() -> None:  # 6
    plain = ANALYZER.query("杯子")
    text = EXPANSIONS.answered(plain, ("原味", "不辣"), "不辣的杯子")
    assert [term.alternatives for term in text.wishes] == [(("原味",), ("不辣",))]
    assert (text.terms, text.weights["原味"], text.weights["杯子"]) == (plain.terms, ANSWER_WEIGHT, 1.0)
    assert text.weights["不辣"] == 1.0
    only = EXPANSIONS.only(plain, [("原味", "不辣"), ("年货",)])
    assert [term.text for term in only.terms] == ["原味", "年货"]
    assert only.weights == {"原味": 1.0, "不辣": 1.0, "年货": 1.0}
    assert only.normalized == "原味 年货"
    assert EXPANSIONS.only(plain, []).normalized == plain.normalized


def test_leaves_of_the_thing() -> None:  # 9
    leaves = ("女装/女士半身裙", "女装/半身裙", "家居/半身裙收纳袋", "裙")
    some = Expansions((), ANALYZER, replace(KNOWLEDGE, categories=dict.fromkeys(leaves, 1)), {"礼盒"})

    def meant(*products: str) -> dict[str, float]:
        query = " ".join(products)
        of = [
            Entity(Kind.PRODUCT, each, query.index(each), query.index(each) + len(each), 0.9, 1.0, Source.LEXICON)
            for each in products
        ]
        assert some.names_thing(of) is (products != ("礼盒",))
        return dict(some.of(ANALYZER.query(query), of).categories)

    assert meant("半身裙") == {"女装/女士半身裙": 1.0, "女装/半身裙": 1.0}
    assert meant("半身裙", "坚果") == {}
    assert meant("礼盒") == {}
    assert not some.names_thing([Entity(Kind.COLOR, "红色", 0, 2, 0.9, 1.0, Source.LEXICON)])
