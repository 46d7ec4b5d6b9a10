"""JSONL: one JSON object a line, UTF-8, plain or gzip. Blank lines are no rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.sources.json_text import BadValueError, parse_json
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress, read_lines
from indexer.sources.rejects import Reject, Row, excerpt_of


def read_jsonl(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
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
        yield json_row(str(path), number, raw)


def json_row(file: str, number: int, raw: bytes) -> Row | Reject:
    """One JSON text as a row, or as a Reject when it is no JSON object."""
    try:
        value = parse_json(raw)
    except BadValueError as problem:
        return Reject(file, number, None, problem.reason, problem.message, excerpt_of(raw))
    if isinstance(value, dict):
        return number, value
    hint = "; an array of objects is read from a file called .json" if isinstance(value, list) else ""
    return Reject(file, number, None, "not_an_object", f"must be one JSON object{hint}", excerpt_of(raw))
