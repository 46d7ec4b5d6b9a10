"""Parquet:

1. Dates, times, decimals, bytes and nested values become the types of JSON.
2. A value that cannot be read rejects its row alone; a damaged row group ends the file, the groups before it are kept.
3. A column named twice, or no pyarrow, is an InputError that says what to do.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrieval.errors import InputError
from tests.unit.indexer.sources.helpers import read_all, write_parquet


def test_parquet_types(tmp_path: Path) -> None:
    row = {
        "id": 2**63 - 1,
        "title": b"bytes",
        "created_at": date(2024, 5, 1),
        "seen": datetime(2024, 5, 1, 12),
        "weight": Decimal("1.50"),
        "nested": {"when": date(2024, 5, 1), "many": [1, None]},
    }
    products, rejects = read_all(write_parquet(tmp_path / "p.parquet", [row]))
    assert rejects == []
    assert products[0].source() == {
        "id": str(2**63 - 1),
        "title": "bytes",
        "created_at": "2024-05-01T00:00:00Z",
        "seen": "2024-05-01T12:00:00",
        "weight": "1.50",
        "nested": {"when": "2024-05-01", "many": [1, None]},
    }


def test_parquet_bad_values_reject_their_row(tmp_path: Path) -> None:
    ids = pa.array(["1", "2", "3", "4", "5", None])
    # Arrow trusts the writer that a string is UTF-8 and a date has a year that Python knows.
    titles = pa.array([b"t", b"\xff", b"t\x00", b"t", b"t", b"t"]).view(pa.string())
    weights = pa.array([1.0, 1.0, 1.0, float("nan"), 1.0, 1.0])
    days = pa.array([0, 0, 0, 0, 2**40, 0]).view(pa.timestamp("s"))
    pq.write_table(pa.table({"id": ids, "title": titles, "weight": weights, "day": days}), tmp_path / "p.parquet")
    products, rejects = read_all(tmp_path / "p.parquet")
    assert [product.id for product in products] == ["1"]
    assert [(reject["line"], reject["reason"], reject["field"]) for reject in rejects] == [
        (2, "invalid_utf8", None),
        (3, "nul_byte", "title"),
        (4, "not_finite", "weight"),
        (5, "wrong_type", None),
        (6, "missing_id", "id"),
    ]


def test_parquet_damaged_in_the_middle(tmp_path: Path) -> None:
    rows = [{"id": str(number), "title": f"t{number}"} for number in range(4_000)]
    path = tmp_path / "p.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=1_000, use_dictionary=False, compression="gzip")
    content = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content[start : start + 400] = bytes(400)
    path.write_bytes(content)
    products, rejects = read_all(path)
    assert [product.id for product in products] == [str(number) for number in range(2_000)]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(2_001, "truncated")]


def test_parquet_column_named_twice(tmp_path: Path) -> None:
    table = pa.table([pa.array(["1"]), pa.array(["t"]), pa.array(["2"])], names=["id", "title", "id"])
    pq.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(InputError, match="twice"):
        read_all(tmp_path / "p.parquet")


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_parquet(tmp_path / "p.parquet", [{"id": "1", "title": "t"}])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert caught.value.hint == 'pip install "xunhuo[parquet]"'
