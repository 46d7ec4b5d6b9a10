"""Prices that are said:

1. Words of money are read, with what follows the unit; a small number without a unit is none.
2. A price fits when it lies in what was said; pence may be left out, and 出头, 多 and 左右 leave room.
"""

from __future__ import annotations

import pytest

from indexer.videos.links.prices import said_prices


@pytest.mark.parametrize(
    ("text", "price", "fits"),
    [
        ("三十九块九", 39.9, True),
        ("三十九块九", 39.0, False),
        ("到手九十九元", 99.0, True),
        ("到手九十九元", 99.9, True),
        ("到手九十九元", 100.0, False),
        ("一百出头", 109.0, True),
        ("一百出头", 139.0, False),
        ("两百三十八", 238.0, True),
        ("两百多块钱", 260.0, True),
        ("两百多块钱", 320.0, False),
        ("五百块左右", 520.0, True),
        ("9块9包邮", 9.9, True),
    ],
)
def test_what_fits(text: str, price: float, fits: bool) -> None:
    assert any(said.fits(price) for said in said_prices(text)) is fits


def test_a_small_number_without_a_unit_is_no_price() -> None:
    assert said_prices("一个顶三个") == []
    assert [said.money for said in said_prices("三块钱一斤，一袋二十")] == [True, False]


def test_a_number_that_counts_is_no_price() -> None:
    assert said_prices("买了二十斤，用了三百天") == []
