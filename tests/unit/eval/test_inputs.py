"""Queries, judgments and titles.

1. TSV and JSONL, packed or not, with or without a byte order mark, give the same queries.
2. Checksums do not depend on the order of lines, and change with a query, a grade or a document.
3. Every bad line is an InputError that names the file and the line.
4. Titles come by id, with whatever stands in them.
5. A line that says again what one before it said changes nothing; two that contradict each other are an error.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from eval.inputs import qrels_checksum, queries_checksum, read_qrels, read_queries, read_titles
from eval.types import Query
from retrieval.errors import InputError

TSV = "1\t红色连衣裙\n\n2\ti5-11400f \n"
JSONL = '{"qid": 1, "query": "红色连衣裙", "note": "x"}\n{"qid": "2", "query": "i5-11400f"}\n'
EXPECTED = (Query("1", "红色连衣裙"), Query("2", "i5-11400f"))


def test_formats_agree(tmp_path: Path) -> None:  # 1
    (tmp_path / "a.tsv").write_text(TSV, encoding="utf-8")
    (tmp_path / "b.tsv").write_bytes(b"\xef\xbb\xbf" + TSV.replace("\n", "\r\n").encode())
    (tmp_path / "c.jsonl").write_text(JSONL, encoding="utf-8")
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(JSONL.encode()))
    assert {read_queries(path) for path in tmp_path.iterdir()} == {EXPECTED}


def test_checksums() -> None:  # 2
    a, b = EXPECTED
    assert queries_checksum([a, b]) == queries_checksum([b, a]) != queries_checksum([a, Query("2", "i5-11400k")])
    same = qrels_checksum({"1": {"x": 1, "y": 0}, "2": {"x": 1}})
    assert same == qrels_checksum({"2": {"x": 1}, "1": {"y": 0, "x": 1}})
    assert len({same, qrels_checksum({"1": {"x": 2, "y": 0}, "2": {"x": 1}}), qrels_checksum({"1": {"x": 1}})}) == 3


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("q.tsv", "1\ta\nno tab here\n", 2, "expected 2 columns"),
        ("q.tsv", "1\ta\tb\n", 1, "found 3"),
        ("q.tsv", "1\ta\n1\tb\n", 2, "given twice, for 'a' and 'b'"),
        ("q.tsv", "1\t \n", 1, "is empty"),
        ("q.tsv", "a b\tc\n", 1, "white space"),
        ("q.jsonl", '{"qid": "1", "query": "a"}\n{"qid": "2"\n', 2, "no JSON"),
        ("q.jsonl", '{"qid": "1", "text": "a"}\n', 1, "'query'"),
        ("q.jsonl", "[1]\n", 1, "expected an object"),
        ("q.jsonl", '{"qid": "1", "query": "\\ud800"}\n', 1, "surrogate"),
    ],
)
def test_bad_query_lines(tmp_path: Path, name: str, text: str, line: int, says: str) -> None:  # 3
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_queries(path)
    assert caught.value.field == f"{path}:{line}"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("1 0 a 1\n1 0 b\n", 2, "expected 4 fields, found 3"),
        ("1 0 a one\n", 1, "'one' is no small whole number"),
        ("1 0 a 0.5\n", 1, "'0.5'"),
        ("1 0 a 99999999\n", 1, "small"),
        ("1 0 a 1\n2 0 a 1\n1 0 a 0\n", 3, "judged twice for query '1', 1 and 0"),
        ("1 0 a -1\n1 0 a 0\n", 2, "-1 and 0"),
        ("1 0 a -1000\n", 1, "below 0 is spam"),
    ],
)
def test_bad_judgments(tmp_path: Path, text: str, line: int, says: str) -> None:  # 3
    path = tmp_path / "qrels"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_qrels(path)
    assert says in str(caught.value)
    assert caught.value.field == f"{path}:{line}"


def test_unreadable_files(tmp_path: Path) -> None:  # 3
    (tmp_path / "latin.tsv").write_bytes(b"1\ta\n2\t\xff\n")
    with pytest.raises(InputError, match="not UTF-8") as caught:
        read_queries(tmp_path / "latin.tsv")
    assert caught.value.field == f"{tmp_path / 'latin.tsv'}:2"
    (tmp_path / "cut.tsv.gz").write_bytes(gzip.compress(b"1\ta\n" * 100)[:-9])
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    for name in ("cut.tsv.gz", "absent", "empty", "."):
        with pytest.raises(InputError):
            read_queries(tmp_path / name)
        with pytest.raises(InputError):
            read_qrels(tmp_path / name)


def test_titles(tmp_path: Path) -> None:  # 4
    (tmp_path / "t.tsv").write_text("a\t可乐 330ml\nb\tx\u2028y\n", encoding="utf-8")
    assert read_titles(tmp_path / "t.tsv") == {"a": "可乐 330ml", "b": "x\u2028y"}
    (tmp_path / "t.jsonl").write_text('{"id": "a", "title": "可乐", "price": 3}\n', encoding="utf-8")
    assert read_titles(tmp_path / "t.jsonl") == {"a": "可乐"}


def test_said_twice(tmp_path: Path) -> None:  # 5
    judgments = tmp_path / "qrels"
    judgments.write_text("1 0 a 1\n1 Q0 a 1\n1 0 b -1\n2 0 a 0\n1 0 b -1\n", encoding="utf-8")
    assert read_qrels(judgments) == {"1": {"a": 1, "b": -1}, "2": {"a": 0}}
    queries = tmp_path / "q.tsv"
    queries.write_text("1\ta\n2\tb\n1\ta \n", encoding="utf-8")
    assert read_queries(queries) == (Query("1", "a"), Query("2", "b"))
