"""What all moments have in common:

1. Their mean is taken from a query, of few moments less: n of them give n / (n + 32) of it.
2. The rest is turned away from where moments differ anyway: by (variance + λ)^(−1/2) along each axis, with
   λ = 2 (1 + dim / n) times the mean variance; equal moments turn nothing.
3. What comes of it has unit norm; without moments it is the query itself.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.spoken.common import Common

QUERY = np.array([0.6, 0.8], np.float32)


def test_the_mean_is_taken_away() -> None:  # 1
    one = np.array([[0.0, 1.0]], np.float32)
    assert Common.of(one).part == pytest.approx([0.0, 1 / 33])
    assert Common.of(np.repeat(one, 32, axis=0)).part == pytest.approx([0.0, 0.5])
    expected = np.array([0.6, 0.3]) / np.hypot(0.6, 0.3)
    assert Common.of(np.repeat(one, 32, axis=0)).towards(QUERY) == pytest.approx(expected, rel=1e-5)


def test_where_moments_differ_anyway() -> None:  # 2
    sample = np.array([[1.0, 0.0], [-1.0, 0.0]], np.float32)  # mean 0, variances 1 and 0: λ = 2 · 2 · 0.5
    assert Common.of(sample).lens == pytest.approx(np.diag([3.0**-0.5, 2.0**-0.5]), rel=1e-5)
    turned = np.array([0.6 / 3**0.5, 0.8 / 2**0.5])
    assert Common.of(sample).towards(QUERY) == pytest.approx(turned / np.linalg.norm(turned), rel=1e-5)
    many = np.repeat(sample, 200, axis=0)
    assert np.diag(Common.of(many).lens) == pytest.approx([(1 + 1.005) ** -0.5, 1.005**-0.5], rel=1e-5)


def test_of_nothing() -> None:  # 2, 3
    assert Common.of(np.empty((0, 2), np.float32)).towards(QUERY) == pytest.approx(QUERY)
    assert Common.of(np.empty((0, 0), np.float32)).part.shape == (0,)
    assert np.linalg.norm(Common.of(np.tile(QUERY, (9, 1))).towards(QUERY)) == pytest.approx(1.0)
