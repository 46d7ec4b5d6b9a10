"""Readers:

1. Records come in file order, through every suffix of JSONL, plain and gzip, with a byte order mark or CRLF.
2. The first of two equal ids wins, across all files; events may repeat.
3. What makes a whole file unusable is an InputError, and what is visible from outside comes before the first record.
4. Progress adds up to the size of the files.
5. A giant line is skipped without being held in memory.
6. Numbers that only look dangerous pass: long digits in text, 64-bit integers, 64 levels.
7. Limits below 1 are refused.
"""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import orjson
import pytest

from indexer.sources.limits import Limits
from indexer.sources.readers import read_events, read_products, read_videos, total_bytes
from indexer.sources.rejects import RejectLog
from retrieval.errors import InputError, SettingsError
from tests.unit.indexer.sources.helpers import read_all, write_lines

ROWS = [orjson.dumps({"id": f"p{number}", "title": "裙"}) for number in range(3)]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.ndjson", "a.json", "a.v2.jsonl.gz", "A.JSONL", "A.JSONL.GZ", "a.ndjson.gz", "a.json.gz"]
)
@pytest.mark.parametrize(("start", "end"), [(b"", b"\n"), (b"\xef\xbb\xbf", b"\r\n"), (b"\n\n", b"\n \n")])
def test_json_lines(name: str, start: bytes, end: bytes, tmp_path: Path) -> None:
    text = start + end.join(ROWS)
    (tmp_path / name).write_bytes(gzip.compress(text) if name.lower().endswith("gz") else text)
    products, rejects = read_all(tmp_path / name)
    assert [product.id for product in products] == ["p0", "p1", "p2"]
    assert rejects == []


def test_first_of_equal_ids_wins_across_files(tmp_path: Path) -> None:
    one = write_lines(tmp_path / "1.jsonl", [b'{"id": 7, "title": "a"}', b'{"id": "8", "title": "b"}'])
    two = write_lines(tmp_path / "2.csv", [b"id,title", b"9,c", b"7,d"])
    products, rejects = read_all(one, two)
    assert [(product.id, product.title) for product in products] == [("7", "a"), ("8", "b"), ("9", "c")]
    assert [(reject["file"], reject["line"], reject["reason"]) for reject in rejects] == [(str(two), 3, "duplicate_id")]


def test_a_rejected_row_does_not_take_its_id(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "1.jsonl", [b'{"id": 7}', b'{"id": 7, "title": "a"}'])
    assert [product.title for product in read_all(path)[0]] == ["a"]


def test_videos_and_events(tmp_path: Path) -> None:
    videos = write_lines(tmp_path / "v.jsonl", [b'{"id": 1}', b'{"id": 1}'])
    events = write_lines(tmp_path / "e.jsonl", [b'{"ts": 0, "type": "click"}'] * 2)
    log = RejectLog()
    assert [video.id for video in read_videos([videos], limits=Limits(), rejects=log)] == ["1"]
    assert log.counts == {"duplicate_id": 1}
    assert [event.type for event in read_events([events], limits=Limits(), rejects=log)] == ["click", "click"]
    assert log.accepted == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"x", "unknown format"),
        ("a", b"x", "unknown format"),
        ("a.parquet.gz", b"x", "unknown format"),
        ("a.jsonl", b"", "is empty"),
        ("missing.jsonl", None, "cannot be read"),
    ],
)
def test_unusable_files_are_told_at_once(name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    good = write_lines(tmp_path / "good.jsonl", ROWS)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_products([good, tmp_path / name], limits=Limits(), rejects=RejectLog())
    assert str(tmp_path / name) in caught.value.message
    assert caught.value.hint


def test_folder_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        total_bytes([tmp_path])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl.gz", b"no gzip", "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"\n".join(ROWS), mtime=0)[:20], "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0), "no rows"),
        ("a.jsonl", b"\n \n", "no rows"),
        ("a.csv", b"id,title\n", "no rows"),
        ("a.csv", b"id,\xff\n1,a\n", "header"),
        ("a.csv", b"id,title,id\n1,a,1\n", "twice"),
        ("a.parquet", b"no parquet", "not a readable Parquet file"),
    ],
)
def test_unusable_content(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_all(tmp_path / name)
    assert str(tmp_path / name) in caught.value.message
    assert caught.value.hint


def test_progress_adds_up(tmp_path: Path) -> None:
    rows = [orjson.dumps({"id": number, "title": "裙"}) for number in range(5_000)]
    paths = [write_lines(tmp_path / "a.jsonl", rows), tmp_path / "b.jsonl.gz", tmp_path / "c.csv"]
    paths[1].write_bytes(gzip.compress(b"\n".join(rows)))
    write_lines(paths[2], [b"id,title", *(b"c%d,a" % number for number in range(5_000))])
    seen: list[int] = []
    list(read_products(paths, limits=Limits(), rejects=RejectLog(), progress=seen.append))
    assert sum(seen) == total_bytes(paths) == sum(path.stat().st_size for path in paths)
    assert min(seen) >= 0
    assert len(seen) > len(paths)


def test_giant_line_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    with path.open("wb") as file:
        file.write(ROWS[0] + b'\n{"id": "big", "title": "')
        for _ in range(32):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + ROWS[1])
    tracemalloc.start()
    products, rejects = read_all(path, limits=Limits(max_line_bytes=100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [product.id for product in products] == ["p0", "p1"]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [(2, "line_too_long")]
    assert peak < 4_000_000


def test_megabyte_title(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [orjson.dumps({"id": 1, "title": "裙" * 350_000}), ROWS[0]])
    products, rejects = read_all(path)
    assert [product.id for product in products] == ["p0"]
    assert [reject["reason"] for reject in rejects] == ["title_too_long"]
    assert len(path.with_name("rejects.jsonl").read_bytes()) < 2_000


def test_line_of_exactly_the_limit_passes(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", [ROWS[0], ROWS[1] + b" "])
    products, rejects = read_all(path, limits=Limits(max_line_bytes=len(ROWS[0])))
    assert [product.id for product in products] == ["p0"]
    assert [reject["reason"] for reject in rejects] == ["line_too_long"]


def test_what_only_looks_dangerous_passes(tmp_path: Path) -> None:
    row = rb'{"id": 18446744073709551615, "title": "6901234567890123456789 \\u0000", "low": -9223372036854775808, "x": '
    path = write_lines(tmp_path / "p.jsonl", [row + b"[" * 63 + b"]" * 63 + b"}"])
    products, rejects = read_all(path)
    assert rejects == []
    assert (products[0].id, products[0].title) == ("18446744073709551615", r"6901234567890123456789 \u0000")
    assert products[0].source()["low"] == -(2**63)
    assert orjson.loads(orjson.dumps(products[0].source())) == products[0].source()


@pytest.mark.parametrize("field", ["max_title_chars", "max_line_bytes"])
def test_limits_below_one(field: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Limits(**{field: 0})
    assert caught.value.field == field
