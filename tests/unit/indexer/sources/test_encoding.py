"""Encodings of text files:

1. The same rows in UTF-8, UTF-8 with a mark, GBK, GB18030 and UTF-16 (with a mark, and without where the first
   character is ASCII) give equal records, in every format, plain and gzip, and the encoding is told.
2. What is not text in its encoding is refused under its line, and the lines around it are read.
3. Traditional characters in GBK are GBK; Big5 and Shift-JIS, which decode as GB18030 into nonsense, are not.
4. One odd line among ASCII lines is a bad line, as is one among many of UTF-8; the vote does not end with the first.
5. A UTF-16 file may have 0x0A inside a character (上), and may end inside one.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from indexer.sources.encoding import encoding_of
from tests.unit.indexer.sources.helpers import read_all

ROWS = [{"id": f"p{n}", "title": f"上海产的连衣裙（{n}号）"} for n in range(3)]
TEXTS = {
    "p.csv": "id,title\n" + "".join(f"{row['id']},{row['title']}\n" for row in ROWS),
    "p.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS),
    "p.json": json.dumps(ROWS, ensure_ascii=False, indent=2),
}
FOUND = {
    "utf-8": "utf-8", "utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", FOUND)
def test_the_same_record(encoding: str, name: str, packed: bool, tmp_path: Path) -> None:  # 1, 5
    path = tmp_path / (name + ".gz" if packed else name)
    content = TEXTS[name].encode(encoding)
    path.write_bytes(gzip.compress(content) if packed else content)
    products, rejects = read_all(path)
    assert [product.source() for product in products] == ROWS
    assert rejects == []
    assert encoding_of(path) == FOUND[encoding]


@pytest.mark.parametrize(("encoding", "bad"), [("utf-8", b"\xff"), ("gbk", b"\xff\xff"), ("utf-16-le", b"\x00\xd8")])
@pytest.mark.parametrize("name", ["p.csv", "p.jsonl", "p.json"])
def test_what_is_no_text_is_refused_with_its_line(encoding: str, bad: bytes, name: str, tmp_path: Path) -> None:  # 2
    content = TEXTS[name].encode(encoding).replace("1号".encode(encoding), "1".encode(encoding) + bad)
    (tmp_path / name).write_bytes(content)
    products, rejects = read_all(tmp_path / name)
    assert [product.id for product in products] == ["p0", "p2"]
    line = {"p.csv": 3, "p.jsonl": 2, "p.json": 6}[name]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(line, "invalid_utf8")]


@pytest.mark.parametrize(
    ("title", "written", "expected"),
    [
        ("紅色連衣裙，新款女裝上衣", "gbk", "gb18030"),
        ("紅色連衣裙，新款女裝上衣", "big5", "utf-8"),
        ("人気のスマホケース新品", "shift_jis", "utf-8"),
        ("café crème à la carte", "latin-1", "utf-8"),
    ],
)
def test_only_gbk_is_gbk(title: str, written: str, expected: str, tmp_path: Path) -> None:  # 3
    (tmp_path / "p.csv").write_bytes("".join(f"p{n},{title}\n" for n in range(5)).encode(written))
    assert encoding_of(tmp_path / "p.csv") == expected


def test_a_majority_decides(tmp_path: Path) -> None:  # 4
    path, ascii_line = tmp_path / "p.csv", b"p1,abc\n"
    utf, gbk = ("p,连衣裙\n".encode(each) for each in ("utf-8", "gbk"))
    for lines, expected in (
        ([ascii_line, gbk, ascii_line], "utf-8"),
        ([ascii_line, gbk], "gb18030"),
        ([ascii_line] * 5000 + [gbk, gbk], "gb18030"),
        ([gbk, utf, utf], "utf-8"),
        ([utf, gbk, gbk], "gb18030"),
        ([utf, gbk], "utf-8"),
    ):
        path.write_bytes(b"".join(lines))
        assert encoding_of(path) == expected


def test_utf_16_that_ends_inside_a_character(tmp_path: Path) -> None:  # 5
    path = tmp_path / "p.csv"
    path.write_bytes(TEXTS["p.csv"].encode("utf-16")[:-1])
    products, rejects = read_all(path)
    assert [product.id for product in products] == ["p0", "p1"]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(4, "truncated")]
