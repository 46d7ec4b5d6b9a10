"""Lines of a text file, plain or gzip, one at a time and never longer in memory than the limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

from indexer.sources.rejects import Reject, excerpt_of
from retrieval.errors import InputError

PROGRESS_LINES = 1_024
PIECE_BYTES = 65_536
BOM = b"\xef\xbb\xbf"

Progress = Callable[[int], None]
"""Called now and then with the bytes of the file read since the last call; compressed bytes for a gzip file."""


def read_lines(path: Path, *, max_line_bytes: int, progress: Progress | None) -> Iterator[tuple[int, bytes] | Reject]:
    """Yield line number (from 1) and bytes of each line with its line end; a byte order mark is left out.

    A line longer than `max_line_bytes` is skipped and gives a Reject ``line_too_long``; damage after the first line
    of a gzip file gives a last Reject ``truncated``.

    Raises:
        InputError: a gzip file of which not even the first line can be read.
    """
    with path.open("rb") as file:
        lines = gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file
        reported = 0
        for number in count(1):
            try:
                line = lines.readline(max_line_bytes + 1)
                whole = len(line) <= max_line_bytes or line.endswith(b"\n")
                if not whole:
                    _skip_rest_of_line(lines)
            except (EOFError, OSError, zlib.error) as error:
                if number == 1:
                    raise InputError(f"{path} cannot be read: {error}", hint="write the file again") from error
                yield Reject(str(path), number, None, "truncated", f"the file breaks off here: {error}", "")
                break
            if not line:
                break
            if number == 1:
                line = line.removeprefix(BOM)
            if whole:
                yield number, line
            else:
                message = f"the line is longer than {max_line_bytes:,} bytes"
                yield Reject(str(path), number, None, "line_too_long", message, excerpt_of(line))
            if progress and number % PROGRESS_LINES == 0:
                progress(file.tell() - reported)
                reported = file.tell()
        if progress:
            progress(path.stat().st_size - reported)


def _skip_rest_of_line(file: BinaryIO | gzip.GzipFile) -> None:
    while True:
        piece = file.readline(PIECE_BYTES)
        if not piece or piece.endswith(b"\n"):
            return
