"""How good an offer is said to be:

1. The posterior mean: between the rating and the usual one, the nearer to the rating the more have spoken.
2. A rating without a number of reviews counts as one; what is no rating says nothing.
3. Of an offer of which no rates and services are known it is the stars alone, to the bit: no order changes.
4. More returns and complaints cost, kept promises give, by their weights, and the more the more orders there were.
5. A demoted listing loses a fixed part, a flagged one nothing.
6. A band holds its lower end and not its upper one, the last one both; of what nothing is said there is none.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.quality import DEMOTED, DOUBT, RATES, SERVICE, USUAL, offer_quality, quality_band, quality_of


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


@given(st.one_of(st.none(), st.floats(0, 5)), st.one_of(st.none(), st.integers(0, 10_000)), st.integers(0, 100_000))
def test_what_is_missing_says_nothing(rating: float | None, reviews: int | None, sales: int) -> None:  # 3
    stars = quality_of(rating, reviews)
    assert offer_quality({"rating": rating, "reviews": reviews, "sales_30d": sales, "title": "毛巾"}) == stars
    usual = {name: value for name, (value, _) in RATES.items()}
    assert offer_quality({"rating": rating, "reviews": reviews, "sales_30d": sales, **usual}) == pytest.approx(stars)


def test_returns_complaints_and_fulfilment() -> None:  # 4
    def of(**record: object) -> float:
        return offer_quality({"sales_30d": 10_000, **record})

    assert of() == pytest.approx(USUAL / 5)
    assert of(return_rate=0.18) == pytest.approx(USUAL / 5 - 0.03, abs=1e-3)
    assert of(complaint_rate=0.052) == pytest.approx(USUAL / 5 - 0.1, abs=1e-3)
    assert of(fulfilment_rate=0.87) == pytest.approx(USUAL / 5 - 0.03, abs=1e-3)
    assert of(return_rate=0.0) > of() > of(return_rate=0.09)
    assert of(services=("包邮", "退货运费险")) == pytest.approx(USUAL / 5 + 2 * SERVICE)
    assert of(services=["a"] * 9) == pytest.approx(USUAL / 5 + 3 * SERVICE)
    new, old = (offer_quality({"sales_30d": sales, "complaint_rate": 0.5}) for sales in (1, 10_000))
    assert old == 0.0 < new  # one order says little
    strange: object
    for strange in ("0.9", None, 7, [], -1):
        assert of(return_rate=strange) == of()


def test_demoted() -> None:  # 5
    given: dict[str, object] = {"listing": [{"decision": "flag"}, {"decision": "demote"}]}
    assert offer_quality(given) == pytest.approx(USUAL / 5 - DEMOTED)
    harmless: object
    for harmless in ([{"decision": "flag"}], None, "demote", ["demote"], {}):
        assert offer_quality({"listing": harmless}) == USUAL / 5


@pytest.mark.parametrize(
    ("stars", "band"),
    [(0, "0-60"), (2.99, "0-60"), (3, "60-80"), (4, "80-90"), (4.5, "90-95"), (4.74, "90-95"), (4.75, "95-100"),
     (5, "95-100")],
)  # fmt: skip
def test_bands(stars: float, band: str) -> None:  # 6
    assert quality_band({"rating": stars, "reviews": 10**12}) == band


def test_no_band() -> None:  # 6
    assert quality_band({"sales_30d": 5, "services": ["包邮"], "reviews": 3}) is None
    assert quality_band({"return_rate": 0.08}) == "90-95"
    assert quality_band({"listing": [{"decision": "demote"}]}) == "0-60"
