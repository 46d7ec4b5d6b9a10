"""Queries of shoppers, read:

1. A line gives who asks what, when and in which band; a time is ISO 8601 or seconds, packed files are read.
2. A line that cannot be understood stops the run and is named with its reason.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from eval.personal.queries import NO_BAND, read_shopper_queries
from eval.personal.types import ShopperQuery
from retrieval.errors import InputError

ROW = {
    "qid": "1",
    "query": "好吃的",
    "user_id": "u1",
    "session_id": "s1",
    "ts": "2024-05-30T00:00:01Z",
    "band": "vague",
}
SECONDS = 1717027201.0


def write(path: Path, *rows: object) -> Path:
    lines = b"".join(row if isinstance(row, bytes) else orjson.dumps(row) + b"\n" for row in rows)
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)
    return path


@pytest.mark.parametrize("name", ["q.jsonl", "q.jsonl.gz"])
def test_read(tmp_path: Path, name: str) -> None:  # 1
    guest = {"qid": 2, "query": " 礼物 ", "session_id": "s2", "ts": SECONDS, "more": [1]}
    assert read_shopper_queries(write(tmp_path / name, ROW, b"\n", guest)) == (
        ShopperQuery("1", "好吃的", "u1", "s1", SECONDS, "vague"),
        ShopperQuery("2", "礼物", "", "s2", SECONDS, NO_BAND),
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"{not json}\n", "JSON"),
        ([1], "object|dictionary"),
        (ROW | {"qid": "a b"}, "white space"),
        (ROW | {"qid": "1"}, "twice"),
        (ROW | {"qid": "2", "ts": "yesterday"}, "ts: must be ISO 8601"),
        (ROW | {"qid": "2", "query": " "}, "query: "),
        (ROW | {"qid": "2", "user_id": "", "session_id": None}, "nobody asks query '2'"),
        ({name: value for name, value in ROW.items() if name != "ts"}, "ts: "),
    ],
)
def test_bad_lines(tmp_path: Path, row: object, says: str) -> None:  # 2
    path = write(tmp_path / "q.jsonl", ROW, row)
    with pytest.raises(InputError, match=says) as error:
        read_shopper_queries(path)
    assert error.value.field == f"{path}:2"


def test_nothing(tmp_path: Path) -> None:  # 2
    with pytest.raises(InputError, match="no query"):
        read_shopper_queries(write(tmp_path / "q.jsonl", b"\n"))
