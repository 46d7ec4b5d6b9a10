"""Prices and amounts said in words:

1. A price is above 0, whatever bounds it; a bound of one character after a bare number ends its word; a bound of one
   character before a number begins one; 最 alone bounds nothing.
2. Ranges rise, whatever their unit; two bounds side by side that leave something between them are one range.
"""

from __future__ import annotations

import pytest

from retrieval.understanding.kinds import ConstraintKind
from tests.unit.retrieval.understanding.constraints.test_constraints import reader


@pytest.mark.parametrize(
    "said", ["{}元以内", "{}元以下", "低于{}元", "不超过{}块", "{}元左右", "{}元以上", "{}到{}元", "预算{}"]
)
def test_prices_are_above_nothing(said: str) -> None:  # 1
    assert reader().read(said.format(0, 0)) == ()
    assert reader().read(f"水杯 {said.format('0.00', '0.0')}") == ()
    (constraint,) = reader().read(said.format(199, 299))
    assert constraint.kind is ConstraintKind.PRICE


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("手机壳 50内", (None, 5_000)),
        ("手机壳50内", (None, 5_000)),
        ("荣威350内顶", None),
        ("骁龙870内存", None),
        ("红环800+", None),
        ("约200的灯", (16_000, 24_000)),
        ("灯 约200", (16_000, 24_000)),
        ("简约200的灯", None),
        ("节约200的灯", None),
        ("水杯 最200", None),
        ("水杯最200", None),
        ("最爱500", None),
        ("水杯 最高200", (None, 20_000)),
        ("水杯 最低200", (20_000, None)),
        ("羽绒服 350以上", None),
        ("羽绒服 300以上", (30_000, None)),
        ("羽绒服 50以上", None),
        ("水杯 9以内", None),
        ("水杯 10以内", (None, 1_000)),
    ],
)
def test_bare_numbers(query: str, price: tuple[int | None, int | None] | None) -> None:  # 1
    assert [c.filters.price for c in reader().read(query)] == ([price] if price else [])


@pytest.mark.parametrize(
    ("query", "prices"),
    [
        ("水杯 300到200元", []),
        ("300-200元的水杯", []),
        ("200-300元的水杯", [(20_000, 30_000)]),
        ("100元以上 300元以下", [(10_000, 30_000)]),
        ("300元以下 100元以上", [(10_000, 30_000)]),
        ("500元以上 300元以下", [(50_000, None), (None, 30_000)]),
        ("300元以上和300元以下", [(30_000, 30_000)]),
        ("100元以上 水杯 300元以下", [(10_000, None), (None, 30_000)]),
        ("水杯150左右", []),
        ("水杯 150左右", [(12_000, 18_000)]),
        ("水杯250左右", [(20_000, 30_000)]),
    ],
)
def test_ranges_rise(query: str, prices: list[tuple[int | None, int | None]]) -> None:  # 2
    assert [c.filters.price for c in reader().read(query) if c.kind is ConstraintKind.PRICE] == prices


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("0升以上的水杯", []),
        ("低于0升的水杯", []),
        ("水杯 500到300毫升", []),
        ("2升到500ml的水杯", []),
        ("500ml到2升的水杯", [("ml", 500, 2000)]),
        ("1升以上的水杯", [("ml", 1000, None)]),
        ("1升左右的水杯", [("ml", pytest.approx(900), pytest.approx(1100))]),
        ("1升的水杯", []),
    ],
)
def test_amounts_rise(query: str, amounts: list[tuple[str, float | None, float | None]]) -> None:  # 2
    assert [c.amount for c in reader().read(query)] == amounts
