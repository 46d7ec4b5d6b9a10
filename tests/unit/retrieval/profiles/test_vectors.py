"""Interest vectors:

1. One group for each five things, at most four; unit vectors, the heaviest group first.
2. Groups that lie apart are found, whatever the order of their members.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.profiles.vectors import interest_vectors
from retrieval.types import FloatArray


def around(axis: int, count: int, rng: np.random.Generator) -> FloatArray:
    vectors = np.eye(8, dtype=np.float32)[[axis] * count] + 0.05 * rng.normal(size=(count, 8)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize(("things", "groups"), [(1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (64, 4)])
def test_how_many(things: int, groups: int) -> None:  # 1
    rng = np.random.default_rng(things)
    found = interest_vectors(around(0, things, rng), np.ones(things, np.float32))
    assert found.shape == (groups, 8)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_groups() -> None:  # 2
    rng = np.random.default_rng(2)
    vectors = np.concatenate([around(0, 3, rng), around(5, 7, rng)])
    order = rng.permutation(10)
    found = interest_vectors(vectors[order], np.array([2.0] * 10, np.float32))
    assert np.abs(found).argmax(axis=1).tolist() == [5, 0]
    heavy = np.where(order < 3, 9.0, 1.0).astype(np.float32)
    assert np.abs(interest_vectors(vectors[order], heavy)).argmax(axis=1).tolist() == [0, 5]
