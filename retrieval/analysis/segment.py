"""Words: jieba's algorithm, run in Rust where it can be and in Python where it cannot.

`rjieba` is ten times faster than `jieba` and differs from it in two ways: it leaves runs such as ``320c-15`` or
``3.5cm`` together, which jieba splits by its ``re_skip``, and it makes words of rare Han characters, which jieba's
``re_han_default`` does not know. Doing the same around rjieba makes the two equal, which tests assert on text lists.
The name of the segmenter and its version are part of the analyzer's fingerprint.

Source: https://github.com/fxsjy/jieba (``jieba/__init__.py``, ``finalseg/__init__.py``).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Protocol

WORD_FREQUENCY = 20_000
"""Count given to a user word without one: high enough to win against its parts in jieba's dictionary."""

RARE = 30
"""Occurrences in the texts behind jieba's dictionary, 60 million words; four fifths of its entries have fewer."""

_ASCII_RUN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_RARE_HAN = re.compile(r"([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U000323af])")
_CUTS_KEPT = 256
_SEARCH_GRAMS = (2, 3)
"""jieba's search mode also gives the dictionary words of these lengths inside a longer word."""


class Segmenter(Protocol):
    """Cuts normalised text into words; ``"".join(cut(text)) == text``. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Library and version: decides the tokens, so it is part of the analyzer's fingerprint."""

    @property
    def kind(self) -> str:
        """What `open_segmenter` is asked for to get one like this."""

    def cut(self, text: str) -> list[str]:
        """The words of `text`, in order, without overlap."""

    def inner_words(self, word: str) -> list[str]:
        """Dictionary words of 2 and 3 characters inside a longer `word` (jieba's search mode), without itself."""

    def knows(self, word: str) -> bool:
        """Whether the dictionary, or the shop, has `word`."""


class RustSegmenter:
    """rjieba, with the split that makes it equal to jieba."""

    def __init__(self, user_words: Iterable[tuple[str, int]] = ()) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        for word, frequency in user_words:
            self._jieba.add_word(word, frequency, "n")
        self.kind, self.name = "rust", f"rjieba-{version('rjieba')}"
        # A title or query is cut several times in a row: for its tokens, its entities, its forward row.
        self._words = lru_cache(maxsize=_CUTS_KEPT)(self._cut)

    def cut(self, text: str) -> list[str]:
        return list(self._words(text))

    def _cut(self, text: str) -> list[str]:
        if not _RARE_HAN.search(text):
            found = self._jieba.cut(text)
        else:
            found = [w for piece in _RARE_HAN.split(text) if piece for w in self._jieba.cut(piece)]
        words: list[str] = []
        for word in found:
            if len(word) > 1 and word.isascii() and not self._jieba.has_word(word):
                words.extend(part for part in _ASCII_RUN.split(word) if part)
            else:
                words.append(word)
        return words

    def inner_words(self, word: str) -> list[str]:
        return _inner_words(word, self.knows)

    def knows(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))


class PythonSegmenter:
    """jieba itself: the reference, and the fall-back where the Rust wheel cannot be installed."""

    def __init__(self, user_words: Iterable[tuple[str, int]] = ()) -> None:
        import jieba

        jieba.setLogLevel(logging.ERROR)
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        for word, frequency in user_words:
            self._jieba.add_word(word, frequency, "n")
        # Named as the Rust one: the tokens are the same, so an index built with either opens with both.
        self.kind, self.name = "python", "rjieba-0.2.2"

    def cut(self, text: str) -> list[str]:
        return list(self._jieba.cut(text))

    def inner_words(self, word: str) -> list[str]:
        return _inner_words(word, self.knows)

    def knows(self, word: str) -> bool:
        return bool(self._jieba.FREQ.get(word))


def general_frequencies() -> Mapping[str, int]:
    """Words of general Chinese and how often they occur: jieba's dictionary, without what is rarer than `RARE`."""
    text = files("jieba").joinpath("dict.txt").read_text(encoding="utf-8")
    entries = (line.split(" ", 2) for line in text.splitlines())
    return {word: int(count) for word, count, _ in entries if int(count) >= RARE}


def open_segmenter(kind: str, user_words: Iterable[tuple[str, int]] = ()) -> Segmenter:
    """The segmenter called `kind`: ``auto`` (Rust, else Python), ``rust`` or ``python``.

    Every text is cut at blanks, so user words with a blank inside are joined by who reads the cut (`analyzer`).
    The last one is kept: the parts of a rebuild or a service ask one after the other for the same.
    """
    return _opened(kind, tuple((word, frequency) for word, frequency in user_words if " " not in word))


@lru_cache(maxsize=1)
def _opened(kind: str, user_words: tuple[tuple[str, int], ...]) -> Segmenter:
    if kind == "python":
        return PythonSegmenter(user_words)
    try:
        return RustSegmenter(user_words)
    except ImportError:
        if kind == "rust":
            raise
        return PythonSegmenter(user_words)


def _inner_words(word: str, known: Callable[[str], bool]) -> list[str]:
    return [
        word[i : i + n]
        for n in _SEARCH_GRAMS
        if len(word) > n
        for i in range(len(word) - n + 1)
        if known(word[i : i + n])
    ]
