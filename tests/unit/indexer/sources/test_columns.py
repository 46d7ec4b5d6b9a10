"""Columns of CSV files:

1. Chinese headers are fields, whatever their case, blanks, brackets and stars; a field's own name goes before others.
2. Of two columns for one field the likelier is taken, the other is kept under its name.
3. Comma, semicolon, TAB and bar separate, whichever the header is written with; `sep=` of Excel is obeyed.
4. Without a column for a required field the file is refused, naming the columns found and the names known.
5. 上架 and 下架 are values of status.
6. The table: every field is one of a record, no name stands for two fields, no name is a field of its own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.sources.columns import column_table
from indexer.sources.limits import Limits
from indexer.sources.readers import read_events
from indexer.sources.records import Event, Product, Video
from indexer.sources.rejects import RejectLog
from retrieval.errors import InputError
from tests.unit.indexer.sources.helpers import read_all


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_chinese_headers(tmp_path: Path) -> None:  # 1, 5
    header = "*商品编号,商品 名称,价格（元）,品牌,类目,销量,店铺名称,状态,产地"
    path = write(tmp_path / "p.csv", f"{header}\n7,保温杯,¥39.9,某牌,家居/杯,12,小店,下架,浙江\n")
    (product,), rejects = read_all(path)
    assert rejects == []
    assert product.source() == {
        "id": "7", "title": "保温杯", "price": 39.9, "brand": "某牌", "category": ["家居", "杯"], "sales_30d": 12,
        "shop": {"name": "小店"}, "status": "off", "产地": "浙江",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,商品编号,title", {"id": "a", "商品编号": "b", "title": "c"}),
        ("商品编号,ID,title", {"商品编号": "a", "id": "b", "title": "c"}),
        ("货号,商品编号,title", {"货号": "a", "id": "b", "title": "c"}),
        ("ID,名称,商品名称", {"id": "a", "名称": "b", "title": "c"}),
    ],
)
def test_of_two_the_likelier(header: str, expected: dict[str, str], tmp_path: Path) -> None:  # 1, 2
    ((product,), _) = read_all(write(tmp_path / "p.csv", f"{header}\na,b,c\n"))
    assert product.source() == expected


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["p.csv", "p.tsv", "p.txt"])
def test_separators(mark: str, name: str, tmp_path: Path) -> None:  # 3
    others = ",;/|".replace(mark, "")
    text = f"{mark.join(('商品编号', '商品名称', '备注'))}\n{mark.join(('1', f'杯{others}', 'x'))}\n"
    ((product,), rejects) = read_all(write(tmp_path / name, text))
    assert (product.source(), rejects) == ({"id": "1", "title": f"杯{others}", "备注": "x"}, [])


def test_separator_told_to_excel(tmp_path: Path) -> None:  # 3
    ((product,), _) = read_all(write(tmp_path / "p.csv", "sep=^\nid^title\n1^a,b,c\n"))
    assert (product.id, product.title) == ("1", "a,b,c")


def test_a_required_column_is_missing(tmp_path: Path) -> None:  # 4
    path = write(tmp_path / "p.csv", "代号,价格\n1,2\n")
    with pytest.raises(InputError, match="has no column id and no column title; its columns: 代号, 价格") as refused:
        read_all(path)
    assert "商品编号" in str(refused.value.hint)
    assert "商品名称" in str(refused.value.hint)
    with pytest.raises(InputError, match="no column ts and no column type"):
        list(read_events([path], limits=Limits(), rejects=RejectLog()))


def test_the_table() -> None:  # 6
    table = column_table()
    fields = {*Product.model_fields, *Video.model_fields, *Event.model_fields}
    assert {name.partition(".")[0] for name in table.names} | table.values.keys() <= fields
    listed = [name for names in table.names.values() for name in names]
    assert len(listed) == len(set(listed))
    assert not fields & set(listed)
    assert set(table.values["status"].values()) == {"on", "off", "banned"}
