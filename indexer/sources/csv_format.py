"""CSV: UTF-8 (with or without a byte order mark), comma separated, first row names the columns.

A cell is text, so the columns that hold more than text have a written form, see `_CELLS`; an empty cell is missing.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from indexer.sources.json_text import BadValueError, parse_json
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress, read_lines
from indexer.sources.rejects import Reject, Row, excerpt_of
from retrieval.errors import InputError


def read_csv(path: Path, *, limits: Limits, progress: Progress | None) -> Iterator[Row | Reject]:
    """Yield each row after the header under the number of its first line, or a Reject.

    Raises:
        InputError: the header cannot be read or names a column twice; a gzip file that cannot be read at all.
    """
    # The module's own limit of 131,072 characters a cell would come before the one of the row.
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_line_bytes))
    lines = _Lines(path, limits.max_line_bytes, progress)
    rows = csv.reader(lines, strict=True)
    columns: list[str] | None = None
    while True:
        lines.begin_row()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (_BadLineError, csv.Error) as error:
            reject = error.reject if isinstance(error, _BadLineError) else lines.reject("invalid_csv", str(error))
            if columns is None:
                raise InputError(
                    f"the header of {path} cannot be read: {reject.message}",
                    hint="save the file as CSV in UTF-8, its first line the column names",
                ) from error
            yield reject
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(path, cells)
        else:
            yield _row(lines, columns, cells)


class _BadLineError(Exception):
    """Passes a Reject out of the csv reader, which starts a new row after it."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(reject.message)
        self.reject = reject


class _Lines:
    """Decoded lines for `csv.reader`. Unlike a generator it goes on after it has raised."""

    def __init__(self, path: Path, max_row_bytes: int, progress: Progress | None) -> None:
        self._path = path
        self._max_row_bytes = max_row_bytes
        self._lines = read_lines(path, max_line_bytes=max_row_bytes, progress=progress)
        self.begin_row()

    def begin_row(self) -> None:
        self.row_start = 0
        self._row_bytes = 0
        self._first = b""

    def reject(self, reason: str, message: str, field: str | None = None) -> Reject:
        return Reject(str(self._path), self.row_start, field, reason, message, excerpt_of(self._first))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if isinstance(line, Reject):
            raise _BadLineError(line)
        number, raw = line
        if not self.row_start:
            self.row_start, self._first = number, raw
        self._row_bytes += len(raw)
        if self._row_bytes > self._max_row_bytes:
            raise _BadLineError(self.reject("line_too_long", f"the row is longer than {self._max_row_bytes:,} bytes"))
        if b"\0" in raw:
            raise _BadLineError(self.reject("nul_byte", "the row holds a NUL byte"))
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            message = f"byte {error.start} of line {number} is not UTF-8"
            raise _BadLineError(self.reject("invalid_utf8", message)) from error


def _columns(path: Path, cells: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    if twice:
        raise InputError(
            f"{path} names the column {twice[0]} twice", field=twice[0], hint="give each column its own name"
        )
    return columns


def _row(lines: _Lines, columns: list[str], cells: list[str]) -> Row | Reject:
    if len(cells) != len(columns):
        return lines.reject("invalid_csv", f"the row has {len(cells)} cells and the header {len(columns)}")
    try:
        return lines.row_start, _fields(columns, cells)
    except BadValueError as problem:
        return lines.reject(problem.reason, problem.message, field=problem.field)


def _fields(columns: list[str], cells: list[str]) -> dict[str, Any]:
    """The row as it would stand in JSON. Columns without a name and empty cells are left out."""
    fields: dict[str, Any] = {}
    parts_of: dict[str, dict[str, str]] = {}
    for column, cell in zip(columns, cells, strict=True):
        head, _, part = column.partition(".")
        if not column or not cell.strip():
            continue
        if part and head in _NESTED:
            parts_of.setdefault(head, {})[part] = cell
            continue
        try:
            fields[column] = _CELLS[column](cell) if column in _CELLS else cell
        except BadValueError as problem:
            problem.field = column
            raise
    for head, parts in parts_of.items():
        whole = fields.get(head, {})
        fields[head] = (whole if isinstance(whole, dict) else {"name": whole}) | parts
    return fields


def _json_or_text(cell: str) -> Any:
    text = cell.strip()
    return parse_json(text.encode()) if text.startswith(("{", "[")) else text


def _list(cell: str) -> Any:
    """A JSON list, or parts between "|", or, where there is no "|", between ","."""
    parsed = _json_or_text(cell)
    if not isinstance(parsed, str):
        return parsed
    return parsed.split("|" if "|" in parsed else ",")


def _attributes(cell: str) -> Any:
    """A JSON object, or names and values as in 颜色:红|蓝;尺码:XL."""
    parsed = _json_or_text(cell)
    if not isinstance(parsed, str):
        return parsed
    attributes: dict[str, list[str]] = {}
    for pair in re.split("[;；]", parsed):
        if not pair.strip():
            continue
        name, *values = re.split("[:：]", pair, maxsplit=1)
        if not values:
            raise BadValueError("wrong_type", "must be a JSON object or written as name:value;name:value")
        attributes.setdefault(name.strip(), []).extend(values[0].split("|"))
    return attributes


_NESTED = ("shop", "creator")
_CELLS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("services", "labels", "images"), _list),
    **dict.fromkeys(("category", "segments", "products", "stats", *_NESTED), _json_or_text),
    "attributes": _attributes,
}
