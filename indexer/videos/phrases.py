"""The words by which speech that says nothing is told from speech about something, and by which a topic turns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.analysis.normalize import normalize


@dataclass(frozen=True, slots=True)
class Phrases:
    """What stands in the files of these names, normalised and without blanks."""

    fillers: frozenset[str] = frozenset()
    chants: frozenset[str] = frozenset()
    made_up: frozenset[str] = frozenset()
    turns: frozenset[str] = frozenset()


def load_phrases(folder: Path) -> Phrases:
    """Those of `folder`: fillers.txt, chants.txt, turns.txt (words between blanks) and made_up.txt (one a line)."""
    return Phrases(
        fillers=frozenset(_words(folder / "fillers.txt")),
        chants=frozenset(_words(folder / "chants.txt")),
        made_up=frozenset(bare(line) for line in _lines(folder / "made_up.txt")),
        turns=frozenset(_words(folder / "turns.txt")),
    )


def bare(text: str) -> str:
    """Normalised, and without what separates words."""
    return "".join(normalize(text).split())


def any_of(words: Iterable[str]) -> str:
    """A pattern of the longest word that stands at a place; matches nothing without words."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or "(?!)"


def _words(file: Path) -> Iterable[str]:
    return (bare(word) for line in _lines(file) for word in line.split())


def _lines(file: Path) -> Iterable[str]:
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return (line for line in lines if line)
