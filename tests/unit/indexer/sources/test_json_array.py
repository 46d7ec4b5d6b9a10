"""Arrays in `.json`:

1. On one line or over many, with any marks inside strings, whatever the size of a piece that is read at once; the line
   is that on which an element starts.
2. An element that is no object, is longer than the bound, or stands outside is rejected and the next ones are read.
3. An element that is never closed is a file that breaks off; so is a gzip file that does.
4. A single object over several lines is refused with a word on what is wanted.
5. Memory does not grow with the file.
"""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from indexer.sources import json_array
from indexer.sources.limits import Limits
from indexer.sources.readers import read_products, total_bytes
from indexer.sources.rejects import RejectLog
from retrieval.errors import InputError
from tests.unit.indexer.sources.helpers import read_all

TITLES = ['5" 壳, [红] {蓝}', "反\\斜\\\\", '"', "a\nb", "],[", "\\"]
ROWS = [{"id": f"p{n}", "title": title, "labels": ["x", "y"]} for n, title in enumerate(TITLES)]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("piece", [1, 2, 7, 65_536])
def test_any_layout(indent: int | None, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    monkeypatch.setattr(json_array, "PIECE_BYTES", piece)
    path = tmp_path / "p.json"
    for text in (json.dumps(ROWS, indent=indent), "\n " + json.dumps(ROWS, indent=indent, ensure_ascii=False) + "\n"):
        path.write_text(text, encoding="utf-8")
        products, rejects = read_all(path)
        assert [product.source() for product in products] == ROWS
        assert rejects == []


def test_bad_elements(tmp_path: Path) -> None:  # 1, 2
    text = (
        '[{"id": 1, "title": "a"},\n3,\n\n {"id": 2},\n{"id" 3}, {"id": 4, "title": "%s"},\n{"id": 5, "title": "b"}] x'
    )
    (tmp_path / "p.json").write_text(text % ("c" * 100))
    products, rejects = read_all(tmp_path / "p.json", limits=Limits(max_line_bytes=100))
    assert [product.id for product in products] == ["1", "5"]
    assert [(reject["line"], reject["reason"]) for reject in rejects] == [
        (2, "not_an_object"), (4, "missing_field"), (5, "invalid_json"), (5, "line_too_long"), (6, "invalid_json"),
    ]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_breaks_off(packed: bool, tmp_path: Path) -> None:  # 3
    rows = [{"id": n, "title": f"{n * 7919 % 10007} t"} for n in range(5_000)]
    whole = json.dumps(rows, indent=0).encode()
    content = gzip.compress(whole)[:-1000] if packed else whole.replace(b'"2500 t"', b'"2500 t', 1)
    path = tmp_path / ("p.json.gz" if packed else "p.json")
    path.write_bytes(content)
    products, (reject,) = read_all(path)
    assert [product.id for product in products] == [str(n) for n in range(len(products))]
    assert 0 < len(products) < 5_000
    assert (reject["line"], reject["reason"]) == (4 * len(products) + 2, "truncated")


def test_one_object_over_lines(tmp_path: Path) -> None:  # 4
    (tmp_path / "p.json").write_text(json.dumps({"products": ROWS}, indent=1))
    with pytest.raises(InputError, match=r"p\.json is one JSON object") as refused:
        read_all(tmp_path / "p.json")
    assert "one object a line, or an array" in str(refused.value.hint)


def test_memory_and_progress(tmp_path: Path) -> None:  # 5
    path = tmp_path / "p.json"
    path.write_text(json.dumps([{"id": n, "title": "t" * 1_000} for n in range(5_000)]))
    seen: list[int] = []
    tracemalloc.start()
    count = sum(1 for _ in read_products([path], limits=Limits(), rejects=RejectLog(), progress=seen.append))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, sum(seen)) == (5_000, total_bytes([path]))
    assert peak < 2_000_000
