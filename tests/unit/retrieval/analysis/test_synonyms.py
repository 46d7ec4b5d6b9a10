"""Synonyms:

1. They are directed: who asks for the source also finds the target, and not the other way round unless stated.
2. What the target's tokens count is the weight given; the tokens of what was asked count 1.
3. A source is known however the segmenter cuts it, in the middle of a query too; the longest one wins.
4. Several targets are alternatives; the target itself is not followed further.
5. A target with Latin letters adds no single letters to what scores.
"""

from __future__ import annotations

from types import MappingProxyType

import pytest

from configs.settings import LEXICON
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon, Synonym, load_lexicon
from tests.title_index import built_in_analyzer, make_analyzer


def analyzer_of(*synonyms: tuple[str, str, float]) -> Analyzer:
    table: dict[str, tuple[Synonym, ...]] = {}
    for source, target, weight in synonyms:
        table[source] = (*table.get(source, ()), Synonym(source, target, weight))
    return make_analyzer(Lexicon(synonyms=MappingProxyType(table)))


def finds(analyzer: Analyzer, query: str, title: str) -> bool:
    tokens = set(analyzer.tokens(title))
    return all(any(tokens.issuperset(way) for way in term.alternatives) for term in analyzer.query(query).required)


def test_directed() -> None:
    analyzer = built_in_analyzer()
    assert finds(analyzer, "奇异果", "陕西猕猴桃5斤")
    assert not finds(analyzer, "猕猴桃", "佳沛奇异果")
    assert finds(analyzer, "番茄", "西红柿")
    assert finds(analyzer, "西红柿", "番茄")


def test_weights() -> None:
    plain, with_synonym = analyzer_of(), analyzer_of(("奇异果", "猕猴桃", 0.9))
    own = plain.query("奇异果").weights
    weights = with_synonym.query("奇异果").weights
    assert {token: weights[token] for token in own} == own
    assert {token: weights[token] for token in plain.query("猕猴桃").weights} == pytest.approx(
        {token: 0.9 * weight for token, weight in plain.query("猕猴桃").weights.items()}
    )
    assert with_synonym.query("猕猴桃").weights == plain.query("猕猴桃").weights


def test_a_token_of_both_keeps_its_own_weight() -> None:
    weights = analyzer_of(("热水壶", "烧水壶", 0.5)).query("热水壶").weights
    assert weights["壶"] == 1.0
    assert weights["烧"] == 0.5


@pytest.mark.parametrize(
    ("source", "query", "terms"),
    [
        ("热水壶", "家用热水壶大容量", ["家用", "热水壶", "大容量"]),
        ("u盘", "高速u盘128", ["高速", "u盘", "128"]),
        ("移动电源", "移动电源", ["移动电源"]),
        ("air pods", "air pods 耳机", ["air pods", "耳机"]),
        ("水壶", "热水壶", ["热", "水壶"]),
    ],
)
def test_a_source_is_known_however_it_is_cut(source: str, query: str, terms: list[str]) -> None:
    analyzer = analyzer_of((source, "目标", 0.8))
    assert [term.text for term in analyzer.query(query).terms] == terms
    assert finds(analyzer, source, "目标")
    assert analyzer.query(query).weights["目标"] == 0.8


def test_the_longest_source_wins() -> None:
    analyzer = analyzer_of(("水壶", "甲", 0.5), ("热水壶", "乙", 0.6))
    assert [term.text for term in analyzer.query("热水壶").terms] == ["热水壶"]
    assert "甲" not in analyzer.query("热水壶").weights


def test_several_targets_and_no_chains() -> None:
    analyzer = analyzer_of(("甲壳", "乙类", 0.5), ("甲壳", "丙类", 0.6), ("乙类", "丁类", 0.9))
    assert finds(analyzer, "甲壳", "乙类")
    assert finds(analyzer, "甲壳", "丙类")
    assert not finds(analyzer, "甲壳", "丁类")


def test_a_latin_target_adds_no_single_letters() -> None:
    assert not any(token.startswith("~") for token in analyzer_of(("短袖", "t恤", 0.6)).query("短袖").weights)


def test_every_built_in_synonym_finds_its_target() -> None:
    analyzer = built_in_analyzer()
    synonyms = [s for group in load_lexicon(LEXICON).synonyms.values() for s in group]
    assert synonyms
    assert [s for s in synonyms if not finds(analyzer, s.source, s.target)] == []
