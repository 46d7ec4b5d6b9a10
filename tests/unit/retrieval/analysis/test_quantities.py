"""Amounts:

1. Equal amounts have one token, whatever the unit, the script and the width: number times factor, in the base unit.
2. An amount is found where it stands; a number inside a model or a unit inside a word is none.
3. A query for an amount finds it as written and in every equal form, and no other amount.
4. The shop's own unit works like the built-in ones; without units nothing is an amount.
5. What is said is the amount that is written; what only begins like it is another word or number.
6. A size is met by its number alone, too.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrieval.analysis.lexicon import Lexicon
from retrieval.analysis.normalize import normalize
from retrieval.analysis.quantities import Quantities, Unit
from tests.title_index import built_in_analyzer, make_analyzer

UNITS = {
    "ml": Unit("ml", "ml", Decimal(1)),
    "毫升": Unit("毫升", "ml", Decimal(1)),
    "l": Unit("l", "ml", Decimal(1000)),
    "寸": Unit("寸", "inch", Decimal(1)),
    "英寸": Unit("英寸", "inch", Decimal(1)),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500ml", [(0, 5, "=ml:500")]),
        ("500毫升", [(0, 5, "=ml:500")]),
        ("0.5l", [(0, 4, "=ml:500")]),
        ("0.50l", [(0, 5, "=ml:500")]),
        ("杯 500 ml 装", [(2, 8, "=ml:500")]),
        ("2l-3l", [(0, 2, "=ml:2000"), (3, 5, "=ml:3000")]),
        ("27英寸", [(0, 4, "=inch:27")]),
        ("512寸", [(0, 4, "=inch:512")]),
        ("1000000l", [(0, 8, "=ml:1000000000")]),
        ("z500ml", []),
        ("5lite", []),
        ("v1.500ml", []),
        ("12345678901ml", []),
        ("ml", []),
        ("24口", []),
        ("", []),
    ],
)
def test_amounts_in_a_text(text: str, found: list[tuple[int, int, str]]) -> None:
    assert [(q.start, q.end, q.token) for q in Quantities(UNITS).find(text)] == found


def test_without_units_there_are_no_amounts() -> None:
    assert Quantities({}).find("500ml") == []


EQUAL = [
    ("500ml", "500毫升", "0.5L", "0.5升", "500㎖", "５００ml", "500 ml", "50cl"),
    ("2斤", "1kg", "1公斤", "1000g", "1千克", "1000克", "20两"),
    ("1.5m", "150cm", "150厘米", "1500mm", "15分米"),
    ("27寸", "27英寸", "27吋", "27inch"),
    ("1tb", "1024GB"),
    ("1.5kW", "1500瓦", "1500w"),
    ("5000mAh", "5000毫安", "5Ah"),
    ("90分钟", "1.5小时"),
]


@pytest.mark.parametrize("forms", EQUAL, ids=lambda forms: forms[0])
def test_equal_amounts_find_each_other(forms: tuple[str, ...]) -> None:
    analyzer = built_in_analyzer()
    for title in forms:
        tokens = set(analyzer.tokens(f"保温杯{title}正品"))
        for query in forms:
            (term,) = analyzer.query(query).terms
            assert any(tokens.issuperset(way) for way in term.alternatives), (query, title)
            assert normalize(query) == term.text


@pytest.mark.parametrize(
    ("query", "title"),
    [("500ml", "50ml"), ("500ml", "500g"), ("27寸", "27cm"), ("1kg", "1斤"), ("0.5l", "5L"), ("512寸", "12寸")],
)
def test_other_amounts_do_not_match(query: str, title: str) -> None:
    analyzer = built_in_analyzer()
    tokens = set(analyzer.tokens(title))
    (term,) = analyzer.query(query).terms
    assert not any(tokens.issuperset(way) for way in term.alternatives)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("24口", ["24", "口"]),
        ("512寸", ["512寸"]),
        ("500ml", ["500ml"]),
        ("5斤装", ["5斤", "装"]),
        ("3*5m", ["3x5m"]),
        ("3x5米地毯", ["3x5米", "地毯"]),
    ],
)
def test_terms_of_numbers_with_units(query: str, texts: list[str]) -> None:
    assert [term.text for term in built_in_analyzer().query(query).terms] == texts


def test_a_unit_of_the_shop() -> None:
    analyzer = make_analyzer(
        Lexicon(units={"打": Unit("打", "piece", Decimal(12)), "只": Unit("只", "piece", Decimal(1))})
    )
    (term,) = analyzer.query("2打").terms
    assert ("=piece:24",) in term.alternatives
    assert "=piece:24" in analyzer.tokens("袜子24只装")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("两万毫安", "20000mah"), ("2万毫安", "20000mah"), ("一万五千毫安时", "15000mah"), ("十斤", "10斤"),
        ("半斤", "250g"), ("一斤半", "750g"), ("二两", "100g"), ("三点五升", "3.5l"), ("一米八", "1.8m"),
        ("1米8", "1.8m"), ("1米85", "1.85m"), ("一米二", "120cm"), ("五千克", "5kg"), ("三千瓦", "3kw"),
        ("二十寸", "20寸"), ("半小时", "30分钟"), ("四十二码", "42码"),
    ],
)  # fmt: skip
def test_what_is_said(said: str, written: str) -> None:  # 5
    quantities = built_in_analyzer().quantities
    (one,), (other,) = quantities.find(f"好 {said} 的"), quantities.find(written)
    assert (one.token, one.end - one.start) == (other.token, len(said))
    assert other.token in built_in_analyzer().tokens(f"好{said}货")


@pytest.mark.parametrize(
    "text",
    [
        "统一米线",
        "一米线",
        "千斤顶",
        "三伏天",
        "三升四",
        "一两个",
        "五克拉",
        "第一克",
        "每千克",
        "两三斤",
        "几十斤",
        "十来斤",
        "一升降桌",
    ],
)
def test_other_words(text: str) -> None:  # 5
    assert built_in_analyzer().quantities.find(text) == []


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3米5根", 3),
        ("1米2米", 1),
        ("15米4", 15),
        ("1.5米8", 1.5),
        ("2米一体", 2),
        ("1米4k", 1),
        ("二米三层", 2),
        ("3米五孔", 3),
    ],
)
def test_no_tenths(text: str, metres: float) -> None:  # 5
    assert built_in_analyzer().quantities.find(text)[0].token == f"=mm:{metres * 1000:g}"


def test_size_alone() -> None:  # 6
    (term,) = built_in_analyzer().query("42码").terms
    assert ("~:42",) in term.alternatives
    assert not [way for way in built_in_analyzer().query("42寸").terms[0].alternatives if way == ("~:42",)]
