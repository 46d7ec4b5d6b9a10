"""Segments as a recogniser wrote them → what of each is worth finding. Nothing is deleted: it is marked, and left out.

A segment is looked at clause by clause, between marks and blanks. A clause of nothing but fillers is a filler; one
that has a chant and hardly anything else, a chant; one that was said just before, a repeat. What a recogniser is sure
of was said, so a chant of high confidence stays worth finding, marked as it is. A segment of low confidence was most
probably made up over silence or music. “Low” is relative to the video where its recogniser is never sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median
from typing import Protocol

from indexer.videos.nouns import Mark, Said
from indexer.videos.phrases import Phrases, any_of, bare
from retrieval.analysis.normalize import HAN

_MARKS = "，。！？；、,!?;…~ \t\r\n\u3000"
_EDGE = re.compile(r"(?:[，。！？；、!?;…~]|(?<!\d),|,(?!\d)|(?<![A-Za-z0-9])\s|\s(?![A-Za-z0-9]))+")
"""Where a clause ends: at a mark, and at a blank that is not between Latin words or numbers."""
_STUTTER = re.compile(rf"([{HAN}]{{1,8}}?)\1{{2,}}")
"""The same three times in a row or more."""
_PAUSE = 0.3
"""Seconds of silence that end a clause: what a comma takes to speak."""


class Transcribed(Protocol):
    """A segment as it came."""

    @property
    def start(self) -> float | None: ...
    @property
    def end(self) -> float | None: ...
    @property
    def text(self) -> str: ...
    @property
    def confidence(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class CleaningOptions:
    """When a recogniser is believed.

    Attributes:
        doubtful: confidence below which a segment was made up, in [0, 1]; at most half of the video's median counts.
        sure: confidence from which a chant is worth finding, in [0, 1].
        rest: share of a chant's characters that may be something else, in [0, 1].
        memory: so many clauses are “just before”.
    """

    doubtful: float = 0.4
    sure: float = 0.8
    rest: float = 0.25
    memory: int = 4


class Cleaner:
    """Immutable after construction; safe to share between threads."""

    def __init__(self, phrases: Phrases, options: CleaningOptions | None = None) -> None:
        self._options = options or CleaningOptions()
        self._fillers = re.compile(any_of(phrases.fillers))
        # A filler inside a chant is no piece of it: 点赞 is read before 赞.
        self._pieces = re.compile(f"({any_of(phrases.chants)})|{any_of(phrases.fillers - phrases.chants)}")
        self._made_up = re.compile(any_of(phrases.made_up))

    def cleaned(self, segments: Sequence[Transcribed]) -> tuple[Said, ...]:
        """Each segment with its marks; as many as came, in their order."""
        known = [segment.confidence for segment in segments if segment.confidence is not None]
        doubtful = min(self._options.doubtful, median(known) / 2) if known else 0.0
        before: list[str] = []
        return tuple(self._said(segment, doubtful, before) for segment in segments)

    def _said(self, segment: Transcribed, doubtful: float, before: list[str]) -> Said:
        confidence = segment.confidence
        sure = confidence is not None and confidence >= self._options.sure
        marks: set[Mark] = set()
        words: list[str] = []
        if (confidence is not None and confidence < doubtful) or self._made_up.search(bare(segment.text)):
            marks.add(Mark.DOUBTFUL)
        else:
            for clause in _clauses(segment.text):
                mark = self._mark(bare(clause), before)
                if mark:
                    marks.add(mark)
                if mark is None or (mark is Mark.CHANT and sure):
                    words.append(_STUTTER.sub(r"\1", clause))
        found = "".join(words).lstrip(_MARKS).rstrip()
        return Said(segment.start, segment.end, segment.text, found, frozenset(marks), confidence)

    def _mark(self, clause: str, before: list[str]) -> Mark | None:
        """What a clause is; `before` has the last ones, and gets it."""
        if not clause or not self._fillers.sub("", clause):
            return Mark.FILLER
        if clause in before:
            return Mark.REPEAT
        before.append(clause)
        del before[: -self._options.memory]
        return Mark.CHANT if self._chants(clause) else None

    def _chants(self, clause: str) -> bool:
        chanted = sum(len(match[1]) for match in self._pieces.finditer(clause) if match[1])
        rest = len(self._pieces.sub("", clause))
        return chanted > 0 and rest <= self._options.rest * chanted


def joined(said: Sequence[Said]) -> str:
    """What they say as running text: a sentence goes on over the edge of a segment unless a mark or a pause ends it."""
    pieces: list[str] = []
    for now, after in zip_longest(said, said[1:]):
        if not now.words:
            continue
        pieces.append(now.words)
        if now.words[-1] not in _MARKS and after is not None:
            pieces.append(_between(now, after))
    return "".join(pieces).rstrip("，、, ")


def _clauses(text: str) -> Iterator[str]:
    """The clauses, each with the marks after it; joined they are the text."""
    start = 0
    for match in _EDGE.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


def _between(now: Said, after: Said) -> str:
    if now.end is None or after.start is None or after.start - now.end >= _PAUSE:
        return "，"
    return " " if now.words[-1:].isascii() and after.words[:1].isascii() else ""
