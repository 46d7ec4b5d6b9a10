"""LambdaMART (skipped without LightGBM):

1. Contributions with ``base`` sum to the score, and the score orders lists that the features can order.
2. The same lists and seed give the same model; its text gives the ranker back.
3. More of a feature never lowers a score.
4. A text that is no model, and features that do not exist, are refused.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.errors import SettingsError
from retrieval.ranking.train import TrainingList, ndcg
from retrieval.ranking.trees import BASE, TreeRanker, train_trees

pytest.importorskip("lightgbm", reason="the extra `trees` is not installed")

NAMES = ("term_coverage", "alphanumeric_coverage")


def lists(count: int = 60) -> list[TrainingList]:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(count):
        features = rng.random((10, 2)).astype(np.float32)
        found.append(TrainingList(features, np.eye(10, dtype=np.float32)[int(features[:, 0].argmax())]))
    return found


@pytest.fixture(scope="module")
def model() -> str:
    return train_trees(lists(), NAMES, rounds=30)


def features(matrix: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(NAMES, matrix.T, strict=True))


def test_parts(model: str) -> None:
    ranker = TreeRanker(model)
    assert ranker.names == NAMES
    for one in lists(10):
        scores, parts = ranker.scores(features(one.features), 10)
        assert set(parts) == {*NAMES, BASE}
        assert np.sum(list(parts.values()), axis=0).tolist() == pytest.approx(scores.tolist(), abs=1e-5)
    assert np.mean([ndcg(ranker.scores(features(one.features), 10)[0], one.gains) for one in lists(10)]) > 0.8
    assert len(ranker.scores({}, 0)[0]) == 0


def test_deterministic(model: str) -> None:
    assert train_trees(lists(), NAMES, rounds=30) == model


def test_more_is_never_worse(model: str) -> None:
    rising = np.stack([np.linspace(0, 1, 50), np.full(50, 0.5)], axis=1).astype(np.float32)
    assert (np.diff(TreeRanker(model).scores(features(rising), 50)[0]) >= -1e-6).all()


def test_refused(model: str) -> None:
    with pytest.raises(SettingsError):
        TreeRanker("nothing")
    with pytest.raises(SettingsError, match="luck"):
        TreeRanker(model.replace("alphanumeric_coverage", "lucks"))
