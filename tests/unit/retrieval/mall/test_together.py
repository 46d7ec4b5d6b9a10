"""What goes together:

1. The score is n_ij / sqrt ((n_i + DOUBT)(n_j + DOUBT)) over distinct shoppers, the same both ways, the best first.
2. A shopper counts once, however often both were chosen; a pair of fewer shoppers than asked is not there.
3. Only what was chosen within the window, and within reach, goes together; a thing never goes with itself.
4. What everybody chooses goes with nothing in particular: a rarer pair of as many shoppers has the higher score.
5. As many neighbours as asked are kept; of too many pairs the most frequent.
6. Any order of the choices, and any cut into blocks, gives the same.
"""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pytest

from retrieval.mall import together as module
from retrieval.mall.together import DOUBT, Choices, Together, together

Triple = tuple[int, int, float]


def learned(chosen: list[Triple], size: int = 6, **changes: float) -> Together:
    numbers = np.array(chosen, np.float64).reshape(-1, 3)
    choices = Choices(numbers[:, 0].astype(np.int64), numbers[:, 1].astype(np.int64), numbers[:, 2])
    bounds = {"window": 10.0, "reach": 20, "least": 1, "neighbours": 5, "pairs": 1000} | changes
    return together(choices, size, **bounds)  # type: ignore[arg-type]


def pairs_of(found: Together, size: int = 6) -> dict[tuple[int, int], float]:
    return {
        (thing, other): score
        for thing in range(size)
        for other, score in zip(*(part.tolist() for part in found.of(thing)), strict=True)
    }


def score(both: int, one: int, other: int) -> float:
    return pytest.approx(both / math.sqrt((one + DOUBT) * (other + DOUBT)))  # type: ignore[return-value]


def test_scores() -> None:  # 1
    chosen = [(1, 0, 0.0), (1, 1, 1.0), (2, 0, 0.0), (2, 1, 1.0), (2, 2, 2.0), (3, 2, 0.0)]
    found = learned(chosen)
    assert pairs_of(found) == {
        (0, 1): score(2, 2, 2), (1, 0): score(2, 2, 2), (0, 2): score(1, 2, 2), (2, 0): score(1, 2, 2),
        (1, 2): score(1, 2, 2), (2, 1): score(1, 2, 2),
    }  # fmt: skip
    assert found.of(0)[0].tolist() == [1, 2]
    assert pairs_of(learned([])) == {}


def test_clicks_are_not_shoppers() -> None:  # 2
    many = [(1, n % 2, float(n)) for n in range(200)]
    assert pairs_of(learned(many)) == pairs_of(learned(many[:2]))
    assert pairs_of(learned(many, least=2)) == {}
    assert pairs_of(learned([*many, (2, 0, 0.0), (2, 1, 0.0)], least=2)) == {
        (0, 1): score(2, 2, 2),
        (1, 0): score(2, 2, 2),
    }


def test_within_window_and_reach() -> None:  # 3
    assert set(pairs_of(learned([(1, 0, 0.0), (1, 1, 10.0), (1, 2, 10.5)]))) == {(0, 1), (1, 0), (1, 2), (2, 1)}
    assert set(pairs_of(learned([(1, n, 0.0) for n in range(4)], reach=1))) == {
        (0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)
    }  # fmt: skip
    assert pairs_of(learned([(1, 0, 0.0), (1, 0, 1.0), (2, 1, 0.0)])) == {}


def test_popularity_is_no_reason() -> None:  # 4
    everybody = [(n, 0, 0.0) for n in range(50)]
    some = [(n, thing, 1.0) for n in range(5) for thing in (1, 2)]
    found = pairs_of(learned(everybody + some))
    assert found[1, 2] > 2 * found[1, 0]


def test_bounds() -> None:  # 5
    chosen = [(shopper, thing, 0.0) for shopper in range(6) for thing in range(min(shopper + 1, 6))]
    found = learned(chosen, neighbours=2)
    assert [len(found.of(thing)[0]) for thing in range(6)] == [2] * 6
    assert found.of(0)[0].tolist() == [1, 2]
    frequent = learned([(1, 0, 0.0), (1, 1, 0.0), (2, 0, 0.0), (2, 1, 0.0), (2, 2, 0.0)], pairs=1)
    assert set(pairs_of(frequent)) == {(0, 1), (1, 0)}


def test_any_order_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    rng = random.Random(5)
    chosen = [(rng.randrange(40), rng.randrange(12), float(rng.randrange(30))) for _ in range(600)]
    expected = pairs_of(learned(chosen, 12, reach=5, least=2), 12)
    every = set(combinations(range(12), 2))
    assert 10 < len(expected) <= 2 * len(every)
    for block in (1, 7, 100, 10_000):
        monkeypatch.setattr(module, "_BLOCK", block)
        assert pairs_of(learned(rng.sample(chosen, len(chosen)), 12, reach=5, least=2), 12) == expected
