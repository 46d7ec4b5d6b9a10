"""Which likings count:

1. A hit that meets the words of the query as well as the best one keeps its liking, whatever was said.
2. Of another a liking counts in full up to `begins`, not at all from `full` on, and falls on a straight line between.
3. Where ranking says nothing of words, or one limit is no further than the other, nothing breaks.
4. An aversion counts in any case, and the parts still sum to the score; 10,000 random lists.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.interest.kept import WORDS, KeepOptions, counted
from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.taste import Liking

OPTIONS = KeepOptions(0.2, 0.4)
FEATURES = {
    "brand_match": np.array([2.0, 0.1, 2.0], np.float32),
    "product_match": np.array([0.6, 0.6, 0.599], np.float32),
}


@pytest.mark.parametrize(("strength", "other"), [(0.0, 1), (0.2, 1), (0.25, 0.75), (0.3, 0.5), (0.4, 0), (1.0, 0)])
def test_times(strength: float, other: float) -> None:  # 1, 2
    assert counted(FEATURES, strength, OPTIONS).tolist() == pytest.approx([1, other, 1], abs=1e-6)


def test_nothing_known() -> None:  # 3
    assert counted({"popularity": np.zeros(2, np.float32)}, 1.0, OPTIONS).tolist() == [1, 1]
    assert counted(FEATURES, 0.5, KeepOptions(0.4, 0.4)).tolist() == [1, 0, 1]
    assert counted(FEATURES, 0.3, KeepOptions(0.4, 0.4)).tolist() == [1, 1, 1]


def test_any_list() -> None:  # 4
    rng = np.random.default_rng(4)
    interests = tuple(Interest(Dimension.WORD, str(n), 0.5, 1, 1.0, 0.0) for n in range(3))
    for _ in range(10_000):
        size = int(rng.integers(1, 6))
        features = {name: rng.random(size, np.float32) for name in WORDS}
        liking = Liking(interests, rng.normal(size=(size, 3)).astype(np.float32))
        times = counted(features, float(rng.random()), OPTIONS)
        lifted = liking.lifting(times)
        expected = np.where(liking.scores > 0, liking.scores * times, liking.scores)
        assert np.allclose(lifted.scores, expected, atol=1e-6)
        assert ((times >= 0) & (times <= 1)).all()
        assert times[np.argmax(sum(features.values()))] == 1
