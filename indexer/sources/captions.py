"""SubRip and WebVTT: the captions of one video, whose id is the name of the file, as one row with `segments`.

webvtt-py reads the times and takes the tags out. Around it stands what it does not do: it passes over a cue that it
cannot read, knows no lines, and wants `WEBVTT` or a number on top. Here a cue is a line with times and what follows, up
to the next: indexes, hours and header may lack, a blank line inside a text does not cut it off, and whatever is skipped
is a Reject with its line.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from webvtt import Caption
from webvtt.errors import MalformedCaptionError

from indexer.sources.encoding import encoding_of
from indexer.sources.json_text import BadValueError, check_value
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress, read_lines
from indexer.sources.rejects import Reject, Row, excerpt_of
from indexer.sources.rolling import Cue, unrolled
from retrieval.errors import InputError

_CLOCK = r"\d+(?::\d+){1,3}(?:[.,]\d*)?"
_ARROW = re.compile(r"\s*(?:[-–—]{1,3}\s?>|→)\s*")
_TIMES = re.compile(rf"({_CLOCK}){_ARROW.pattern}({_CLOCK})(?!\d)")
_LIKE_CLOCK = re.compile(r"[-+]?\d+:\d")
_SPACED = re.compile(r"(?<=\d)\s*([:.,])\s*(?=\d)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2060]")
_SETTINGS = re.compile(r"(?:\s*[A-Za-z]\w*:\S+)*\s*")
_NOT_SPOKEN = re.compile(r"(?:NOTE|STYLE|REGION)\s*$|NOTE\s|WEBVTT(?:\s|$)")
_STYLED = re.compile(r"\{\\[^}]*\}")
_BREAK = re.compile(r"\\[Nnh]")
_NO_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]*>|[\d:.]+>)")
"""A "<" that opens no tag: 价格<100元."""
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for a line that is a Reject already."""


