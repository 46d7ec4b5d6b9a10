"""Amounts that are said:

1. A number of a known unit is written in digits with it, a part behind 点, too, and what counts things from three on.
2. Numbers from ten on are written alone; smaller ones, ranges, what is only about, and idioms are not.
3. What is written in digits already is left out, and what comes again stands once.
4. Digits and unit find what was said: 20000mAh finds 两万毫安.
"""

from __future__ import annotations

import pytest

from indexer.videos.amounts import Amounts
from retrieval.analysis.analyzer import Analyzer
from tests.title_index import built_in_analyzer

AMOUNTS = Amounts(["毫安", "毫安时", "升", "斤", "克"])


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("这个充电宝两万毫安", ("20000毫安",)),
        ("一万五千毫安时的", ("15000毫安时",)),
        ("2万毫安", ("20000毫安",)),
        ("三点五升，一个人够用", ("3.5升",)),
        ("一斤装，一百五十克一袋", ("1斤", "150克")),
        ("四十二码，三层", ("42码", "3层")),
        ("百分之九十白鸭绒", ("90%",)),
        ("飞马四十", ("40",)),
        ("一百二十九，一百二十九", ("129",)),
        ("20000毫安，3.5升", ()),
        ("一件，两个，三二一上链接，二零二四", ()),
        ("两三百，几十克，百来块", ()),
        ("十分好用，万一坏了，千万别洗", ()),
        ("", ()),
    ],
)
def test_written(said: str, written: tuple[str, ...]) -> None:  # 1, 2, 3
    assert AMOUNTS.written(said) == written


def test_digits_find_it() -> None:  # 4
    analyzer: Analyzer = built_in_analyzer()
    amounts = Amounts(analyzer.lexicon.units)
    for said, asked, token in (
        ("两万毫安", "20000mAh", "=mah:20000"),
        ("四升", "4L", "=ml:4000"),
        ("五斤", "5斤", "=g:2500"),
    ):
        assert token in analyzer.tokens(" ".join(amounts.written(said)))
        assert token in analyzer.tokens(asked)
