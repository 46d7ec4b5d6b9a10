"""The divider:

1. What was looked at stands above where its relevance reaches the bar; without a bar, or where nobody looked,
   everything does, and is counted as before.
2. What nobody looked at stands above where at least four in five of the last twenty by words that were looked at do:
   those that meaning alone found say nothing of it.
3. The count is exact where all was looked at and nothing cut; a lower bound where more may stand above; and ``about``
   where something is counted unseen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.fusion.fusers import ChannelScores
from retrieval.lists.divider import TAIL, divide
from retrieval.lists.score import Scored
from tests.unit.retrieval.lists.test_arrange import scored

NAN = float("nan")


@pytest.mark.parametrize(
    ("relevance", "bar", "above"),
    [
        ([0.5, 0.49, 0.51], 0.5, [True, False, True]), ([0.5, 0.9], 1.0, [False, False]),
        ([1.0, 0.9], 1.0, [True, False]), ([0.0, 0.9], 0.0, [True, True]),
        ([NAN, 0.1], 0.0, [True, True]), ([NAN, NAN], 0.5, [True, True]), ([], 0.5, []),
    ],
)  # fmt: skip
def test_the_bar(relevance: list[float], bar: float, above: list[bool]) -> None:  # 1, 3
    found = divide(scored([1.0] * len(relevance), relevance=relevance), bar)
    assert (found.above.tolist(), found.relation) == (above, "eq")
    cut = replace(scored([1.0] * len(relevance), relevance=relevance), complete=False)
    assert divide(cut, bar).relation == "gte"


def by_words(relevance: list[float], ranks: list[int], complete: bool = True) -> Scored:
    """A list of which words found what has a rank."""
    values = np.ones(len(ranks), np.float32)
    of = scored([1.0] * len(ranks), relevance=relevance)
    return replace(of, complete=complete, channels={"lexical": ChannelScores(values, np.array(ranks), (0, 1))})


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize(("good", "poor", "goes_on"), [(TAIL - 4, 4, True), (TAIL - 5, 5, False)])
def test_what_nobody_looked_at(good: int, poor: int, goes_on: bool, complete: bool) -> None:  # 2, 3
    first, last, unseen = [0.0 if goes_on else 1.0] * 30, [1.0] * good + [0.0] * poor, [NAN] * 3
    by_meaning = [0.0 if goes_on else 1.0] * 40
    ranks = [*range(1, 30 + TAIL + 1), 51, 52, 53, *[0] * 40]
    of = by_words([*first, *last, *unseen, *by_meaning], ranks, complete)
    found = divide(of, 0.5)
    assert found.relation == ("about" if goes_on else "gte")
    assert found.above[30 + TAIL : 33 + TAIL].tolist() == [goes_on] * 3
    seen = np.delete(np.arange(len(ranks)), np.s_[30 + TAIL : 33 + TAIL])
    assert np.array_equal(found.above[seen], of.relevance[seen] >= 0.5)


def test_fewer_than_a_tail() -> None:  # 2
    assert divide(by_words([1.0, 1.0, NAN], [1, 2, 3]), 0.5).above.tolist() == [True, True, True]
    assert divide(by_words([1.0, 0.0, 0.0, NAN], [1, 2, 3, 4]), 0.5).above.tolist() == [True, False, False, False]
    assert divide(by_words([1.0, NAN], [0, 1]), 0.5).above.tolist() == [True, False]
