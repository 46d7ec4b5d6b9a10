"""Products:

1. Every field has one form whatever it came as: path, list, text, number, epoch or ISO time.
2. Prices round half up on the decimal as written and refuse what is no amount.
3. A missing value stays missing: null, "", white space and empty containers give the default.
4. Unknown fields come back, in JSON types, and `source()` reads as an equal record.
5. A value of the wrong kind names its field and its reason.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from indexer.sources.records import Product
from tests.unit.indexer.sources.helpers import reason_of

BASE = {"id": "p1", "title": "连衣裙"}


def product(**fields: Any) -> Product:
    return Product.model_validate(BASE | fields)


@pytest.mark.parametrize(
    "given",
    [
        "女装/连衣裙",
        "女装 > 连衣裙",
        "女装＞连衣裙",
        ["女装", "连衣裙"],
        " 女装 / / 连衣裙 ",
        ["女装", None, " 连衣裙"],
    ],
)
def test_category_is_a_path_of_names(given: object) -> None:
    assert product(category=given).category == ("女装", "连衣裙")


def test_names_of_a_category_may_hold_a_slash() -> None:
    assert product(category=["黄金/珠宝", "戒指"]).category == ("黄金/珠宝", "戒指")
    assert product(category="黄金/珠宝 > 戒指").category == ("黄金/珠宝", "戒指")


def test_attributes_are_lists_of_texts() -> None:
    given = {
        "颜色": "红",
        "尺码": ["S", " M "],
        "件数": 2,
        "厚度": 2.0,
        "重量": 0.5,
        "有机": True,
        "空": "",
        "无": None,
    }
    assert product(attributes=given).attributes == {
        "颜色": ("红",),
        "尺码": ("S", "M"),
        "件数": ("2",),
        "厚度": ("2",),
        "重量": ("0.5",),
        "有机": ("true",),
    }


@pytest.mark.parametrize(
    ("given", "yuan"),
    [
        (1299, "1299.00"),
        ("¥1,299.00", "1299.00"),
        ("￥１，２９９", "1299.00"),
        ("1299元", "1299.00"),
        (1.005, "1.01"),
        ("2.675", "2.68"),
        (0.004, "0.00"),
        (-0.0, "0.00"),
        (0, "0.00"),
        (1e8, "100000000.00"),
    ],
)
def test_price_is_yuan_with_two_decimals(given: object, yuan: str) -> None:
    assert str(product(price=given, list_price=given).price) == yuan


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (-0.01, "out_of_range"),
        (100_000_000.01, "out_of_range"),
        ("1e999", "out_of_range"),
        ("12,50", "wrong_type"),
        ("约100", "wrong_type"),
        ("9" * 65, "wrong_type"),
        (True, "wrong_type"),
        ([1], "wrong_type"),
        (float("nan"), "not_finite"),
        ("inf", "not_finite"),
    ],
)
def test_what_is_no_price(given: object, reason: str) -> None:
    assert reason_of(Product, **BASE, price=given) == ("price", reason)


@pytest.mark.parametrize(("given", "text"), [("p1", "p1"), (" p1 ", "p1"), (17, "17"), ("商品/1", "商品/1"), (0, "0")])
def test_id_is_text(given: object, text: str) -> None:
    assert product(id=given).id == text


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("stock", 5, 5),
        ("stock", "5", 5),
        ("stock", 5.0, 5),
        ("sales_30d", "1,200", 1200),
        ("reviews", 2**63 - 1, 2**63 - 1),
        ("rating", 4, 4.0),
        ("rating", "4.9", 4.9),
        ("return_rate", 1, 1.0),
        ("labels", "新品", ("新品",)),
        ("services", ["包邮", "", None], ("包邮",)),
        ("status", " OFF ", "off"),
        ("spu_id", 9, "9"),
    ],
)
def test_other_fields(field: str, given: object, expected: object) -> None:
    assert getattr(product(**{field: given}), field) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_714_521_600, datetime(2024, 5, 1, tzinfo=UTC)),
        ("1714521600.5", datetime(2024, 5, 1, microsecond=500_000, tzinfo=UTC)),
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T08:00:00+08:00", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01 00:00:00Z", datetime(2024, 5, 1, tzinfo=UTC)),
        (datetime(2024, 5, 1, 8, tzinfo=timezone(timedelta(hours=8))), datetime(2024, 5, 1, tzinfo=UTC)),
    ],
)
def test_times_are_utc(given: object, expected: datetime) -> None:
    created_at = product(created_at=given).created_at
    assert created_at == expected
    assert created_at is not None
    assert created_at.tzinfo is UTC


@pytest.mark.parametrize("missing", [None, "", "  ", [], {}, [None, ""], {"name": [" "]}])
def test_missing_stays_missing(missing: object) -> None:
    optional = [name for name in Product.model_fields if name not in BASE]
    assert product(**dict.fromkeys(optional, missing), other=missing) == Product.model_validate(BASE)
    assert product(**dict.fromkeys(optional, missing), other=missing).source() == BASE


def test_zero_and_false_are_values() -> None:
    assert product(stock=0, sold_out=False).source() == BASE | {"stock": 0, "sold_out": False}
    assert product().stock is None


def test_source_gives_everything_back() -> None:
    given = BASE | {
        "category": "女装/连衣裙",
        "attributes": {"颜色": "红"},
        "price": "¥19.9",
        "shop": {"name": "小店", "city": "杭州"},
        "created_at": 1_714_521_600,
        "platform": "x",
        "source": {"feed": [1, None]},
    }
    source = Product.model_validate(given).source()
    assert source == BASE | {
        "category": ["女装", "连衣裙"],
        "attributes": {"颜色": ["红"]},
        "price": 19.9,
        "shop": {"name": "小店", "city": "杭州"},
        "created_at": "2024-05-01T00:00:00Z",
        "platform": "x",
        "source": {"feed": [1, None]},
    }
    assert Product.model_validate(orjson.loads(orjson.dumps(source))) == Product.model_validate(given)


def test_shop_may_be_a_name() -> None:
    shop = product(shop="小店").shop
    assert shop is not None
    assert (shop.name, shop.id) == ("小店", None)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"title": 5}, ("title", "wrong_type")),
        ({"id": 1.5}, ("id", "wrong_type")),
        ({"id": True}, ("id", "wrong_type")),
        ({"id": "x" * 257}, ("id", "invalid_id")),
        ({"id": "a\tb"}, ("id", "invalid_id")),
        ({"stock": 1.5}, ("stock", "wrong_type")),
        ({"stock": -1}, ("stock", "out_of_range")),
        ({"sales_30d": 2**63}, ("sales_30d", "out_of_range")),
        ({"rating": 5.1}, ("rating", "out_of_range")),
        ({"return_rate": -0.1}, ("return_rate", "out_of_range")),
        ({"labels": [1]}, ("labels", "wrong_type")),
        ({"category": {"a": 1}}, ("category", "wrong_type")),
        ({"attributes": "红"}, ("attributes", "wrong_type")),
        ({"attributes": {"颜色": {"a": 1}}}, ("attributes", "wrong_type")),
        ({"shop": {"score": "高"}}, ("shop.score", "wrong_type")),
        ({"status": "gone"}, ("status", "invalid_choice")),
        ({"created_at": "昨天"}, ("created_at", "invalid_time")),
        ({"created_at": 1_714_521_600_000}, ("created_at", "out_of_range")),
        ({"created_at": "1969-12-31"}, ("created_at", "out_of_range")),
        ({"created_at": "9999-12-31T23:59:59-12:00"}, ("created_at", "out_of_range")),
        ({"created_at": True}, ("created_at", "wrong_type")),
    ],
)
def test_wrong_values_name_field_and_reason(fields: dict[str, Any], at: tuple[str, str]) -> None:
    assert reason_of(Product, **(BASE | fields)) == at


def test_only_id_and_title_are_required() -> None:
    assert reason_of(Product, id="p1") == ("title", "missing")
    assert reason_of(Product, title="裙", id=" ") == ("id", "missing")
    assert {name for name, field in Product.model_fields.items() if field.is_required()} == {"id", "title"}


def test_records_do_not_change() -> None:
    with pytest.raises(ValidationError):
        product().price = Decimal(1)
