"""Parts of videos that cannot be read:

1. A bad segment or product is left out under its line and place, as a part, and its video is kept with the others.
2. Places are those of the list in the file, whatever it is called there.
3. A row of which no segment is left, in which something else is wrong, or whose id came before is rejected once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.unit.indexer.sources.helpers import read_video_files, spoken, write_lines

GOOD = {"start": 0, "end": 1, "text": "好"}
BAD = {"start": 2, "end": 1, "text": "坏"}


def read(path: Path, *rows: dict[str, Any]) -> tuple[list[Any], list[tuple[int, str, str, int]]]:
    videos, rejects = read_video_files(write_lines(path / "v.jsonl", map(orjson.dumps, rows)))
    return videos, [(each["line"], each["field"], each["reason"], each["rows"]) for each in rejects]


def test_left_out(tmp_path: Path) -> None:  # 1
    products = [{"start": 1}, "p2", {"product_id": "p3", "start": 3, "end": 2}]
    [first, video], rejects = read(
        tmp_path,
        {"id": "v1"},
        {"id": "v2", "segments": [BAD, GOOD, 5, {"text": "好", "conf": 7}], "products": products},
    )
    assert spoken(video) == [(0.0, 1.0, "好")]
    assert [shown.product_id for shown in video.products] == ["p2"]
    assert first.id == "v1"
    assert rejects == [
        (2, "segments.0", "out_of_range", 0),
        (2, "segments.2", "wrong_type", 0),
        (2, "segments.3.confidence", "out_of_range", 0),
        (2, "products.0.product_id", "missing_field", 0),
        (2, "products.2", "out_of_range", 0),
    ]


def test_under_another_name(tmp_path: Path) -> None:  # 2
    said = [{"start": 0, "end": 1000, "text": "好"}, {"start": 2000, "end": 1000, "text": "坏"}]
    [video], rejects = read(tmp_path, {"id": "v1", "sentence_info": said})
    assert (spoken(video), rejects) == ([(0.0, 1.0, "好")], [(1, "segments.1", "out_of_range", 0)])


@pytest.mark.parametrize(
    ("row", "reject"),
    [
        ({"id": "v2", "segments": [BAD]}, ("segments.0", "out_of_range")),
        ({"id": "v2", "segments": [GOOD, BAD], "kind": "film"}, ("kind", "invalid_choice")),
        ({"id": "v1", "segments": [GOOD, BAD]}, ("id", "duplicate_id")),
        ({"segments": [GOOD, BAD]}, ("id", "missing_id")),
        ({"id": "v2", "segments": "好"}, ("segments", "wrong_type")),
    ],
)
def test_rejected_once(row: dict[str, Any], reject: tuple[str, str], tmp_path: Path) -> None:  # 3
    [first], rejects = read(tmp_path, {"id": "v1"}, row)
    assert first.id == "v1"
    assert rejects == [(2, *reject, 1)]
