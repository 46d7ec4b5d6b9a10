"""Queries of shoppers with known taste.

1. Every band is there; existing shoppers ask, in the last three days of the log, each query once.
2. Only products on sale are judged; taste counts where the words leave something open, and nowhere else.
3. What is exact names one product; what is counter names a brand that this shopper does not like.
4. A grade is 1 for the words and 1 for each way in which it fits: checked on rows as they were written.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from demo.generate import NOW
from tests.unit.demo.conftest import Row, WrittenMall

BANDS = ("exact", "specific", "category", "vague", "counter")


@pytest.fixture(scope="module")
def asked(mall: WrittenMall) -> list[Row]:
    return [json.loads(line) for line in (mall.folder / "personal.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def grades(mall: WrittenMall) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (mall.folder / "personal.qrels").read_text("utf-8").splitlines():
        qid, _, product_id, grade = line.split()
        found[qid][product_id] = int(grade)
    return found


def test_bands(asked: list[Row], mall: WrittenMall) -> None:  # 1
    assert Counter(row["band"] for row in asked) == dict.fromkeys(BANDS, 60)
    assert len({row["qid"] for row in asked}) == 300
    assert {row["user_id"] for row in asked} <= {row["id"] for row in mall.shoppers}
    assert {row["session_id"] for row in asked}.isdisjoint(row["session_id"] for row in mall.events)
    times = [datetime.fromisoformat(row["ts"]) for row in asked]
    assert NOW - timedelta(days=3) <= min(times) <= max(times) < NOW


def test_grades(asked: list[Row], grades: Mapping[str, Any], mall: WrittenMall) -> None:  # 2
    assert set(grades) == {row["qid"] for row in asked}
    assert {mall.by_id[id_]["status"] for each in grades.values() for id_ in each} == {"on"}
    seen: dict[str, set[int]] = defaultdict(set)
    for row in asked:
        seen[row["band"]] |= set(grades[row["qid"]].values())
    assert seen["exact"] == seen["counter"] == {1}
    assert seen["specific"] == seen["category"] == seen["vague"] == {1, 2, 3}


def test_exact_and_counter(asked: list[Row], grades: Mapping[str, Any], mall: WrittenMall) -> None:  # 3
    brands = {row["id"]: row["brands"] for row in mall.shoppers}
    for row in asked:
        products = [mall.by_id[id_] for id_ in grades[row["qid"]]]
        if row["band"] == "exact":
            assert len({product["spu_id"] for product in products}) == 1
            assert products[0]["title"].startswith(row["query"])
        if row["band"] == "counter":
            [brand] = {product["brand"] for product in products}
            assert row["query"].startswith(brand)
            assert brand not in brands[row["user_id"]]


def test_a_liked_brand_counts(asked: list[Row], grades: Mapping[str, Any], mall: WrittenMall) -> None:  # 4
    brands = {row["id"]: row["brands"] for row in mall.shoppers}
    found: dict[bool, list[int]] = defaultdict(list)
    for row in asked:
        if row["band"] in ("specific", "category"):
            for id_, grade in grades[row["qid"]].items():
                found[mall.by_id[id_]["brand"] in brands[row["user_id"]]].append(grade)
    assert min(found[True]) == 2
    assert min(found[False]) == 1
