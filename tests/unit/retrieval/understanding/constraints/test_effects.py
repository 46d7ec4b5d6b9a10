"""What constraints do to a request:

1. Their filters join the caller's; a field that is filtered by already stays as it is.
2. Prices, of the caller too, meet in the narrower; what changes nothing is not said to be applied.
3. The caller's order wins over the one in words.
4. One kind at a time gives way, in the documented order, before all do; what is left never filters more.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.types import Filters, Sort
from retrieval.understanding.constraints.effects import RELAXED_FIRST, relaxations, with_constraints, with_sort
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

PRICE = Constraint("price:0-5", ConstraintKind.PRICE, "¥100 以内", 0, 5, Filters(price=(None, 10_000)))
LOW = Constraint("price:6-9", ConstraintKind.PRICE, "¥50 以上", 6, 9, Filters(price=(5_000, None)))
POST = Constraint("service:10-12", ConstraintKind.SERVICE, "包邮", 10, 12, Filters({"services": ("包邮",)}))
STEEL = Constraint("negation:13-16", ConstraintKind.NEGATION, "不要塑料", 13, 16, Filters(without=("塑料",)))
BIG = Constraint("amount:17-20", ConstraintKind.AMOUNT, "1 L 以上", 17, 20, Filters(having=(("=ml:1000", "=ml:2000"),)))
SALES = Constraint("sort:21-24", ConstraintKind.SORT, "销量优先", 21, 24, sort=Sort.SALES)
ALL = (PRICE, LOW, POST, STEEL, BIG, SALES)


def test_they_join() -> None:  # 1 2
    chosen = Filters({"brand": ("云杉",)}, in_stock=True, without=("二手",), having=(("红色",),))
    filters, applied = with_constraints(chosen, ALL)
    assert filters == Filters(
        {"brand": ("云杉",), "services": ("包邮",)}, (5_000, 10_000), True, ("二手", "塑料"),
        (("红色",), ("=ml:1000", "=ml:2000")),
    )  # fmt: skip
    assert applied == tuple(c.id for c in ALL if c is not SALES)


def test_the_caller_wins() -> None:  # 1 3
    chosen = Filters({"services": ("七天无理由",)}, price=(2_000, 5_000))
    filters, applied = with_constraints(chosen, (PRICE, POST, STEEL))
    assert (filters.keywords, filters.price, applied) == (chosen.keywords, chosen.price, (STEEL.id,))
    assert with_constraints(Filters(price=(None, 99_900)), (PRICE,))[0].price == (None, 10_000)
    other = replace(POST, id="service:30-33", filters=Filters({"services": ("运费险",)}))
    assert with_constraints(chosen, (POST, other))[1] == ()


def test_two_wishes_for_one_field() -> None:  # 1
    other = replace(POST, id="service:30-33", filters=Filters({"services": ("运费险",)}))
    filters, applied = with_constraints(Filters(), (POST, other))
    assert applied == (POST.id, other.id)
    assert (filters.keywords, filters.also) == ({"services": ("包邮",)}, (("services", ("运费险",)),))


def test_sorts() -> None:  # 3
    assert with_sort(Sort.RELEVANCE, ALL) is Sort.SALES
    assert with_sort(Sort.PRICE_ASC, ALL) is Sort.PRICE_ASC
    assert with_sort(Sort.RELEVANCE, (PRICE,)) is Sort.RELEVANCE


def test_what_changes_nothing() -> None:  # 2
    filters, applied = with_constraints(Filters(without=("塑料",)), (STEEL, SALES))
    assert (filters, applied) == (Filters(without=("塑料",)), ())


def test_giving_way() -> None:  # 4
    steps = relaxations(ALL)
    gone = [{c.kind for c in ALL} - {c.kind for c in kept} for kept in steps]
    filtering = [kind for kind in RELAXED_FIRST if kind in {"price", "service", "negation", "amount"}]
    assert gone == [*({kind} for kind in filtering), set(filtering)]
    assert relaxations((SALES,)) == []
    assert relaxations((PRICE,)) == [()]


@pytest.mark.parametrize(
    ("chosen", "said", "met"),
    [
        ((1, 9), (2, 8), (2, 8)),
        ((2, 8), (1, 9), (2, 8)),
        ((1, 5), (3, 9), (3, 5)),
        ((3, None), (None, 5), (3, 5)),
        ((None, None), (3, None), (3, None)),
        ((5, None), (3, None), (5, None)),
        ((None, 5), (None, 3), (None, 3)),
    ],
)
def test_prices_meet_in_the_narrower(
    chosen: tuple[int | None, int | None], said: tuple[int | None, int | None], met: tuple[int | None, int | None]
) -> None:  # 2
    wish = replace(PRICE, filters=Filters(price=said))
    filters, applied = with_constraints(Filters(price=chosen), (wish,))
    assert filters.price == met
    assert applied == ((wish.id,) if met != chosen else ())
