"""What a recogniser wrote about one video, as it wrote it: a `.json` in a folder of captions, whose name is the id.

Speech may stand in any list that `recognised` knows, in the object itself or one or two steps down, as services wrap it
(`result`, `transcripts`, a list of one). A file in which there is none need not be a transcript at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.sources.encoding import encoding_of
from indexer.sources.json_text import BadValueError, parse_json
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.recognised import LISTS
from indexer.sources.rejects import Reject, Row, excerpt_of

_WRAPPED = ("result", "results", "output", "data", "transcripts")


def read_transcript(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
    """Yield the one video, or a Reject that counts as no row, since the file may be something else."""
    size = path.stat().st_size
    if progress:
        progress(size)
    if size > limits.max_line_bytes:
        message = f"the file is longer than {limits.max_line_bytes:,} bytes"
        yield Reject(str(path), 1, None, "line_too_long", message, "", rows=0)
        return
    raw = path.read_bytes()
    try:
        found = _speech(parse_json(_utf8(raw, encoding_of(path))))
    except BadValueError as problem:
        yield Reject(str(path), 1, None, problem.reason, problem.message, excerpt_of(raw), rows=0)
        return
    if found:
        name, segments = found
        yield 1, {"id": path.stem, name: segments}
    else:
        message = f"is no transcript: it has none of {', '.join(LISTS)}"
        yield Reject(str(path), 1, None, "no_cues", message, excerpt_of(raw), rows=0)


def _utf8(raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding).encode()
    except UnicodeError as error:
        raise BadValueError("invalid_utf8", f"the file is not {encoding}: {error}") from error


def _speech(value: Any, steps: int = 2) -> tuple[str, list[Any]] | None:
    """Name and content of the list of segments; a list without a name is one of segments."""
    if isinstance(value, list):
        if len(value) == 1 and (found := _speech(value[0], steps)):
            return found
        return ("segments", value) if value and all(map(_is_segment, value)) else None
    if not isinstance(value, dict):
        return None
    if name := next((name for name in LISTS if isinstance(value.get(name), list)), None):
        return name, value[name]
    inner = (value[name] for name in _WRAPPED if name in value) if steps else ()
    return next((found for each in inner if (found := _speech(each, steps - 1))), None)


def _is_segment(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and "text" in value and not set(LISTS) & set(value))
