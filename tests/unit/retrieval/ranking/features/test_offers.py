"""What an offer is worth beside its words:

1. `popularity` is ln (1 + sales) / ln (1 + MANY), at most 1; what is not known counts as nothing sold.
2. `freshness` halves every FRESH_DAYS; the future is as fresh as now; an unknown time is not fresh.
3. `price_fit` is 1 inside the asked range and the ratio to the nearer bound outside; 0 without a price or a range.
4. `quality` is what the forward row says.
5. `title_length` is 0 at 30 characters of the title alone, falls on both sides, and is -1 from 60 away.
6. Strange numbers stay in range.
"""

from __future__ import annotations

import math

import pytest

from retrieval.ranking.features.freshness import FRESH_DAYS
from retrieval.ranking.features.popularity import MANY
from retrieval.ranking.forward import encode_forward
from retrieval.ranking.quality import DOUBT, USUAL
from retrieval.ranking.setting import Setting
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row, values

NOW, DAY = 1_700_000_000, 86_400


def offers(
    name: str, *numbers: dict[str, int], price: tuple[int | None, int | None] = (None, None), **record: object
) -> list[float]:
    rows = [encode_forward({"title": "锅", **record}, built_in_analyzer(), each) for each in numbers]
    return list(values("锅", *rows, setting=Setting(now=NOW, price=price))[name].tolist())


def test_popularity() -> None:
    found = offers("popularity", {"sales_30d": 0}, {"sales_30d": 99}, {"sales_30d": 10 * MANY}, {})
    assert found == pytest.approx([0, math.log(100) / math.log(1 + MANY), 1, 0], abs=1e-6)


def test_freshness() -> None:
    listed = (NOW, NOW + DAY, NOW - FRESH_DAYS * DAY, NOW - 2 * FRESH_DAYS * DAY)
    found = offers("freshness", *({"created_at": time} for time in listed), {})
    assert found == pytest.approx([1, 1, 0.5, 0.25, 0])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((8_000, 12_000), [5 / 8, 1, 12 / 20, 0]),
        ((None, 10_000), [1, 1, 0.5, 0]),
        ((10_000, None), [0.5, 1, 1, 0]),
        ((None, None), [0, 0, 0, 0]),
        ((None, 0), [0, 0, 0, 0]),
    ],
)
def test_price_fit(asked: tuple[int | None, int | None], expected: list[float]) -> None:
    found = offers("price_fit", {"price": 5_000}, {"price": 10_000}, {"price": 20_000}, {}, price=asked)
    assert found == pytest.approx(expected)


def test_quality() -> None:
    assert offers("quality", {}, rating=3.0, reviews=DOUBT) == pytest.approx([(3.0 + USUAL) / 10], abs=1e-3)


def test_title_length() -> None:
    long_brand = row("锅" * 30, brand="苏" * 30)
    found = values("锅", "锅" * 30, "锅" * 60, "锅", "锅" * 90, "锅" * 150, long_brand)["title_length"]
    assert found.tolist() == pytest.approx([0, -0.5, -29 / 60, -1, -1, 0])


@pytest.mark.parametrize("number", [-5, 2**40])
@pytest.mark.parametrize("name", ["popularity", "price_fit", "freshness"])
def test_numbers_out_of_range(name: str, number: int) -> None:
    (found,) = offers(name, {"sales_30d": number, "price": number, "created_at": number}, price=(1, 2))
    assert 0 <= found <= 1
