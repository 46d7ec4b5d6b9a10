"""Clicks and places:

1. In a log made by the position-based model with θ = 1, 0.5, 0.25, the estimate is within 0.05 of it.
2. A click is worth 1 / θ: documents equally wanted have equal gains wherever they were shown, to 10 %.
3. Chances given instead of estimated are used; those outside [0, 1] and ranks below 1 are refused.
4. The estimate begins with 1, lies in (0, 1], and a rank nobody saw has that of the rank before.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.errors import InputError
from retrieval.ranking.clicks import LEAST_PROPENSITY, Impression, gains, propensities

THETA = (1.0, 0.5, 0.25)
WANTED = {"a": 0.8, "b": 0.4, "c": 0.4}


def log(count: int = 12_000) -> list[Impression]:
    """Three documents in any order of three ranks."""
    rng = np.random.default_rng(5)
    found = []
    for _ in range(count):
        for rank, document in enumerate(rng.permutation(list(WANTED)), start=1):
            clicked = rng.random() < THETA[rank - 1] * WANTED[document]
            found.append(Impression("锅", str(document), rank, bool(clicked)))
    return found


def test_estimate() -> None:
    assert propensities(log()).tolist() == pytest.approx(THETA, abs=0.05)


def test_gains() -> None:
    found = gains(log(), np.array(THETA, np.float32))["锅"]
    assert found == pytest.approx(WANTED, rel=0.1)


def test_worth_of_one_click() -> None:
    shown = [Impression("锅", "a", 1, True), Impression("锅", "b", 2, True), Impression("锅", "c", 9, False)]
    assert gains(shown, np.array([1.0, 0.5], np.float32)) == {"锅": {"a": 1.0, "b": 2.0, "c": 0.0}}
    last = [Impression("锅", "a", 9, True)]
    assert gains(last, np.array([1.0, 0.0], np.float32)) == {"锅": {"a": pytest.approx(1 / LEAST_PROPENSITY)}}


def test_refused() -> None:
    with pytest.raises(InputError, match=r"\[0, 1\]"):
        gains([], np.array([1.5], np.float32))
    with pytest.raises(InputError, match="ranks"):
        propensities([Impression("锅", "a", 0, True)])
    with pytest.raises(InputError, match="impressions"):
        propensities([])


def test_a_rank_nobody_saw() -> None:
    shown = [Impression("锅", "a", 1, True), Impression("锅", "a", 1, False), Impression("锅", "a", 3, False)]
    found = propensities(shown)
    assert found[0] == 1
    assert found[1] == found[0]
    assert (found > 0).all()
