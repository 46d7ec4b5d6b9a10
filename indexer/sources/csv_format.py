"""CSV: comma, semicolon or TAB separated, the first row names the columns (`columns`), cells as in `cells`.

A quote that is left open takes the lines after it into its row, up to the next quote or the end of the file. Such a row
is rejected and weighs as much as the rows that it took along, whether the cells happen to add up or not.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from indexer.sources.cells import fields_of
from indexer.sources.columns import column_table
from indexer.sources.json_text import BadValueError
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress, read_lines
from indexer.sources.rejects import Reject, Row, excerpt_of
from retrieval.errors import InputError

_SEPARATORS = ",;\t|"
_EXCEL_SEPARATOR = re.compile(r"sep=(.)\s*")
"""A first line by which Excel is told the separator."""
_RUN = re.compile(r"[0-9]+|[a-zA-Z]+|[^\W0-9a-zA-Z_]+")


def read_csv(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
    """Yield each row after the header under the number of its first line, or a Reject.

    Raises:
        InputError: the header cannot be read, names a column twice or lacks one of the `required` fields; a file that
            cannot be read at all.
    """
    # The module's own limit of 131,072 characters a cell would come before the one of the row.
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_line_bytes))
    lines = _Lines(path, limits.max_line_bytes, progress)
    try:
        separator = lines.separator()
    except _BadLineError as error:
        raise _unreadable(path, error.reject.message) from error
    rows = csv.reader(lines, strict=True, delimiter=separator)
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
                raise _unreadable(path, reject.message) from error
            yield reject
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = column_table().fields_of(path, cells, required)
        else:
            yield _row(lines, columns, cells, separator)


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        f"the header of {path} cannot be read: {why}",
        hint="save the file as CSV in UTF-8, its first line the column names",
    )


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
        self.texts: list[str] = []

    def separator(self) -> str:
        """By which the first line comes apart into most known columns, or else into most; it is read again.

        Raises:
            _BadLineError: it cannot be read.
        """
        first = next((line for line in self._lines if isinstance(line, Reject) or line[1].strip()), None)
        if first is None:
            return _SEPARATORS[0]
        if not isinstance(first, Reject) and (told := _EXCEL_SEPARATOR.fullmatch(first[1].decode("utf-8", "replace"))):
            return told.group(1)
        self._lines = chain([first], self._lines)
        text = self._text(first)
        self.begin_row()
        headers = {mark: next(csv.reader([text], delimiter=mark)) for mark in _SEPARATORS}
        return max(_SEPARATORS, key=lambda mark: (column_table().known(headers[mark]), len(headers[mark])))

    def reject(self, reason: str, message: str, field: str | None = None) -> Reject:
        spanned = max(sum(not text.isspace() for text in self.texts), 1)
        if spanned > 1:
            message = f"{message} (the row goes on over {spanned:,} lines: a quote left open?)"
        excerpt = excerpt_of(self.texts[0]) if self.texts else ""
        return Reject(str(self._path), self.row_start, field, reason, message, excerpt, spanned)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        return self._text(next(self._lines))

    def _text(self, line: tuple[int, bytes] | Reject) -> str:
        if isinstance(line, Reject):
            if self.row_start and line.reason != "truncated":
                self.texts.append(line.excerpt)
                raise _BadLineError(self.reject(line.reason, line.message))
            raise _BadLineError(line)
        number, raw = line
        self.row_start = self.row_start or number
        self._row_bytes += len(raw)
        self.texts.append(raw.decode("utf-8", "replace"))
        if self._row_bytes > self._max_row_bytes:
            raise _BadLineError(self.reject("line_too_long", f"the row is longer than {self._max_row_bytes:,} bytes"))
        if b"\0" in raw:
            raise _BadLineError(self.reject("nul_byte", "the row holds a NUL byte"))
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            message = f"byte {error.start} of line {number} is not UTF-8"
            raise _BadLineError(self.reject("invalid_utf8", message)) from error


def _row(lines: _Lines, columns: list[str], cells: list[str], separator: str) -> Row | Reject:
    if len(cells) != len(columns):
        return lines.reject("invalid_csv", f"the row has {len(cells)} cells and the header {len(columns)}")
    if len(lines.texts) > 1 and _swallows(lines.texts, columns, cells, separator):
        return lines.reject("invalid_csv", "the lines in its quotes are rows themselves")
    try:
        return lines.row_start, fields_of(columns, cells)
    except BadValueError as problem:
        return lines.reject(problem.reason, problem.message, field=problem.field)


def _swallows(texts: Sequence[str], columns: Sequence[str], cells: Sequence[str], separator: str) -> bool:
    """Whether the lines of a row that goes on over several are rows of their own: each has its cells, and such an id.

    The last line of a first cell in quotes may have them, too, so there only those between count.
    """
    more = texts[1:-1] if "\n" in cells[0] else texts[1:]
    found = [next(csv.reader([text], delimiter=separator), []) for text in more if not text.isspace()]
    place = columns.index("id") if "id" in columns else None
    return bool(found) and all(
        len(row) == len(cells) > 1 and (place is None or _shape(row[place]) == _shape(cells[place])) for row in found
    )


def _shape(identifier: str) -> str:
    """Of what kinds of characters it is, each run once: p17 and p4 are alike, and unlike 红色."""
    return _RUN.sub(lambda run: "0" if run[0].isdigit() else "a" if run[0].isascii() else "汉", identifier.strip())
