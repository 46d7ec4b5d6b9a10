"""How good an offer is said to be:

1. The posterior mean: between the rating and the usual one, the nearer to the rating the more have spoken.
2. A rating without a number of reviews counts as one; what is no rating says nothing.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.quality import DOUBT, USUAL, quality_of


@given(st.floats(0, 5), st.integers(0, 10_000))
def test_quality(rating: float, reviews: int) -> None:
    low, high = sorted((rating / 5, USUAL / 5))
    assert low - 1e-9 <= quality_of(rating, reviews) <= high + 1e-9
    assert quality_of(rating, reviews) == pytest.approx((rating * reviews + USUAL * DOUBT) / (reviews + DOUBT) / 5)


@pytest.mark.parametrize("reviews", [None, "many", -3])
def test_unknown_reviews(reviews: object) -> None:
    assert quality_of(3.0, reviews) == quality_of(3.0, 1) < quality_of(3.0, 0)


@pytest.mark.parametrize("rating", [None, "4.8", -1, 7, [], float("nan")])
def test_strange_ratings(rating: object) -> None:
    assert quality_of(rating, 10) == USUAL / 5
