"""What an offer is worth beside its words:

1. `popularity` is ln (1 + sales) / ln (1 + MANY), at most 1; what is not known counts as nothing sold.
2. `freshness` halves every FRESH_DAYS; the future is as fresh as now; an unknown time is not fresh.
3. `price` is 1 inside the asked range and the ratio to the nearer bound outside; 0 without a price or a range.
4. `quality` lies between the rating and the usual one, the nearer to the rating the more have spoken.
5. They come from the record through the forward row, and strange values say nothing.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.forward import ForwardRows, encode_forward
from retrieval.ranking.offers import FRESH_DAYS, MANY, freshness, popularity, price_fit
from retrieval.ranking.quality import DOUBT, USUAL, quality_of
from tests.title_index import built_in_analyzer

NOW, DAY = 1_700_000_000, 86_400


def offers(*numbers: dict[str, int], **record: object) -> ForwardRows:
    return ForwardRows.decode(
        [encode_forward({"title": "锅", **record}, built_in_analyzer(), each) for each in numbers]
    )


def test_popularity() -> None:
    found = popularity(offers({"sales_30d": 0}, {"sales_30d": 99}, {"sales_30d": 10 * MANY}, {}))
    assert found.tolist() == pytest.approx([0, math.log(100) / math.log(1 + MANY), 1, 0], abs=1e-6)


def test_freshness() -> None:
    listed = (NOW, NOW + DAY, NOW - FRESH_DAYS * DAY, NOW - 2 * FRESH_DAYS * DAY)
    found = freshness(offers(*({"created_at": time} for time in listed), {}), NOW)
    assert found.tolist() == pytest.approx([1, 1, 0.5, 0.25, 0])


def test_price() -> None:
    rows = offers({"price": 5_000}, {"price": 10_000}, {"price": 20_000}, {})
    assert price_fit(rows, (8_000, 12_000)).tolist() == pytest.approx([5 / 8, 1, 12 / 20, 0])
    assert price_fit(rows, (None, 10_000)).tolist() == pytest.approx([1, 1, 0.5, 0])
    assert price_fit(rows, (10_000, None)).tolist() == pytest.approx([0.5, 1, 1, 0])
    assert not price_fit(rows, (None, None)).any()


@given(st.floats(0, 5), st.integers(0, 10_000))
def test_quality(rating: float, reviews: int) -> None:
    low, high = sorted((rating / 5, USUAL / 5))
    assert low - 1e-9 <= quality_of(rating, reviews) <= high + 1e-9
    assert quality_of(rating, reviews) == pytest.approx((rating * reviews + USUAL * DOUBT) / (reviews + DOUBT) / 5)


@pytest.mark.parametrize("rating", [None, "4.8", -1, 7, [], float("nan")])
def test_strange_ratings(rating: object) -> None:
    assert quality_of(rating, 10) == USUAL / 5
    assert offers({}, rating=rating).quality[0] == pytest.approx(USUAL / 5, abs=1e-3)


def test_quality_in_the_row() -> None:
    assert offers({}, rating=3.0, reviews=DOUBT).quality[0] == pytest.approx((3.0 + USUAL) / 10, abs=1e-3)


@pytest.mark.parametrize("number", [-5, 2**40])
def test_numbers_out_of_range(number: int) -> None:
    rows = offers({"sales_30d": number, "price": number, "created_at": number})
    assert 0 <= popularity(rows)[0] <= 1
    assert 0 <= price_fit(rows, (1, 2))[0] <= 1
    assert 0 <= freshness(rows, NOW)[0] <= 1
