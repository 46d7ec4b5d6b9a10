"""Texts as they sound: what sounds alike becomes the same text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from retrieval.understanding.spelling.pinyin import Readings, near, spellings


class Sounds:
    """Characters → one each for their sound, so that a text that sounds alike becomes the same text."""

    @classmethod
    @cache
    def general(cls) -> Sounds:
        """Those of all characters that pypinyin reads."""
        return cls(Readings.general())

    def __init__(self, readings: Readings) -> None:
        self._number: dict[str, int] = {}
        first = {code: readings.of(chr(code))[0] for code in readings.codes.tolist()}
        self.near = {code: self._sound(near(syllable)) for code, syllable in first.items()}
        self._exact = {code: self._sound(syllable) for code, syllable in first.items()}

    def index(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Sound of a word, in each way that it may be read → words, in code order."""
        found: dict[str, list[str]] = {}
        for word in sorted(words):
            for sounds in {"".join(self._sound(near(s)) for s in way) for way in spellings(word)}:
                found.setdefault(sounds, []).append(word)
        return found

    def equal(self, written: str, word: str) -> bool:
        """Whether they sound just alike."""
        sounds = written.translate(self._exact)
        if sounds == word.translate(self._exact):
            return True
        return any(sounds == "".join(map(self._sound, way)) for way in spellings(word))

    def _sound(self, syllable: str) -> str:
        return chr(0xE000 + self._number.setdefault(syllable, len(self._number)))