def read_captions(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
    """Yield a Reject for each cue that cannot be read, as a part of the video; then the video, or why there is none."""
    size = path.stat().st_size
    if size > limits.max_line_bytes:
        message = f"the file is longer than {limits.max_line_bytes:,} bytes"
        yield Reject(str(path), 1, None, "line_too_long", message, "")
        if progress:
            progress(size)
        return
    lines: list[tuple[int, str]] = []
    for line in _lines(path, limits, progress):
        if isinstance(line, Reject):
            yield replace(line, rows=0)
        lines.append((line.line, _UNREADABLE) if isinstance(line, Reject) else line)
    vtt = path.suffix.lower() == ".vtt" or bool(lines and lines[0][1].startswith("WEBVTT"))
    blocks = _blocks(lines, vtt=vtt)
    cues: list[Cue] = []
    for block in blocks:
        found = _cue(block, str(path), vtt=vtt)
        if isinstance(found, Cue):
            cues.append(found)
        elif found:
            yield found
    if cues:
        yield 1, {"id": path.stem, "segments": unrolled(cues)}
    else:
        timed = sum(bool(block.times) for block in blocks)
        message = f"gives no caption: of {len(lines):,} lines, read as {encoding_of(path)}, {timed:,} have times"
        yield Reject(str(path), 1, None, "no_cues", message, excerpt_of(" ".join(text for _, text in lines[:3])))


def _lines(path: Path, limits: Limits, progress: Progress | None) -> Iterator[tuple[int, str] | Reject]:
    """Lines as text, also where they end in CR alone."""
    try:
        for line in read_lines(path, max_line_bytes=limits.max_line_bytes, progress=progress):
            if isinstance(line, Reject):
                yield line
                continue
            number, raw = line
            try:
                text = _text(raw)
            except BadValueError as problem:
                yield Reject(str(path), number, None, problem.reason, problem.message, excerpt_of(raw))
                continue
            texts = _LINE_END.split(text)
            for more, each in enumerate(texts if len(texts) == 1 else texts[:-1]):
                yield number + more, each
    except InputError as error:
        yield Reject(str(path), 1, None, "truncated", str(error), "")
        if progress:
            progress(path.stat().st_size)


def _text(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise BadValueError("invalid_utf8", f"byte {error.start} of the line is not UTF-8") from error
    check_value(text)
    return _INVISIBLE.sub("", text)


@dataclass(slots=True)
class _Block:
    """A line with times and what follows up to the next; before the first one `times` is "".

    Attributes:
        number: of its first line.
    """

    number: int
    times: str = ""
    texts: list[str] = field(default_factory=list)

    def ends_paragraph(self, lines: int) -> bool:
        """Whether a new paragraph begins after so many of its lines. What follows times directly belongs to them."""
        return not self.texts[lines - 1].strip() if lines else not self.times

    def skipped(self, file: str, why: str) -> Reject:
        shown = " ".join(filter(None, (self.times, *self.texts)))
        return Reject(file, self.number, None, "bad_cue", why, excerpt_of(shown), rows=0)


def _blocks(lines: list[tuple[int, str]], *, vtt: bool) -> list[_Block]:
    blocks, index = [_Block(1)], ""
    for number, text in lines:
        block = blocks[-1]
        if not _starts_cue(text, block):
            block.texts.append(text)
            continue
        if place := _index_of_next(block, index, vtt=vtt):
            index = block.texts[place - 1].strip()
            del block.texts[place - 1 :]
        blocks.append(_Block(number, text.strip()))
    return blocks


def _starts_cue(line: str, block: _Block) -> bool:
    """Whether it has times, or looks as if they stood there."""
    plain = _plain(line)
    if _TIMES.match(plain):
        return True
    if not _ARROW.search(plain):
        return False
    before = len(block.texts)
    after_index = before > 0 and block.texts[-1].strip().isdecimal() and block.ends_paragraph(before - 1)
    return bool(_LIKE_CLOCK.match(plain)) or ("-->" in plain and (after_index or block.ends_paragraph(before)))


def _index_of_next(block: _Block, index: str, *, vtt: bool) -> int:
    """Which of its lines, from 1, names the next cue: the last one, as a paragraph of its own, or, perhaps before blank
    lines, as the number after the last one. 0 where none does.
    """
    place = len(block.texts)
    while place and not block.texts[place - 1].strip():
        place -= 1
    if not place:
        return 0
    last = block.texts[place - 1].strip()
    before = int(index) if index.isdecimal() else None if block.times else 0
    follows = last.isdecimal() and before is not None and int(last) == before + 1
    alone = place == len(block.texts) and block.ends_paragraph(place - 1) and (vtt or last.isdecimal())
    return place if alone or follows else 0


def _cue(block: _Block, file: str, *, vtt: bool) -> Cue | Reject | None:
    """None where nothing is lost."""
    paragraphs = [list(lines) for filled, lines in groupby(block.texts, lambda text: bool(text.strip())) if filled]
    attached = bool(block.times and block.texts and block.texts[0].strip())
    texts = [
        text
        for place, lines in enumerate(paragraphs)
        if not (vtt and _NOT_SPOKEN.match(lines[0])) or (attached and place == 0)
        for text in lines
    ]
    readable = [text for text in texts if text != _UNREADABLE]
    if not block.times:
        return block.skipped(file, "stands before the first caption") if readable else None
    plain = _plain(block.times)
    times = _TIMES.match(plain)
    if times is None:
        return block.skipped(file, "has no times that can be read, such as 00:01:02.500 --> 00:01:04.000")
    if not _SETTINGS.fullmatch(beside := plain[times.end() :]):
        readable.insert(0, beside)
    marked = [_NO_TAG.sub("&lt;", _BREAK.sub("\n", _STYLED.sub("", text))) for text in readable]
    try:
        caption = Caption(_clock(times[1]), _clock(times[2]), marked)
    except MalformedCaptionError:
        return block.skipped(file, "has minutes or seconds above 59, or too many parts")
    spoken = tuple(line.strip() for line in html.unescape(caption.text).split("\n") if line.strip())
    start, end = (time.in_milliseconds() / 1000 for time in (caption.start_time, caption.end_time))
    if end < start:
        return block.skipped(file, "ends before it starts")
    if not spoken:
        return block.skipped(file, "has no text") if len(readable) == len(texts) else None
    return Cue(start, end, spoken, "\n".join(readable))


def _plain(line: str) -> str:
    """A line with times as it should have been written: 00：00：01， 500."""
    return _SPACED.sub(r"\1", unicodedata.normalize("NFKC", line)).strip()


def _clock(text: str) -> str:
    """The library wants a dot, and one to three digits behind it."""
    whole, _, fraction = text.replace(",", ".").partition(".")
    return f"{whole}.{fraction[:3] or 0}"
