"""How well a document has a term:

1. It has it whole where its text stands in the title, brand or category, or where one of its alternatives does; of an
   alternative of several words all must be there.
2. Of a term that is not there whole its pieces count `PARTLY` times their share; those of a foreign word or a number
   count nothing.
3. An amount is the same in any unit.
4. Else the nearest word of the document counts its cosine; a word that the catalogue does not know is near nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.analysis.analyzer import QueryText, Term
from retrieval.ranking.forward import ForwardRows, word_hash
from retrieval.ranking.term_matches import PARTLY, term_matches
from retrieval.ranking.wanted import wanted
from retrieval.ranking.word_space import STEPS, WordSpace
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row, rows, space

NONE = WordSpace.empty()


def matches(query: str, documents: ForwardRows, *, known: WordSpace = NONE) -> list[list[float]]:
    found = term_matches(wanted(built_in_analyzer().query(query), {}, known), documents, known)
    return list(found.tolist())


def of_alternatives(alternatives: tuple[tuple[str, ...], ...], *titles: str) -> list[float]:
    """Of a query 甲乙丙 that is one term with these alternatives."""
    text = QueryText("甲乙丙", "甲乙丙", (Term("甲乙丙", 0, 3, alternatives),), {})
    return list(term_matches(wanted(text, {}, NONE), rows(*titles), NONE)[:, 0].tolist())


def test_whole() -> None:
    documents = ForwardRows.decode([row("大铁锅"), row("锅", brand="铁锅"), row("锅", category=["铁锅"]), row("毛衣")])
    assert matches("铁锅", documents) == [[1], [1], [1], [0]]
    assert matches("铁锅 毛衣", documents) == [[1, 0], [1, 0], [1, 0], [0, 1]]


def test_alternatives() -> None:
    ways = (("甲乙", "乙丙"), ("丁戊", "己庚"), ("辛壬",))
    titles = ("丁戊 与 己庚", "丁戊", "己庚", "辛壬", "甲乙丙", "癸")
    assert of_alternatives(ways, *titles) == [1, 0, 0, 1, 1, 0]


def test_pieces() -> None:
    titles = ("乙丙 甲乙", "甲乙", "乙丙", "丙")
    assert of_alternatives((("甲乙", "乙丙"),), *titles) == pytest.approx([PARTLY, PARTLY / 2, PARTLY / 2, 0])
    assert of_alternatives((("甲乙",),), "甲乙", "丙") == [0, 0]  # one piece says nothing


def test_pieces_of_names_and_numbers() -> None:
    assert matches("ppoppo", rows("oppo pop")) == [[0]]
    assert matches("802071", rows("80 12071")) == [[0]]
    ((mixed,),) = matches("195-50r13c", rows("195-50 r13"))  # 50 r1 13 and 19 95 of seven pieces; 0r and 3c are not
    assert mixed == pytest.approx(PARTLY * 5 / 7)


def test_amounts() -> None:
    assert [found[-1] for found in matches("水杯 500ml", rows("水杯 0.5L", "水杯 1L"))] == [1, 0]


def test_runs_however_spaced() -> None:
    assert matches("cheezit", rows("Cheez It", "cheez-it", "cheese")) == [[1], [1], [0]]


def test_near() -> None:
    documents = rows("家用 炒锅", "宽松 毛衣", "")
    words = space().find(np.array([word_hash(word) for word in ("铁锅", "家用", "炒锅", "宽松", "毛衣")], np.uint32))
    cosines = space().cosines(words[:1], words[1:])[0]
    expected = [max(cosines[:2]), max(0, *cosines[2:]), 0]
    assert [found[0] for found in matches("铁锅", documents, known=space())] == pytest.approx(expected)
    assert expected[0] > 0.5 > expected[1]
    assert matches("绊", documents, known=space()) == [[0]] * 3


def test_pieces_or_near() -> None:
    """The greater counts. All words of this space are alike, but for those that it does not know."""
    words = np.array(sorted(map(word_hash, ("甲乙丙", "酒"))), np.uint32)
    alike = replace(NONE, words=words, counts=words, vectors=np.full((2, 1), STEPS, np.int8))
    text = QueryText("甲乙丙", "甲乙丙", (Term("甲乙丙", 0, 3, (("甲乙", "乙丙"),)),), {})
    documents = rows("乙丙 甲乙", "乙丙 甲乙 酒", "酒", "茶")
    found = term_matches(wanted(text, {}, alike), documents, alike)[:, 0]
    assert found.tolist() == pytest.approx([PARTLY, 1, 1, 0])


def test_nothing() -> None:
    assert matches("", rows("毛衣")) == [[]]
    assert matches("毛衣", rows()) == []
