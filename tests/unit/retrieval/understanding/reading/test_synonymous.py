"""A query said with a synonym:

1. Each synonym that is the same thing stands in the place of its word, with its cost and kind; at most `MOST` texts.
2. What is only near, and a query without synonyms, gives none.
3. An amount is written in digits, with the base unit where that is as great, or as a number alone.
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
