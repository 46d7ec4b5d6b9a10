"""Learning weights:

1. A feature that tells what is relevant gets a weight, noise next to none; no weight is negative.
2. The learned order is perfect on lists that a weighted sum can order, in cross-validation too, at any scale.
3. What is held out has taught nothing.
4. Lists without gain teach nothing; if none has any, that is said.
5. A probability fits the shares it was given: among pairs with equal features it is the share of good ones.
6. nDCG: 1 for the ideal order, 1 / log2 3 for the only good one second, 0 beyond the depth or without gain.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.errors import InputError
from retrieval.ranking.train import TrainingList, fit_lists, fit_logistic, held_out, ndcg


def lists(count: int = 40, *, scale: float = 1.0) -> list[TrainingList]:
    """Ten candidates each; the relevant one has the highest first feature, the second is noise, the third misleads."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(count):
        features = rng.random((10, 3)).astype(np.float32)
        best = int(features[:, 0].argmax())
        features[best, 2] = 0
        found.append(TrainingList(features * scale, np.eye(10, dtype=np.float32)[best]))
    return found


def test_held_out() -> None:
    """Only its own feature tells the good one of each list, the second of two; without the list nobody learns it."""
    own = np.eye(5, dtype=np.float32)
    apart = [TrainingList(np.stack([np.zeros(5, np.float32), row]), np.array([0, 1], np.float32)) for row in own]
    assert held_out(apart).tolist() == pytest.approx([1 / math.log2(3)] * 5)


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_lists(scale: float) -> None:
    told, noise, misleading = fit_lists(lists(scale=scale)) * scale
    assert told > 10 * noise
    assert misleading == 0
    assert held_out(lists(scale=scale)).mean() == pytest.approx(1.0)


def test_lists_without_gain() -> None:
    empty = TrainingList(np.ones((2, 3), np.float32), np.zeros(2, np.float32))
    assert np.allclose(fit_lists([*lists(), empty]), fit_lists(lists()))
    with pytest.raises(InputError, match="relevant"):
        fit_lists([empty])


def test_probability() -> None:
    features = np.array([[0.0]] * 4 + [[1.0]] * 4, np.float32)
    labels = np.array([0, 0, 0, 1, 0, 1, 1, 1], bool)
    weights, bias = fit_logistic(features, labels, np.ones(8, np.float32), l2=0.0)
    chances = 1 / (1 + np.exp(-(features @ weights + bias)))
    assert chances.tolist() == pytest.approx([0.25] * 4 + [0.75] * 4, abs=1e-3)
    with pytest.raises(InputError, match="both"):
        fit_logistic(features, np.ones(8, bool), np.ones(8, np.float32))


@pytest.mark.parametrize(
    ("gains", "expected"), [([1, 0, 0], 1), ([0, 1, 0], 1 / math.log2(3)), ([0, 0, 1], 0), ([0, 0, 0], 0)]
)
def test_ndcg(gains: list[int], expected: float) -> None:
    scores = np.array([3.0, 2.0, 1.0])
    assert ndcg(scores, np.array(gains, np.float32), depth=2) == pytest.approx(expected)
