"""The surer of two:

1. The second comes first where its score and what its relevance counts are together greater, and only then.
2. It passes nothing that is held, though what is held may pass; what goes to the end is none of the two.
3. It passes nothing that meets a wish or a price better; that it meets one better is no obstacle.
4. Where a second look read both together, the score decides.
5. The rest stays, and one alone, too; a relevance of 0 or 1 is no error.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from retrieval.lists.surer import surer_first
from tests.unit.retrieval.lists.test_arrange import scored

NONE = np.zeros(3, np.bool_)


def order(
    scores: list[float], relevance: list[float], points: float = 2.0, held: Any = NONE, last: Any = NONE
) -> list[int]:
    of = scored(scores, relevance=relevance)
    found, moved = surer_first(np.arange(len(scores)), of, points, np.asarray(held), np.asarray(last))
    assert moved.sum() == (found.tolist() != sorted(found.tolist()))
    return [int(place) for place in found]


@pytest.mark.parametrize(("behind", "first"), [(1.99, 1), (2.01, 0)])
def test_by_how_much(behind: float, first: int) -> None:  # 1
    odds = math.e  # a nat surer than even
    assert order([9, 9 - behind, 0], [0.5, odds / (1 + odds), 0.99])[0] == first
    assert order([9, 8, 0], [0.5, 0.9, 0.99], points=0.0) == [0, 1, 2]


def test_held() -> None:  # 2
    assert order([9, 8, 7], [0.3, 0.9, 0.9], held=[True, False, False]) == [0, 1, 2]
    for held in ([False, True, False], [False, False, True]):
        assert order([9, 8, 7], [0.3, 0.9, 0.9], held=held) == [1, 0, 2]
    assert order([9, 8, 7], [0.3, 0.9, 0.9], last=[False, True, False]) == [2, 1, 0]
    assert order([9, 8, 7], [0.3, 0.9, 0.9], last=[True, False, False]) == [0, 1, 2]


@pytest.mark.parametrize("wish", ["wish_fit", "price_fit"])
def test_wishes(wish: str) -> None:  # 3
    of = scored([9, 8], relevance=[0.3, 0.9])
    for fits, first in (([3.0, 0.0], 0), ([0.0, 3.0], 1), ([3.0, 3.0], 1)):
        asked = replace(of, features={wish: np.array(fits, np.float32)})
        found, _ = surer_first(np.arange(2), asked, 2.0, NONE[:2], NONE[:2])
        assert found[0] == first


def test_read_together() -> None:  # 4
    of = scored([9, 8], relevance=[0.3, 0.9])
    read = replace(of, features={"read_together": np.zeros(2, np.float32)})
    assert surer_first(np.arange(2), read, 2.0, NONE[:2], NONE[:2])[0].tolist() == [0, 1]


def test_the_rest() -> None:  # 5
    assert order([9], [0.1], held=NONE[:1], last=NONE[:1]) == [0]
    assert order([9, 8, 7], [0.0, 1.0, 1.0]) == [1, 0, 2]
