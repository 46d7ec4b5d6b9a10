"""Rolling captions, in which a line that was read stays while the next one comes: each line once, at its first time.

Live captions and players that mark the word being said repeat a cue with one more line, one more word, or one more tag.
A file in which nothing of that kind is seen is left as it is: somebody may say the same thing twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_TIMED_WORD = re.compile(r"<\d[\d:.]*>")
_APART = 0.5
"""Seconds between two cues after which a line is said again."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption: seconds, its lines as they are read, and all of it as it was written, with tags."""

    start: float
    end: float
    lines: tuple[str, ...]
    written: str


def unrolled(cues: Sequence[Cue]) -> list[dict[str, Any]]:
    """Segments, in the order of the cues; lines of one cue are joined by a space."""
    rolling = _rolls(cues)
    segments: list[dict[str, Any]] = []
    before: Cue | None = None
    for cue in cues:
        kept = _kept(before, cue) if before and rolling else 0
        if kept and before and cue.lines[kept - 1] != before.lines[-1]:
            # The last line went on.
            segments[-1]["text"] = segments[-1]["text"].removesuffix(before.lines[-1]) + cue.lines[kept - 1]
            segments[-1]["end"] = cue.end
        if new := cue.lines[kept:]:
            segments.append({"start": cue.start, "end": cue.end, "text": " ".join(new)})
        before = cue
    return segments


def _rolls(cues: Sequence[Cue]) -> bool:
    """Whether words have times of their own, a cue keeps lines beside new ones, a tag moves, or most cues go on."""
    if any(_TIMED_WORD.search(cue.written) for cue in cues):
        return True
    goes_on = 0
    for before, cue in pairwise(cues):
        kept = _kept(before, cue)
        goes_on += kept > 0 and cue.lines[kept - 1] != before.lines[-1]
        same = kept > 0 and cue.lines[kept - 1] == before.lines[-1]
        if same and (kept < len(cue.lines) or (cue.lines == before.lines and cue.written != before.written)):
            return True
    return 2 * goes_on >= len(cues)


def _kept(before: Cue, cue: Cue) -> int:
    """How many lines on top of a cue are the last ones of the cue before; the last of them may have grown."""
    if cue.start > before.end + _APART:
        return 0
    for count in range(min(len(before.lines), len(cue.lines)), 0, -1):
        *old, last = before.lines[-count:]
        if list(cue.lines[: count - 1]) == old and cue.lines[count - 1].startswith(last):
            return count
    return 0
