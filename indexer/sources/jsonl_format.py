"""JSONL: one JSON object a line, UTF-8, plain or gzip. Blank lines are no rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.sources.json_text import BadValueError, parse_json
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress, read_lines
from indexer.sources.rejects import Reject, Row, excerpt_of


def read_jsonl(path: Path, *, limits: Limits, progress: Progress | None) -> Iterator[Row | Reject]:
    """Yield each line as a row or, when it is no JSON object, as a Reject.

    Raises:
        InputError: a gzip file that cannot be read at all.
    """
    for line in read_lines(path, max_line_bytes=limits.max_line_bytes, progress=progress):
        if isinstance(line, Reject):
            yield line
            continue
        number, raw = line
        if raw.isspace():
            continue
        try:
            value = parse_json(raw)
        except BadValueError as problem:
            yield Reject(str(path), number, None, problem.reason, problem.message, excerpt_of(raw))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            message = "the line must be one JSON object"
            yield Reject(str(path), number, None, "not_an_object", message, excerpt_of(raw))
