"""Numerals of shoppers:

1. One number, written in digits, in Han numerals or in both, has its value; spoken short forms count the next place.
2. Two neighbouring digits, 几, 多 and 大/小几百 are intervals; 来 and 把 are nearness.
3. What is no number has none, and no text makes it raise.
4. `PATTERN` takes the whole of every numeral.
5. One number that is said has its value, a part behind 点, too; several, about, and a place alone have none.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.numerals import PATTERN, SPOKEN, Numeral, parse, plain, spoken
from tests.property.strategies import any_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("200", 200), ("9.9", "9.9"), ("1.5万", 15000), ("2千", 2000), ("3百", 300), ("10万", 100_000)],
        *[("2千5", 2500), ("1万2", 12000), ("一百二", 120), ("一千五", 1500), ("三万八", 38000), ("两百五", 250)],
        *[("一百零二", 102), ("二十五", 25), ("一百一十五", 115), ("一千零五十", 1050), ("两万三千", 23000)],
        *[("十", 10), ("百", 100), ("千", 1000), ("万", 10_000), ("一百万", 1_000_000), ("半", "0.5"), ("两", 2)],
    ],
)
def test_one_number(text: str, value: float | str) -> None:
    assert parse(text) == Numeral(Decimal(value), Decimal(value))
    assert re.fullmatch(PATTERN, text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        *[("两三百", 200, 300), ("三五百", 300, 500), ("一两千", 1000, 2000), ("三四十", 30, 40), ("十五六", 15, 16)],
        *[("一千五六百", 1500, 1600), ("一百二三", 120, 130), ("两三", 2, 3)],
        *[
            ("几", 1, 10),
            ("几十", 10, 100),
            ("几百", 100, 1000),
            ("十几", 10, 20),
            ("二十几", 20, 30),
            ("几万", 10_000, 10**5),
        ],
        *[("大几百", 500, 1000), ("小几千", 1000, 5000)],
        *[("三百多", 300, 400), ("200多", 200, 300), ("1500多", 1500, 1600), ("一万多", 10_000, 20_000)],
    ],
)
def test_intervals(text: str, low: int, high: int) -> None:
    found = parse(text)
    assert found == Numeral(Decimal(low), Decimal(high))
    assert found is not None
    assert found.vague
    assert re.fullmatch(PATTERN, text)


@pytest.mark.parametrize(
    ("text", "value"), [("百来", 100), ("一百来", 100), ("二十来", 20), ("千把", 1000), ("百八十", 100)]
)
def test_nearness(text: str, value: int) -> None:
    assert parse(text) == Numeral(Decimal(value), Decimal(value), about=True)


@pytest.mark.parametrize(
    "text", ["二零二四", "一二三四", "百千", "一四百", "零", "12把", "1935来", "半多", "5多", "", "百八"]
)
def test_no_number(text: str) -> None:
    assert parse(text) is None


@given(st.one_of(any_text, st.text(st.sampled_from("零一二两三五九十百千万几半多余来把大小0123456789."), max_size=9)))
def test_never_raises_and_intervals_rise(text: str) -> None:
    for found in re.findall(PATTERN, text):
        numeral = parse(found)
        assert numeral is None or 0 <= numeral.low <= numeral.high


@pytest.mark.parametrize(("value", "text"), [("100", "100"), ("1E+2", "100"), ("9.90", "9.9"), ("0.5", "0.5")])
def test_plain(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两万", "20000"),
        ("三点五", "3.5"),
        ("十二点零五", "12.05"),
        ("半", "0.5"),
        ("一万五", "15000"),
        ("两三", None),
        ("十来", None),
    ],
)
def test_spoken(text: str, value: str | None) -> None:  # 5
    assert spoken(text) == (None if value is None else Decimal(value))
    assert value is None or re.fullmatch(SPOKEN, text)
    assert not re.fullmatch(SPOKEN, "百")
