"""A query said with a synonym:

1. Each synonym that is the same thing stands in the place of its word, with its cost and kind; at most `MOST` texts.
2. What is only near, and a query without synonyms, gives none.
3. An amount is written in digits, with the base unit where that is as great, or as a number alone.
4. For what has this amount, one in a Chinese unit is also in the Latin one that is as great, else in the greatest that
   leaves one decimal at most; its words cost what the amount does.
5. A word whose 子 adds nothing is also said without it; one of which 子 is a part is not.
"""

from __future__ import annotations

from types import MappingProxyType

import pytest

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon, Synonym
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.synonymous import MOST, SAME, Synonymous, synonymous
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.understanding import mall

SYNONYMS = {
    "土豆": (Synonym("土豆", "马铃薯", SAME), Synonym("土豆", "洋芋", 1.0)),
    "kfc": (Synonym("kfc", "肯德基", 1.0),),
    "球鞋": (Synonym("球鞋", "运动鞋", SAME - 0.1),),
}
ANALYZER = Analyzer(mall.segmenter(), Lexicon(synonyms=MappingProxyType(SYNONYMS)))


def said_otherwise(query: str, **kinds: Kind) -> Synonymous:
    text = ANALYZER.query(query)
    return synonymous(text, ANALYZER, {term.text: 1.0 / len(term.text) for term in text.terms}, kinds)


def test_the_same_thing() -> None:  # 1
    found = said_otherwise("新鲜土豆5斤", 土豆=Kind.PRODUCT)
    assert [text.normalized for text in found.texts] == ["新鲜马铃薯5斤", "新鲜洋芋5斤"]
    assert (found.costs["马铃薯"], found.kinds["马铃薯"]) == (1 / len("土豆"), Kind.PRODUCT)
    assert "新鲜" not in found.costs
    assert len(said_otherwise("土豆 kfc").texts) == MOST
    assert said_otherwise("KFC 券").texts == (ANALYZER.query("肯德基 券"),)


def test_none() -> None:  # 2
    assert said_otherwise("球鞋") == said_otherwise("新鲜") == Synonymous((), {}, {})


@pytest.mark.parametrize(
    ("query", "others"),
    [
        ("电池 两万毫安", ["电池 20000mah", "电池 20000毫安"]),
        ("电池 20000毫安", ["电池 20000mah"]),
        ("五斤大米", ["5斤大米"]),
        ("一米八床", ["1.8米床"]),
        ("半斤茶", ["0.5斤茶"]),
        ("42码鞋", ["42鞋"]),
        ("500ml杯", []),
    ],
)
def test_amounts(query: str, others: list[str]) -> None:  # 3
    analyzer = built_in_analyzer()
    text = analyzer.query(query)
    found = synonymous(text, analyzer, {term.text: 1.0 for term in text.terms}, {})
    assert [other.normalized for other in found.texts] == others


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("五斤大米", {"=g:2500": "2.5kg大米"}),
        ("10斤猫粮", {"=g:5000": "5kg猫粮"}),
        ("10公斤猫粮", {"=g:10000": "10kg猫粮"}),
        ("三两茶", {"=g:150": "150g茶"}),
        ("一米八床", {"=mm:1800": "1.8m床"}),
        ("30厘米锅", {"=mm:300": "30cm锅"}),
        ("5kg大米", {}),
        ("42码鞋", {}),
    ],
)
def test_other_units(query: str, amounts: dict[str, str]) -> None:  # 4
    analyzer = built_in_analyzer()
    text = analyzer.query(query)
    found = synonymous(text, analyzer, {term.text: float(term.start) for term in text.terms}, {})
    assert {amount: other.normalized for amount, other in found.amounts.items()} == amounts
    assert all(found.costs[other.terms[0].text] == 0.0 for other in found.amounts.values())


@pytest.mark.parametrize(
    ("query", "others"), [("儿童杯子", ["儿童杯"]), ("杯子 瓜子", ["杯 瓜子"]), ("杯", []), ("水杯", [])]
)
def test_endings(query: str, others: list[str]) -> None:  # 5
    analyzer = built_in_analyzer()
    text = analyzer.query(query)
    found = synonymous(text, analyzer, {term.text: 1.0 for term in text.terms}, {"杯子": Kind.PRODUCT})
    assert [other.normalized for other in found.texts] == others
    assert found.kinds == ({"杯": Kind.PRODUCT} if others else {})
