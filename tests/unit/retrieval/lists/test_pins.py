"""Pins in a list:

1. A pin stands at its place, what it displaces moves back, and each stands once; what was no match comes with score 0.
2. Of two for one place the first has it, the other the next free one; behind the end they stand at the end, in order.
3. A pin stands above the divider: what was near counts above then, and what is no match is one more.
4. What a shopper likes moves the others around the pins; neutral places and likings stay with their hits.
5. Buried hits stand last in their part, and say so; the others keep their order, and a sorted list keeps all of it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.answer import RuleEffect
from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.taste import Liking
from retrieval.lists.arrange import Arranged, ArrangeOptions, Placed
from retrieval.lists.personal import moved
from retrieval.lists.pins import Pins, Wanted, pinned
from retrieval.types import Sort
from tests.unit.retrieval.lists.test_arrange import arranged, places, scored

OTHER = 77
"""A row that is no match."""


def wanted(*pins: tuple[int, int]) -> list[Wanted]:
    return [Wanted(row, place, RuleEffect(f"r{row}", "", "pin")) for row, place in pins]


def listed(*pins: tuple[int, int], near: int = 0) -> tuple[Arranged, Arranged, Pins]:
    """Rows 0, 1, 2 … best first, the last of them near; that with pins, what is left of it, and the pins."""
    of = replace(arranged(scored([9, 8, 7, 6, 5])), above=5 - near)
    bare, found = pinned(of, wanted(*pins))
    return found.set_into(bare), bare, found


@pytest.mark.parametrize(
    ("pins", "expected"),
    [
        ([(3, 0)], [3, 0, 1, 2, 4]), ([(0, 2)], [1, 2, 0, 3, 4]), ([(2, 2)], [0, 1, 2, 3, 4]),
        ([(OTHER, 1)], [0, OTHER, 1, 2, 3, 4]), ([(4, 0), (OTHER, 3), (1, 1)], [4, 1, 0, OTHER, 2, 3]),  # 1
        ([(3, 0), (4, 0), (2, 0)], [3, 4, 2, 0, 1]), ([(4, 1), (3, 0), (2, 0)], [3, 4, 2, 0, 1]),
        ([(0, 50)], [1, 2, 3, 4, 0]), ([(0, 50), (OTHER, 9), (1, 50)], [2, 3, 4, OTHER, 0, 1]),
        ([(n, 99 - n) for n in range(5)], [4, 3, 2, 1, 0]),  # 2
    ],
)  # fmt: skip
def test_places(pins: list[tuple[int, int]], expected: list[int]) -> None:  # 1, 2
    whole, bare, _ = listed(*pins)
    assert places(whole) == expected
    assert whole.above == len(expected)
    assert not {row for row, _ in pins} & set(places(bare))
    at = {row: whole.why(place) for place, row in enumerate(expected)}
    assert {row for row, why in at.items() if why is Placed.PINNED} == {row for row, _ in pins}
    for place, row in enumerate(expected):
        known = row != OTHER
        assert whole.list.scores[place] == (9 - row if known else 0)
        assert whole.list.parts(place) == {"words": (9 - row) / 2 if known else 0}
        assert np.isnan(whole.list.relevance[place]) == (not known)
        assert int(whole.list.channels["lexical"].values[place]) == (9 - row if known else 0)
    assert {row: effects[-1].rule for row, effects in whole.list.effects.items()} == {row: f"r{row}" for row, _ in pins}


def test_above_the_divider() -> None:  # 3
    whole, bare, _ = listed((4, 0), (OTHER, 9), near=2)
    assert (places(whole), whole.above, bare.above) == ([4, 0, 1, 2, OTHER, 3], 5, 3)
    alone, _, _ = listed((OTHER, 3), near=5)
    assert (places(alone), alone.above) == ([OTHER, 0, 1, 2, 3, 4], 1)


def test_around_pins() -> None:  # 4
    whole, bare, pins = listed((3, 0), (OTHER, 2))
    assert places(bare) == [0, 1, 2, 4]
    liking = Liking((Interest(Dimension.WORD, "x", 1.0, 1, 1.0, 0.0),), np.array([[0], [0], [1]], np.float32))
    own = pins.set_into(moved(bare, np.array([0.3, 0.2, 0.9]), liking, 2))
    assert places(whole) == [3, 0, OTHER, 1, 2, 4]
    assert places(own) == [3, 2, OTHER, 0, 1, 4]
    assert own.neutral is not None
    assert [int(whole.list.rows[place]) for place in own.neutral] == places(own)
    assert own.liking is not None
    assert own.liking.parts[:, 0].tolist() == [0, 1, 0, 0, 0]
    assert [own.why(place) for place in range(6)] == [
        Placed.PINNED, Placed.PERSONAL, Placed.PINNED, Placed.PERSONAL, Placed.PERSONAL, Placed.SCORE,
    ]  # fmt: skip


def test_buried() -> None:  # 5
    bury = (RuleEffect("r", "", "bury"),)
    of = replace(
        scored([9, 8, 7, 6, 5], relevance=[0.9, 0.9, 0.9, 0.1, 0.1]),
        effects={0: bury, 3: bury, 1: (RuleEffect("s", "", "boost", 1.0),)},
    )
    options = ArrangeOptions(collapse=False, spread_window=0, spread_most=0, divider=0.5)
    found = arranged(of, options)
    assert (places(found), found.above) == ([1, 2, 0, 4, 3], 3)
    assert [found.why(place) for place in (2, 4)] == [Placed.BURIED] * 2
    plain = arranged(replace(of, effects={}), options, Sort.PRICE_ASC)
    assert places(arranged(of, options, Sort.PRICE_ASC)) == places(plain)
