"""Lines of a text file, plain or gzip, one at a time and never much longer in memory than the limit.

Whatever the encoding of the file, its lines come out in UTF-8.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from indexer.sources.encoding import GB18030, UTF_8, UTF_16, encoding_of, opened
from indexer.sources.rejects import Reject, excerpt_of
from retrieval.errors import InputError

PROGRESS_LINES = 1_024
PIECE_BYTES = 65_536
BOM = b"\xef\xbb\xbf"

Progress = Callable[[int], None]
"""Called now and then with the bytes of the file read since the last call; compressed bytes for a gzip file."""


def read_lines(path: Path, *, max_line_bytes: int, progress: Progress | None) -> Iterator[tuple[int, bytes] | Reject]:
    """Yield line number (from 1) and UTF-8 bytes of each line with its line end; a byte order mark is left out.

    A line longer than `max_line_bytes` is skipped and gives a Reject ``line_too_long``; one that is not text in the
    encoding of the file a Reject ``invalid_utf8``, unless that is UTF-8, which is left to whoever decodes it; damage
    after the first line a last Reject ``truncated``.

    Raises:
        InputError: a file of which not even the first line can be read.
    """
    encoding = encoding_of(path)
    with path.open("rb") as file:
        lines: _Lines = opened(path, file)
        if encoding.startswith(UTF_16):
            lines = _Utf16Lines(opened(path, file), encoding)
        reported = 0
        for number in count(1):
            try:
                line = lines.readline(max_line_bytes + 1)
                whole = len(line) <= max_line_bytes or line.endswith(b"\n")
                if not whole:
                    _skip_rest_of_line(lines)
            except (EOFError, OSError, UnicodeDecodeError, zlib.error) as error:
                if number == 1:
                    raise InputError(f"{path} cannot be read: {error}", hint="write the file again") from error
                yield Reject(str(path), number, None, "truncated", f"the file breaks off here: {error}", "")
                break
            if not line:
                break
            if number == 1:
                line = line.removeprefix(BOM)
            if not whole:
                message = f"the line is longer than {max_line_bytes:,} bytes"
                yield Reject(str(path), number, None, "line_too_long", message, excerpt_of(line))
            elif encoding == GB18030 and not line.isascii():
                yield _from_gb18030(path, number, line)
            else:
                yield number, line
            if progress and number % PROGRESS_LINES == 0:
                progress(file.tell() - reported)
                reported = file.tell()
        if progress:
            progress(path.stat().st_size - reported)


class _Lines(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


class _Utf16Lines:
    """Lines in UTF-8 of a UTF-16 file: its bytes cannot be cut at 0x0A, which is also half of 上 (U+4E0A)."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, encoding: str) -> None:
        # Half of a surrogate pair passes here and is refused with its line as what is not UTF-8.
        self._text = io.TextIOWrapper(cast(BinaryIO, stream), encoding, errors="surrogatepass", newline="\n")

    def readline(self, limit: int, /) -> bytes:
        return self._text.readline(limit).encode(UTF_8, "surrogatepass")


def _from_gb18030(path: Path, number: int, line: bytes) -> tuple[int, bytes] | Reject:
    try:
        return number, line.decode(GB18030).encode()
    except UnicodeDecodeError as error:
        message = f"byte {error.start} of line {number} is not {GB18030.upper()}"
        return Reject(str(path), number, None, "invalid_utf8", message, excerpt_of(line.decode(GB18030, "replace")))


def _skip_rest_of_line(lines: _Lines) -> None:
    while True:
        piece = lines.readline(PIECE_BYTES)
        if not piece or piece.endswith(b"\n"):
            return
