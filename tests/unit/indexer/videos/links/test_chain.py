"""The chain of states, against every path there is (four segments, two products: 81 paths):

1. Beliefs are the shares of the weight of all paths that have what is believed; the total is the sum of all weights.
2. The best path is the heaviest.
3. Without products nothing is on; of a video of one segment all is said by its own scores.
"""

from __future__ import annotations

from itertools import product as every

import numpy as np
import pytest

from indexer.videos.links.chain import NOTHING, Scores, believe, best_path
from tests.unit.indexer.videos.links.paths import path_score

LENGTH, COUNT = 4, 2
PATHS = [list(path) for path in every((NOTHING, 0, 1), repeat=LENGTH)]


def drawn(seed: int) -> Scores:
    rng = np.random.default_rng(seed)
    wide, long = (LENGTH, COUNT), LENGTH
    return Scores(*(rng.normal(0.0, 1.5, size) for size in (wide, long, wide, long, long)))


@pytest.mark.parametrize("seed", range(8))
def test_beliefs_are_shares_of_the_weight_of_all_paths(seed: int) -> None:
    scores = drawn(seed)
    weights = np.exp([path_score(scores, path) for path in PATHS])
    shares = weights / weights.sum()
    found = believe(scores)
    assert found.total == pytest.approx(np.log(weights.sum()))
    for t in range(LENGTH):
        before = [NOTHING if t == 0 else path[t - 1] for path in PATHS]
        pairs = list(zip(before, (path[t] for path in PATHS), strict=True))
        for p in range(COUNT):
            assert found.on[t, p] == pytest.approx(shares[[now == p for _, now in pairs]].sum())
            assert found.enter[t, p] == pytest.approx(shares[[now == p != was for was, now in pairs]].sum())
        turned = [NOTHING not in (was, now) and was != now for was, now in pairs]
        assert found.switch[t] == pytest.approx(shares[turned].sum())
        left = [was != NOTHING and now == NOTHING for was, now in pairs]
        assert found.leave[t] == pytest.approx(shares[left].sum())


@pytest.mark.parametrize("seed", range(8))
def test_the_best_path_is_the_heaviest(seed: int) -> None:
    scores = drawn(seed)
    assert best_path(scores) == max(PATHS, key=lambda path: path_score(scores, path))


def test_without_products_nothing_is_on() -> None:
    empty, long = np.zeros((3, 0)), np.zeros(3)
    assert best_path(Scores(empty, long, empty, long, long)) == [NOTHING] * 3


def test_one_segment_is_decided_by_its_own_scores() -> None:
    # ln 3 for the product, all else 0: three to one
    scores = Scores(np.log([[3.0]]), np.zeros(1), np.zeros((1, 1)), np.zeros(1), np.zeros(1))
    assert believe(scores).on[0, 0] == pytest.approx(0.75)
    assert best_path(scores) == [0]
