"""CSV:

1. Cells: compact attributes, "|" and "," lists, dotted shop columns, empty rows and columns without a name.
2. A row that is too long, holds a NUL, is not UTF-8 or quoted wrongly is rejected under the line it starts on.
3. A cell may be longer than the default of the csv module.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.limits import Limits
from tests.unit.indexer.sources.helpers import read_all, write_lines


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("attributes", "颜色:红;尺码:XL", {"attributes": {"颜色": ["红"], "尺码": ["XL"]}}),
        ("attributes", "颜色：红|蓝；比例:1:2;", {"attributes": {"颜色": ["红", "蓝"], "比例": ["1:2"]}}),
        ("attributes", '{"颜色": ["红"]}', {"attributes": {"颜色": ["红"]}}),
        ("labels", "新品,包邮", {"labels": ["新品", "包邮"]}),
        ("labels", "新品|买一,送一", {"labels": ["新品", "买一,送一"]}),
        ("labels", '["a,b"]', {"labels": ["a,b"]}),
        ("category", "女装/裙", {"category": ["女装", "裙"]}),
        ("shop", "小店", {"shop": {"name": "小店"}}),
        ("shop", '{"id": 5}', {"shop": {"id": "5"}}),
        ("shop.name", "小店", {"shop": {"name": "小店"}}),
        ("price", "¥1,299.00", {"price": 1299.0}),
        ("stock", "5", {"stock": 5}),
        ("size.cm", "5", {"size.cm": "5"}),
        ("segments", "你好，大家|再见", {"segments": ["你好，大家", "再见"]}),
        ("segments", '[{"text": "你好"}]', {"segments": [{"text": "你好"}]}),
        ("screen", "九十九，包邮", {"screen": ["九十九，包邮"]}),
        ("products", "p1,p2", {"products": ["p1", "p2"]}),
        ("", "5", {}),
        ("labels", "  ", {}),
    ],
)
def test_csv_cells(column: str, cell: str, expected: dict[str, Any], tmp_path: Path) -> None:
    with (tmp_path / "p.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "title", column], ["1", "t", cell], ["", "", ""]])
    products, rejects = read_all(tmp_path / "p.csv")
    assert rejects == []
    assert [product.source() for product in products] == [{"id": "1", "title": "t"} | expected]


def test_csv_shop_name_beside_its_parts(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.csv", [b"id,shop.id,shop,title", b"1,s1,abc,t"])
    assert read_all(path)[0][0].source()["shop"] == {"id": "s1", "name": "abc"}


def test_csv_rejects_name_line_and_field(tmp_path: Path) -> None:
    lines = [
        b"id,title,attributes,extra",
        b'1,"two',
        b'lines",,',
        b'2,t,"{""a"": NaN}",',
        b"3,t,red,",
        b"4,t\x00,,",
        b"5,\xff,,",
        b'6,"' + b"x" * 100,
        b"y" * 100,
        b"z" * 100 + b'",,',
        b"7,t,,",
        b"8,t,,,",
        b'9,"open,,',
    ]
    products, rejects = read_all(write_lines(tmp_path / "p.csv", lines), limits=Limits(max_line_bytes=250))
    assert [product.source() for product in products] == [{"id": "1", "title": "two\nlines"}, {"id": "7", "title": "t"}]
    assert [(reject["line"], reject["reason"], reject["field"]) for reject in rejects] == [
        (4, "not_finite", "attributes"),
        (5, "wrong_type", "attributes"),
        (6, "nul_byte", None),
        (7, "invalid_utf8", None),
        (8, "line_too_long", None),
        (12, "invalid_csv", None),
        (13, "invalid_csv", None),
    ]


def test_csv_cell_longer_than_the_default_of_the_csv_module(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "p.csv", [b"id,title,description", b"1,t," + b"x" * 200_000, b"2," + b"x" * 200_000 + b","]
    )
    products, rejects = read_all(path)
    assert [len(product.description or "") for product in products] == [200_000]
    assert [reject["reason"] for reject in rejects] == ["title_too_long"]


def shop(lines: int) -> list[str]:
    return ["id,title,price", *(f"p{n},保温杯 {n} 号,{n}" for n in range(2, lines + 1))]


OPEN = 'p3,"保温杯 3 号,3'


@pytest.mark.parametrize(
    ("closing", "swallowed"),
    [
        ({}, 998),  # up to the end of the file
        ({501: 'p501,"保温杯",501'}, 499),  # up to the next quoted cell
        ({501: 'p501,保温杯",501'}, 499),  # up to a quote after which the cells add up
        ({4: 'p4,保温杯",4'}, 2),
    ],
)
def test_an_open_quote_weighs_what_it_takes_along(closing: dict[int, str], swallowed: int, tmp_path: Path) -> None:
    lines = shop(1_000)
    for number, line in ({3: OPEN} | closing).items():
        lines[number - 1] = line
    path = write_lines(tmp_path / "p.csv", [line.encode() for line in lines])
    products, (reject,) = read_all(path)
    assert (reject["line"], reject["reason"], reject["rows"]) == (3, "invalid_csv", swallowed)
    assert len(products) + swallowed == 999
    assert products[-1].id == ("p1000" if closing else "p2")


def test_a_cell_of_several_lines_is_one_row(tmp_path: Path) -> None:
    lines = [*shop(3), 'p4,"保温杯', '大号, 红色"', ',4"', 'p5,"保温杯', '大号, 红色",5', '"p6', 'x",杯,6']
    products, rejects = read_all(write_lines(tmp_path / "p.csv", [line.encode() for line in lines]))
    assert [product.id for product in products] == ["p2", "p3", "p5"]
    assert [(reject["line"], reject["reason"], reject["rows"]) for reject in rejects] == [
        (4, "invalid_csv", 2), (6, "invalid_csv", 1), (9, "invalid_id", 1),
    ]  # fmt: skip
