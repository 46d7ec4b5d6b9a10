"""Fusers:

1. Weighted: contribution = weight · (value − centre) / unit, by hand; float32 whatever the scale is.
2. Reciprocal rank: contribution = 1 / (k + rank), and 0 where the channel did not recall the row.
3. A channel without a weight contributes 0, one without spread does not divide by 0.
4. The formula says the weights or the constant; another name is an error that says what exists.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.fusion.fusers import ChannelScores, ReciprocalRank, Weighted, make_fuser


def channel(values: list[float], ranks: list[int], scale: tuple[float, float] = (0.0, 1.0)) -> ChannelScores:
    return ChannelScores(np.array(values, np.float32), np.array(ranks, np.int64), scale)


CHANNELS = {
    "lexical": channel([12.0, 6.0, 0.0], [1, 2, 0], (0.0, 12.0)),
    "semantic": channel([0.85, 0.90, 0.95], [0, 2, 1], (0.80, 0.05)),
}


def test_weighted() -> None:
    parts = Weighted({"lexical": 1.0, "semantic": 0.2})(CHANNELS)
    np.testing.assert_allclose(parts["lexical"], [1.0, 0.5, 0.0], rtol=1e-6)
    np.testing.assert_allclose(parts["semantic"], [0.2 * 1, 0.2 * 2, 0.2 * 3], rtol=1e-5)


@pytest.mark.parametrize(
    "fuser", [Weighted({"lexical": 1.0, "semantic": 0.2}), ReciprocalRank(60)], ids=["weighted", "rrf"]
)
def test_parts_are_float32(fuser: Weighted | ReciprocalRank) -> None:
    wide = channel([12.0, 6.0, 0.0], [1, 2, 0], (np.float64(0.1), np.float64(3)))
    assert {part.dtype for part in fuser({**CHANNELS, "lexical": wide}).values()} == {np.dtype(np.float32)}


def test_reciprocal_rank() -> None:
    parts = ReciprocalRank(60)(CHANNELS)
    np.testing.assert_allclose(parts["lexical"], [1 / 61, 1 / 62, 0.0], rtol=1e-6)
    np.testing.assert_allclose(parts["semantic"], [0.0, 1 / 62, 1 / 61], rtol=1e-6)


def test_a_channel_without_a_weight_or_a_spread() -> None:
    parts = Weighted({"lexical": 1.0})({"lexical": channel([2.0], [1], (2.0, 0.0)), "semantic": channel([0.9], [1])})
    assert parts["lexical"].tolist() == [0.0]
    assert parts["semantic"].tolist() == [0.0]


@pytest.mark.parametrize("fuser", [Weighted({"lexical": 1.0}), ReciprocalRank(60)], ids=["weighted", "rrf"])
def test_no_rows_and_no_channels(fuser: Weighted | ReciprocalRank) -> None:
    assert fuser({"lexical": channel([], [])})["lexical"].shape == (0,)
    assert fuser({}) == {}


def test_names_and_formulas() -> None:
    weights = {"lexical": 1.0, "semantic": 0.25}
    assert make_fuser("weighted", weights=weights, k=60) == Weighted(weights)
    assert make_fuser("rrf", weights=weights, k=60) == ReciprocalRank(60)
    assert Weighted(weights).formula == "1 · normalised lexical + 0.25 · normalised semantic"
    assert ReciprocalRank(60).formula == "sum over channels of 1 / (60 + rank)"
    with pytest.raises(ValueError, match=r"no fuser called best.*weighted and rrf"):
        make_fuser("best", weights=weights, k=60)
