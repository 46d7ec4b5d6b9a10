"""The products of the demo mall.

1. Every category is a leaf of the vocabulary, and every price lies in that category's range.
2. The things people come for stand in titles; no two SPUs share a title; titles are as long as on a real mall.
3. Prices end as prices do, the list price is not below the price, and an SPU's variants differ.
4. Sales are heavy-tailed; shops, rates and ratings lie where they may.
5. Nothing contradicts itself: no boy's dress, no winter cooling mat.
"""

from __future__ import annotations

import statistics
from collections import defaultdict

import pytest

from demo.vocabulary import Vocabulary
from tests.unit.demo.conftest import Row, WrittenMall

SHOP_KINDS = {"旗舰店", "专卖店", "专营店", "个体店", "源头工厂"}
FINDABLE = ("摩飞便携烧水壶", "速食小龙虾", "汉服", "濮院毛衫", "陕西猕猴桃", "延边辣白菜", "安化黑茶")
CONTRADICTIONS = (("男童", "裙"), ("冬季", "凉席"), ("夏季", "羽绒服"), ("孕妇", "酒"), ("女童", "男士"))


def spus(mall: WrittenMall) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in mall.products:
        grouped[row["spu_id"]].append(row)
    return grouped


def test_categories_and_their_price_ranges(mall: WrittenMall, vocabulary: Vocabulary) -> None:
    ranges = {f"{d.department}/{c.name}": c.price for d in vocabulary.departments for c in d.categories}
    assert {row["category"] for row in mall.products} == set(ranges)
    for row in mall.products:
        low, high = ranges[row["category"]]
        assert low <= row["price"] <= high, row["id"]


@pytest.mark.parametrize("words", FINDABLE)
def test_findable(mall: WrittenMall, words: str) -> None:
    assert any(words in row["title"] and row["status"] == "on" for row in mall.products)


def test_mofei_kettle_has_its_brand(mall: WrittenMall) -> None:
    kettles = [row for row in mall.products if "摩飞便携烧水壶" in row["title"]]
    assert {row["brand"] for row in kettles} == {"摩飞"}
    assert {row["category"] for row in kettles} == {"家电数码/厨房小电/便携烧水壶"}


def test_no_two_spus_share_a_title(mall: WrittenMall) -> None:
    owner: dict[str, str] = {}
    for row in mall.products:
        assert owner.setdefault(row["title"], row["spu_id"]) == row["spu_id"]


def test_title_lengths(mall: WrittenMall) -> None:
    lengths = sorted(len(row["title"]) for row in mall.products)
    assert 20 <= statistics.median(lengths) <= 45
    assert lengths[0] >= 15
    assert lengths[-1] <= 70


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_no_contradictions(mall: WrittenMall, one: str, other: str) -> None:
    assert [row["title"] for row in mall.products if one in row["title"] and other in row["title"]] == []


def test_prices(mall: WrittenMall) -> None:
    for row in mall.products:
        assert round(row["price"], 2) == row["price"] > 0
        assert row.get("list_price") is None or row["list_price"] >= row["price"]
    endings = [f"{row['price']:.2f}"[-4:] for row in mall.products]
    charming = sum(ending.startswith(("9.", "8.", "4.")) or ending.endswith(".90") for ending in endings)
    # Of prices drawn evenly from the tenths of a yuan about one in three would end so.
    assert charming > 0.8 * len(endings)


def test_variants_of_an_spu(mall: WrittenMall) -> None:
    for rows in spus(mall).values():
        assert 1 <= len(rows) <= 5
        assert len({row["id"] for row in rows}) == len(rows)
        for field in ("category", "brand", "created_at", "status"):
            assert len({row[field] for row in rows}) == 1
    assert sum(len(rows) > 1 for rows in spus(mall).values()) > 0.6 * len(spus(mall))


def test_sales_have_a_heavy_tail(mall: WrittenMall) -> None:
    sales = sorted((row["sales_30d"] for row in mall.products), reverse=True)
    # Of a uniform or normal spread the top tenth would have about a fifth of all sales.
    assert sum(sales[: len(sales) // 10]) > 0.6 * sum(sales)
    assert statistics.median(sales) > 0


def test_shops_rates_and_ratings(mall: WrittenMall) -> None:
    assert {row["shop"]["kind"] for row in mall.products} == SHOP_KINDS
    names: dict[str, str] = {}
    for row in mall.products:
        shop = row["shop"]
        assert names.setdefault(shop["id"], shop["name"]) == shop["name"]
        assert shop["score"] is None or 0 <= shop["score"] <= 5
        assert row["rating"] is None or 0 <= row["rating"] <= 5
        assert 0 <= row["return_rate"] <= 1
        assert row.get("complaint_rate") is None or 0 <= row["complaint_rate"] <= 1
        assert row["stock"] >= 0
        if row["brand"] and shop["kind"] == "旗舰店":
            assert shop["name"].startswith(row["brand"])


def test_statuses(mall: WrittenMall) -> None:
    statuses = [row["status"] for row in mall.products]
    assert set(statuses) == {"on", "off", "banned"}
    assert statuses.count("on") > 0.9 * len(statuses)
    assert any(row["stock"] == 0 for row in mall.products)
