"""Transcripts for tests: a line is a segment, (start, end, text) or a text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from configs.settings import LEXICON
from indexer.videos.clean import Cleaner
from indexer.videos.nouns import Said
from indexer.videos.phrases import Phrases, load_phrases

FOLDER = LEXICON.with_name("videos")


@dataclass(frozen=True)
class Line:
    """A segment as it came."""

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None


@cache
def phrases() -> Phrases:
    """Those that are delivered."""
    return load_phrases(FOLDER)


def cleaned(*lines: Line | str) -> tuple[Said, ...]:
    return Cleaner(phrases()).cleaned([line if isinstance(line, Line) else Line(line) for line in lines])


def words(said: Sequence[Said]) -> list[str]:
    return [one.words for one in said]


def marks(said: Sequence[Said]) -> list[set[str]]:
    return [{mark.value for mark in one.marks} for one in said]
