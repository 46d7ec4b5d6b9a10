"""A product record → the document that is indexed.

1. Every field goes where it is searched, filtered, counted or sorted by, and the record is given back as it came.
2. What is missing is absent: no empty text, no zero, no made-up value.
3. Prices are whole fen, times epoch seconds; no rounding turns 19.99 yuan into 1998 fen.
"""

from __future__ import annotations

import orjson
import pytest

from indexer.documents.product import product_document
from indexer.sources.records import Product

FULL = {
    "id": "p1",
    "title": "法式碎花连衣裙",
    "description": "收腰显瘦",
    "brand": "某牌",
    "category": "女装/裙装/连衣裙",
    "attributes": {"颜色": ["红", "蓝"], "材质": "棉"},
    "price": "¥1,299.90",
    "stock": 0,
    "shop": {"id": "s1", "name": "小店"},
    "sales_30d": 320,
    "services": ["包邮"],
    "labels": ["新品", "热卖"],
    "created_at": "2024-05-01T08:00:00+08:00",
    "season": "夏",
}


def test_every_field_has_its_place() -> None:  # 1
    document = product_document(Product.model_validate(FULL))
    assert document.id == "p1"
    assert document.text == {
        "title": "法式碎花连衣裙",
        "brand": "某牌",
        "category": "女装 裙装 连衣裙",
        "attributes": "颜色 红 蓝 材质 棉",
        "description": "收腰显瘦",
    }
    assert document.keywords == {
        "category": ("女装", "女装/裙装", "女装/裙装/连衣裙"),
        "brand": ("某牌",),
        "shop": ("小店",),
        "labels": ("新品", "热卖"),
        "services": ("包邮",),
        "attributes": ("颜色=红", "颜色=蓝", "材质=棉"),
        "marks": ("shop:s1", "shop:小店", "brand:某牌"),
    }
    assert document.numbers == {"price": 129_990, "sales_30d": 320, "created_at": 1_714_521_600, "stock": 0}
    assert document.embedded_text == "法式碎花连衣裙"
    source = orjson.loads(document.source)
    assert {name: source[name] for name in ("id", "title", "price", "season", "created_at")} == {
        "id": "p1", "title": "法式碎花连衣裙", "price": 1299.9, "season": "夏", "created_at": "2024-05-01T00:00:00Z",
    }  # fmt: skip
    assert set(source) == set(FULL)
    assert Product.model_validate(source) == Product.model_validate(FULL)


def test_what_is_missing_is_absent() -> None:  # 2
    bare: dict[str, object] = {
        "id": "p2",
        "title": "x",
        "brand": "",
        "category": [],
        "shop": {"id": "s1"},
        "price": None,
        "labels": [],
    }
    document = product_document(Product.model_validate(bare))
    assert (document.text, document.keywords, document.numbers) == ({"title": "x"}, {"marks": ("shop:s1",)}, {})
    assert orjson.loads(document.source) == {"id": "p2", "title": "x", "shop": {"id": "s1"}}


@pytest.mark.parametrize(
    ("yuan", "fen"), [(0, 0), (0.01, 1), (19.99, 1999), ("0.29", 29), (1.005, 101), (4.35, 435), (100_000_000, 10**10)]
)
def test_prices_are_whole_fen(yuan: float | str, fen: int) -> None:  # 3
    assert product_document(Product.model_validate({"id": "p", "title": "t", "price": yuan})).numbers == {"price": fen}


def test_zero_is_not_missing() -> None:  # 2
    free = {"id": "p", "title": "t", "price": 0, "stock": 0, "sales_30d": 0, "created_at": "1970-01-01"}
    numbers = product_document(Product.model_validate(free)).numbers
    assert numbers == {"price": 0, "stock": 0, "sales_30d": 0, "created_at": 0}
