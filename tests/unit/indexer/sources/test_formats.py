"""Formats: the same products as JSONL, JSONL.gz, CSV and Parquet give equal records with equal sources."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from indexer.sources.records import Product
from tests.unit.indexer.sources.helpers import read_all, write_lines, write_parquet

PRODUCTS: list[dict[str, Any]] = [
    {"id": "p1", "title": "红色连衣裙"},
    {
        "id": "p2",
        "title": '5" 手机壳, 防摔\n第二行',
        "description": "好看",
        "brand": "某牌",
        "category": ["手机", "配件/壳"],
        "attributes": {"颜色": ["红", "蓝"], "型号": ["A:1;2"]},
        "price": 19.9,
        "list_price": 1299.0,
        "stock": 0,
        "shop": {"id": "s1", "name": "小店", "kind": "旗舰店", "score": 4.5},
        "sales_30d": 12,
        "rating": 4.5,
        "reviews": 3,
        "return_rate": 0.25,
        "complaint_rate": 0.0,
        "services": ["包邮", "七天无理由"],
        "labels": ["新品"],
        "spu_id": "u1",
        "images": ["https://example.com/1.jpg", "https://example.com/2.jpg"],
        "created_at": "2024-05-01T00:00:00Z",
        "status": "off",
        "platform": "甲",
    },
    {"id": "p3", "title": "裤", "shop": {"name": "又一店"}, "category": ["女装"], "platform": "乙"},
]


def write_csv(path: Path) -> Path:
    shop_columns = [f"shop.{part}" for part in ("id", "name", "kind", "score")]
    columns = [*(name for name in PRODUCTS[1] if name != "shop"), *shop_columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for row in PRODUCTS:
            cells = {name: _cell(name, value) for name, value in row.items() if name != "shop"}
            writer.writerow(cells | {f"shop.{part}": value for part, value in row.get("shop", {}).items()})
    return path


def _cell(name: str, value: object) -> object:
    if name in ("attributes", "category"):
        return orjson.dumps(value).decode()
    return "|".join(map(str, value)) if isinstance(value, list) else value


def parquet_schema() -> pa.Schema:
    """Types as a warehouse would hold them: attributes as a map, times as timestamps, prices as decimals."""
    shop = pa.struct([("id", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("score", pa.float32())])
    special = {
        "category": pa.list_(pa.string()),
        "attributes": pa.map_(pa.string(), pa.list_(pa.string())),
        "price": pa.decimal128(12, 2),
        "shop": shop,
        "stock": pa.int32(),
        "created_at": pa.timestamp("ns", tz="Asia/Shanghai"),
    }
    guessed = pa.Table.from_pylist([PRODUCTS[1]]).schema
    return pa.schema([(name, special.get(name, guessed.field(name).type)) for name in guessed.names])


def test_four_formats_give_equal_records(tmp_path: Path) -> None:
    lines = [orjson.dumps(row) for row in PRODUCTS]
    (tmp_path / "p.jsonl.gz").write_bytes(gzip.compress(b"\n".join(lines)))
    typed = [dict(row) for row in PRODUCTS]
    typed[1] |= {"price": Decimal("19.90"), "created_at": datetime(2024, 5, 1, tzinfo=UTC)}
    expected = [Product.model_validate(row) for row in PRODUCTS]
    for path in (
        write_lines(tmp_path / "p.jsonl", lines),
        tmp_path / "p.jsonl.gz",
        write_csv(tmp_path / "p.csv"),
        write_parquet(tmp_path / "p.parquet", typed, parquet_schema()),
    ):
        products, rejects = read_all(path)
        assert rejects == []
        assert products == expected
        assert [product.source() for product in products] == PRODUCTS
