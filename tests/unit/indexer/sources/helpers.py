"""Writing small input files and reading them back, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from indexer.sources.limits import Limits
from indexer.sources.readers import read_products, read_videos, total_bytes
from indexer.sources.records import Product, Record, Video
from indexer.sources.rejects import RejectLog


def write_lines(path: Path, lines: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def read_all(*paths: Path, limits: Limits | None = None) -> tuple[list[Product], list[dict[str, Any]]]:
    """Products and the rejects as they stand in the rejects file."""
    log_path = paths[0].parent / "rejects.jsonl"
    with RejectLog(log_path) as rejects:
        products = list(read_products(paths, limits=limits or Limits(), rejects=rejects))
    written = [orjson.loads(line) for line in log_path.read_bytes().splitlines()]
    assert rejects.accepted == len(products)
    assert rejects.total == sum(reject["rows"] for reject in written)
    return products, written


def reason_of(record_type: type[Record], **fields: Any) -> tuple[str, str]:
    """Dotted field and reason of the first thing wrong with `fields`."""
    with pytest.raises(ValidationError) as caught:
        record_type.model_validate(fields)
    first = caught.value.errors()[0]
    return ".".join(map(str, first["loc"])), first["type"]


def write_parquet(path: Path, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> Path:
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


def read_video_files(*paths: Path, limits: Limits | None = None) -> tuple[list[Video], list[dict[str, Any]]]:
    """The same of videos; all of the files was read."""
    log_path = paths[0].parent / "rejects.jsonl"
    seen: list[int] = []
    with RejectLog(log_path) as rejects:
        videos = list(read_videos(paths, limits=limits or Limits(), rejects=rejects, progress=seen.append))
    written = [orjson.loads(line) for line in log_path.read_bytes().splitlines()]
    assert rejects.accepted == len(videos)
    assert (rejects.total, rejects.parts.total()) == (
        sum(reject["rows"] for reject in written),
        sum(not reject["rows"] for reject in written),
    )
    assert sum(seen) == total_bytes(paths, videos=True)
    return videos, written


def spoken(video: Video) -> list[tuple[float | None, float | None, str]]:
    return [(segment.start, segment.end, segment.text) for segment in video.segments]
