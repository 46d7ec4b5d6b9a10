"""How far a hit may move:

1. shift = widest · (1 - strength / full)^bend · confidence, rounded down: worked out by hand.
2. Nothing moves from `full` on, nor for a shopper of whom nothing is known; never more than the list has places.
3. Where nothing at all is said, the whole list is open.
4. The more is said, and the less is known, the less may move.
5. A piece of the query, a price or a filter states its dimension; what is only guessed, or a colour, states nothing.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from retrieval.analysis.analyzer import QueryText
from retrieval.interest.bound import BoundOptions, shift_of, stated
from retrieval.interest.profile import Dimension
from retrieval.types import Filters
from retrieval.understanding.kinds import ConstraintKind, Kind, Source
from retrieval.understanding.plan import Constraint, Entity, Plan

OPTIONS = BoundOptions(widest=100, full=0.8, bend=2.0)


@pytest.mark.parametrize(
    ("strength", "confidence", "places", "shift"),
    [
        (0.4, 1.0, 200, 25),  # 100 · (1/2)²
        (0.4, 0.5, 200, 12),  # 12.5
        (0.6, 1.0, 200, 6),  # 100 · (1/4)² = 6.25
        (0.4, 1.0, 10, 10),
        (0.8, 1.0, 200, 0),
        (1.0, 1.0, 200, 0),
        (0.1, 0.0, 200, 0),
        (0.0, 1.0, 200, 200),
        (0.0, 0.5, 200, 100),
    ],
)
def test_shift(strength: float, confidence: float, places: int, shift: int) -> None:  # 1, 2, 3
    assert shift_of(strength, confidence, places, OPTIONS) == shift


def test_the_more_is_said_the_less_moves() -> None:  # 4
    steps = [step / 20 for step in range(21)]
    said = [shift_of(strength, 1.0, 500, OPTIONS) for strength in steps]
    known = [shift_of(0.3, confidence, 500, OPTIONS) for confidence in steps]
    assert all(one >= other for one, other in pairwise(said))
    assert all(one <= other for one, other in pairwise(known))
    assert (said[0], said[-1], known[0]) == (500, 0, 0)


def plan(*kinds: Kind, source: Source = Source.LEXICON, priced: bool = False) -> Plan:
    constraint = Constraint("price:0-1", ConstraintKind.PRICE, "", 0, 1)
    return Plan(
        "某", QueryText("某", "某", (), {}), (constraint,) if priced else (),
        entities=tuple(Entity(kind, "某", 0, 1, 0.9, 0.5, source) for kind in kinds),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "dimension"),
    [
        (Kind.BRAND, Dimension.BRAND), (Kind.MODEL, Dimension.BRAND), (Kind.PRODUCT, Dimension.CATEGORY),
        (Kind.AUDIENCE, Dimension.AUDIENCE), (Kind.SHOP, Dimension.SHOP),
    ],
)  # fmt: skip
def test_pieces_state(kind: Kind, dimension: Dimension) -> None:  # 5
    assert stated(plan(kind), Filters()) == {dimension}
    assert stated(plan(kind, source=Source.CONTEXT), Filters()) == frozenset()


def test_prices_and_filters_state() -> None:  # 5
    assert stated(plan(Kind.NOISE), Filters()) == frozenset()
    assert stated(plan(priced=True), Filters()) == {Dimension.PRICE}
    assert stated(plan(), Filters(price=(None, 100))) == {Dimension.PRICE}
    assert stated(plan(), Filters({"brand": ("花田",), "shop": ()})) == {Dimension.BRAND}
    assert stated(plan(Kind.BRAND, Kind.COLOR), Filters({"category": ("女装",)})) == {
        Dimension.BRAND, Dimension.CATEGORY,
    }  # fmt: skip
