"""Tokens and terms:

1. A document has its words and their inner words, characters, bigrams, model variants, amounts, and what is matched
   whole (`test_whole`).
2. A query has one term for each thing named: words, models and amounts, in order, at their places in the normal form.
3. A single Han character finds every text that has it, a letter or a number those in which it stands whole.
4. Empty and punctuation-only queries have no terms and no weights; a mark between two amounts is no term.
5. Stop words score and need not be there, unless there is nothing else.
6. A long query is cut at MAX_QUERY_CHARS; the analyzer never raises.
7. A query without its numbers is its words; one of numbers alone stays as it is.
8. Every built-in user word is one term, and every built-in stop word is known as one.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from configs.settings import LEXICON
from retrieval.analysis.analyzer import MAX_QUERY_CHARS, Analyzer
from retrieval.analysis.lexicon import Lexicon, load_lexicon
from tests.title_index import built_in_analyzer, make_analyzer, read_texts


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return built_in_analyzer()


def finds(analyzer: Analyzer, query: str, title: str) -> bool:
    """Whether the title has every required term, and anything that scores."""
    tokens = set(analyzer.tokens(title))
    text = analyzer.query(query)
    ways = [term.alternatives for term in text.required]
    return all(any(tokens.issuperset(way) for way in term) for term in ways) and not tokens.isdisjoint(text.weights)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("保温杯", {"保温杯", "保温", "温杯", "保", "温", "杯", "~>杯"}),
        ("t恤", {"t恤", "恤", "t", "~<t"}),
        ("a4纸", {"a4", "4纸", "纸", "a", "4", "~<a4", "~:4"}),
        ("5l", {"5l", "5", "l", "~:5", "~<l", "=ml:5000"}),
        ("碳", {"碳"}),
        ("！？", set()),
        ("", set()),
    ],
)
def test_tokens_of_a_document(analyzer: Analyzer, text: str, tokens: set[str]) -> None:
    assert set(analyzer.tokens(text)) == tokens


def test_a_repeated_word_counts_twice(analyzer: Analyzer) -> None:
    assert analyzer.tokens("绿茶 绿茶").count("绿茶") == 2 * analyzer.tokens("绿茶").count("绿茶")


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("红色连衣裙", ["红色", "连衣裙"]),
        ("T恤男", ["t恤", "男"]),
        ("3C认证充电宝", ["3c认证", "充电宝"]),
        ("iphone15手机壳", ["iphone15", "手机", "壳"]),
        ("500ml 保温杯", ["500ml", "保温杯"]),
        ("8gb+256gb", ["8gb", "256gb"]),
        ("3mm-10mm", ["3mm", "10mm"]),
        ("i5/8g/512g", ["i5", "8g", "512g"]),
        ("連衣裙", ["连衣裙"]),
        ("花", ["花"]),
        ("包", ["包"]),
        ("a", ["a"]),
        ("", []),
        ("  \t", []),
        ("！？。…", []),
        ("-", []),
        ("+-/_.%&#", []),
        ("🌸💕", []),
    ],
)
def test_terms_of_a_query(analyzer: Analyzer, query: str, terms: list[str]) -> None:
    text = analyzer.query(query)
    assert [term.text for term in text.terms] == terms
    assert bool(text.weights) == bool(terms)


def test_terms_stand_where_they_say(analyzer: Analyzer) -> None:
    for query in read_texts():
        text = analyzer.query(query)
        places = [(term.start, term.end) for term in text.terms]
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
        assert all(term.alternatives and all(term.alternatives) for term in text.terms)
        assert all(0 < weight <= 1 for weight in text.weights.values())


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("花", "碎花裙", "连衣裙"),
        ("包", "双肩包男", "钱夹"),
        ("5", "usb-c 5w", "usb-c 15w"),
        ("k", "K-II 神仙水", "SK-II 神仙水"),
        ("5.1", "周长5.1", "周长15.12"),
        ("8 -", "8厘米", "38厘米"),
    ],
)
def test_one_character(analyzer: Analyzer, query: str, found: str, missed: str) -> None:
    assert finds(analyzer, query, found)
    assert not finds(analyzer, query, missed)


def test_what_is_matched_whole_does_not_score(analyzer: Analyzer) -> None:
    assert not any(token.startswith("~") for token in analyzer.query("5 号 电池 t恤 短袖").weights)


def test_stop_words() -> None:
    analyzer = make_analyzer(Lexicon(stop_words=frozenset({"的", "想买"})))
    text = analyzer.query("想买红色的裙子")
    assert [term.text for term in text.terms if term.optional] == ["想买", "的"]
    assert [term.text for term in text.required] == ["红色", "裙子"]
    assert {"想买", "的"} <= text.weights.keys()
    assert [term.text for term in analyzer.query("的").required] == ["的"]


@pytest.mark.parametrize("length", [MAX_QUERY_CHARS, MAX_QUERY_CHARS + 1, 100_000])
def test_a_long_query_is_cut(analyzer: Analyzer, length: int) -> None:
    text = analyzer.query(("连衣裙" * length)[:length])
    assert len(text.text) == MAX_QUERY_CHARS
    assert text == analyzer.query(("连衣裙" * length)[:MAX_QUERY_CHARS])


def test_a_stop_word_is_known_however_it_is_cut(analyzer: Analyzer) -> None:
    for word in sorted(load_lexicon(LEXICON).stop_words):
        assert [term.text for term in analyzer.query(f"{word} 连衣裙").required] == ["连衣裙"], word


def test_built_in_user_words_are_terms(analyzer: Analyzer) -> None:
    words = [word for word, _ in load_lexicon(LEXICON).user_words]
    assert {word for word in words if [term.text for term in analyzer.query(word).terms] != [word]} == set()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("车厘子 5斤", ["车厘子"]),
        ("5斤 车厘子", ["车厘子"]),
        ("显示器 3", ["显示器"]),
        ("iphone12 2.5m", ["iphone12"]),
        ("车厘子", ["车厘子"]),
        ("4.55mm", ["4.55mm"]),
        ("225 55 18", ["225", "55", "18"]),
    ],
)
def test_a_query_without_its_numbers(analyzer: Analyzer, query: str, words: list[str]) -> None:  # 7
    text = analyzer.query(query).worded
    assert [term.text for term in text.terms] == words
    assert text.normalized == " ".join(words)
    assert text.worded is text
