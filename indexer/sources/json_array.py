"""``.json``: one JSON object a line, or an array of objects, read element by element in bounded memory.

The array is taken apart at the commas between its elements without parsing it; each element is then read like a line.
An element whose quotes or brackets are not closed takes all that follows along, which is a file that breaks off.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.sources.encoding import UTF_8, UTF_16, encoding_of, opened
from indexer.sources.jsonl_format import json_row, read_jsonl
from indexer.sources.limits import Limits
from indexer.sources.lines import PIECE_BYTES, Progress
from indexer.sources.rejects import MAX_EXCERPT_CHARS, Reject, Row, excerpt_of
from retrieval.errors import InputError

_TELLING = re.compile(r'["\\\[\]{},\n]')
_OPEN, _CLOSE = "[{", "]}"


def read_json(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
    """Yield each object under the number of the line on which it starts, or a Reject.

    Raises:
        InputError: the file cannot be read at all, or is one object over several lines.
    """
    opening = _opening(path)
    if opening.startswith("{") and opening.partition("\n")[0].rstrip().endswith(("{", "[", ",")):
        raise InputError(f"{path} is one JSON object", hint="write one object a line, or an array of objects: [{…}, …]")
    if not opening.startswith("["):
        yield from read_jsonl(path, limits=limits, progress=progress)
        return
    for number, text in _Elements(limits.max_line_bytes).of(_pieces(path, progress)):
        if text is None:
            message = f"the element is longer than {limits.max_line_bytes:,} bytes"
            yield Reject(str(path), number, None, "line_too_long", message, "")
        elif isinstance(text, _Broken):
            yield Reject(str(path), number, None, "truncated", text.message, excerpt_of(text.start))
        else:
            yield json_row(str(path), number, text.encode(UTF_8, "surrogatepass"))


def _opening(path: Path) -> str:
    """The first text of the file, without white space before it."""
    try:
        return next((text for text in map(str.lstrip, _pieces(path, None)) if text), "")
    except (EOFError, OSError, UnicodeDecodeError, zlib.error):
        return ""  # the reader of lines tells what is wrong


def _pieces(path: Path, progress: Progress | None) -> Iterator[str]:
    """The text of a file; bytes that are not text come as half surrogates, which no row may hold."""
    encoding = encoding_of(path)
    errors = "surrogatepass" if encoding.startswith(UTF_16) else "surrogateescape"
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == UTF_8 else encoding)(errors)
    reported = 0
    with path.open("rb") as file:
        stream = opened(path, file)
        while piece := stream.read(PIECE_BYTES):
            yield decoder.decode(piece)
            if progress:
                progress(file.tell() - reported)
                reported = file.tell()
        yield decoder.decode(b"", final=True)
        if progress:
            progress(path.stat().st_size - reported)


@dataclass(frozen=True, slots=True)
class _Broken:
    """What is left of a file when it ends inside an element, or cannot be read on."""

    message: str
    start: str


class _Elements:
    """Cuts the text of arrays at the commas between their elements, whatever stands inside strings."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._text: list[str] = []
        self._size = 0
        self._line = self._first = 1

    def of(self, pieces: Iterator[str]) -> Iterator[tuple[int, str | _Broken | None]]:
        """Line and text of each element, None for one longer than the bound; a last `_Broken` where it ends early.

        What stands outside of an array is given, too, as a row that cannot be read.
        """
        depth, quoted, escaped = 0, False, -1
        try:
            for piece in pieces:
                begin = 0
                for match in _TELLING.finditer(piece):
                    at, mark = match.start(), match.group()
                    if mark == "\n":
                        self._line += 1
                    elif quoted:
                        if at != escaped:
                            quoted, escaped = mark != '"', at + 1 if mark == "\\" else escaped
                    elif mark == '"':
                        quoted = True
                    elif mark in _CLOSE and depth > 1:
                        depth -= 1
                    elif ((mark in _CLOSE or mark == ",") and depth == 1) or (mark == "[" and depth == 0):
                        self._keep(piece[begin:at])
                        yield from self._element(even_blank=mark == ",")
                        begin, depth = at + 1, {"[": 1, ",": 1}.get(mark, 0)
                    elif mark in _OPEN:
                        depth += 1
                self._keep(piece[begin:])
                escaped -= len(piece)
        except (EOFError, OSError, UnicodeDecodeError, zlib.error) as error:
            yield self._first, _Broken(f"the file breaks off: {error}", self._start())
            return
        if depth:
            message = "a quote or bracket that opens here is never closed, or the file breaks off"
            yield self._first, _Broken(message, self._start())
        else:
            yield from self._element(even_blank=False)

    def _keep(self, text: str) -> None:
        if not self._text:
            text = text.lstrip()
            self._first = self._line - text.count("\n")
        self._size += len(text)
        if text and self._size <= self._longest:
            self._text.append(text)

    def _element(self, *, even_blank: bool) -> Iterator[tuple[int, str | None]]:
        text = "".join(self._text)
        if self._size > self._longest or len(text.encode(UTF_8, "surrogatepass")) > self._longest:
            yield self._first, None
        elif text or even_blank:
            yield self._first, text
        self._text, self._size = [], 0

    def _start(self) -> str:
        return "".join(self._text)[:MAX_EXCERPT_CHARS]
