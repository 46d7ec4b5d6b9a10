"""Chinese typed in Latin letters: full pinyin, initials, and either mixed with characters.

``baowenbei``, ``bao wen bei``, ``bao温杯`` and ``baowen杯`` are 保温杯, ``bwb`` and ``bw杯`` may be. The words of the
shop are kept under their letters and under their initials; characters that were typed stand for their own reading in
the key and must be in the word. Full pinyin of several words is cut by dynamic programming into the words with the
greatest product of frequencies, with a character between them here and there; the cuts are ranked by their probability
as a text (`spelling_context`). Initials are ambiguous, so all frequent words that fit are given, product nouns before
others: what is abbreviated is what is looked for.

    P(word) = n(word) / Σ n(word'), over the words that fit
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from retrieval.analysis.normalize import HAN
from retrieval.understanding.spelling.context import EDGE, Context, log_probability
from retrieval.understanding.spelling.pinyin import readings, spellings

MOST_WORDS = 100_000
"""The most frequent words are kept, about 500 bytes each."""
LONGEST_WORD = 8
SAME_LETTERS = 5
SAME_INITIALS = 10
"""Words kept under one key, the most frequent ones."""
NOUN_WEIGHT = 10
"""What a noun counts more than another word, where initials are read."""
LEAST_INITIALS = 2
MOST_ABBREVIATED = 50_000
"""Only so many of the most frequent words are known by their initials."""
MOST_LETTERS = 48
"""Longer runs of letters are no pinyin."""
_LONGEST_KEY = 6 * LONGEST_WORD
_BEAM = 8
_WORD_COST = 3.0
_CHARACTER_COST = 3.0
"""What one more word costs, in natural logarithm, and what a single character costs more: fewer, longer words win."""
LEAST_FIT = -8.0
"""Log-probability of a character on average, below which a cut is no Chinese; nine of ten real queries have more."""
SAME_SYLLABLE = 4
"""Single characters tried for a syllable, the most frequent ones."""

_Way: TypeAlias = tuple[float, str, int]
"""(score, text, words less single characters)."""

_HAN_WORD = re.compile(rf"[{HAN}]{{2,{LONGEST_WORD}}}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What letters may stand for, how probable it is among all that fits, in (0, 1], and how often it was seen."""

    text: str
    kind: str
    probability: float
    count: float


class PinyinWords:
    """The Han words of a shop by their letters. Immutable after construction."""

    def __init__(self, frequencies: Mapping[str, int], nouns: Mapping[str, int], context: Context) -> None:
        """
        Args:
            frequencies: word, phrase or query → how often it was seen; only Han words of 2–8 characters are kept.
            nouns: those that name what is sold → how often they do.
        """
        words = [w for w in frequencies if _HAN_WORD.fullmatch(w)]
        words = sorted(words, key=lambda w: (-frequencies[w], w))[:MOST_WORDS]
        self._frequencies = {w: frequencies[w] for w in words}
        self._total = sum(self._frequencies.values()) or 1
        letters: defaultdict[str, list[str]] = defaultdict(list)
        initials: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            for key in {"".join(way) for way in spellings(word)}:
                if len(letters[key]) < SAME_LETTERS:
                    letters[key].append(word)
        weights = {w: n + NOUN_WEIGHT * nouns.get(w, 0) for w, n in self._frequencies.items()}
        ranked = sorted(words, key=lambda w: (-weights[w], w))[:MOST_ABBREVIATED]
        self._abbreviated = {w: weights[w] for w in ranked}
        for word in ranked:
            for key in {"".join(s[0] for s in way) for way in spellings(word)}:
                if len(initials[key]) < SAME_INITIALS:
                    initials[key].append(word)
        self._context = context
        self._characters = _characters(context)
        self._letters = {key: tuple(found) for key, found in letters.items()}
        self._initials = {key: tuple(found) for key, found in initials.items()}

    def read(self, typed: str) -> tuple[Reading, ...]:
        """What `typed`, letters with or without Han characters and without blanks, may stand for; most probable first.

        Full pinyin is tried before initials. Empty where nothing fits, or there are no letters in it.
        """
        if len(typed) > MOST_LETTERS or not re.search("[a-z]", typed):
            return ()
        fits = _pattern(typed)
        for key in _keys(typed, whole=True):
            whole = [w for w in self._letters.get(key, ()) if fits.fullmatch(w)]
            if whole:
                return self._rated({w: self._frequencies[w] for w in whole}, "full_pinyin")
        if typed.isascii() and (cut := self._cut(typed)):
            return cut
        if len(typed) < LEAST_INITIALS:
            return ()
        found = {w for key in _keys(typed, whole=False) for w in self._initials.get(key, ()) if fits.fullmatch(w)}
        return self._rated({w: self._abbreviated[w] for w in found}, "initials")

    def _rated(self, counts: Mapping[str, float], kind: str) -> tuple[Reading, ...]:
        total = sum(counts.values())
        ranked = sorted(counts, key=lambda w: (-counts[w], w))
        return tuple(Reading(word, kind, counts[word] / total, counts[word]) for word in ranked)

    def _cut(self, letters: str) -> tuple[Reading, ...]:
        """The best ways to cut `letters` into words and no more single characters than words; mostly none."""
        ways: list[list[_Way]] = [[(0.0, "", 0)]] + [[] for _ in letters]
        for end in range(1, len(letters) + 1):
            found: dict[str, _Way] = {}
            for start in (i for i in range(max(0, end - _LONGEST_KEY), end) if ways[i]):
                for piece, cost, balance in self._pieces(letters[start:end]):
                    for score, before, balanced in ways[start]:
                        way = (score + cost, before + piece, balanced + balance)
                        found[way[1]] = max(way, found.get(way[1], way))
            ways[end] = heapq.nlargest(_BEAM, found.values())
        scores = {text: log_probability(self._context, text) for _, text, balance in ways[-1] if balance >= 0}
        fits = {text: score for text, score in scores.items() if score >= LEAST_FIT * (len(text) + 1)}
        best = max(fits.values(), default=0.0)
        return self._rated({text: math.exp(score - best) for text, score in fits.items()}, "full_pinyin")

    def _pieces(self, letters: str) -> Iterator[tuple[str, float, int]]:
        """What is read as `letters`: (text, logarithm of its share less its cost, 1 for a word, −1 for a character)."""
        for word in self._letters.get(letters, ()):
            yield word, math.log(self._frequencies[word] / self._total) - _WORD_COST, 1
        for char, share in self._characters.get(letters, ()):
            yield char, math.log(share) - _WORD_COST - _CHARACTER_COST, -1


def _characters(context: Context) -> dict[str, tuple[tuple[str, float], ...]]:
    """Syllable → the most frequent characters it is the usual reading of, each with its share of all symbols."""
    by_syllable: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    seen = [int(code) for code in np.flatnonzero(context.ones) if code > EDGE]
    for code in sorted(seen, key=lambda code: (-int(context.ones[code]), code)):
        for syllable in readings(chr(code))[:1]:
            if len(syllable) > 1 and len(by_syllable[syllable]) < SAME_SYLLABLE:
                by_syllable[syllable].append((chr(code), int(context.ones[code]) / context.total))
    return {syllable: tuple(found) for syllable, found in by_syllable.items()}


@lru_cache(maxsize=4096)
def _pattern(typed: str) -> re.Pattern[str]:
    """What a word must look like: its typed characters, and at least one for every run of letters."""
    return re.compile("".join(".+" if part.isascii() else re.escape(part) for part in _parts(typed)))


def _keys(typed: str, *, whole: bool) -> Iterable[str]:
    """Letters of `typed`, its Han characters read in each way; only their initials unless `whole`."""
    keys = [""]
    for part in _parts(typed):
        ways: Sequence[str] = [part] if part.isascii() else readings(part)
        keys = [key + (way if whole or part.isascii() else way[0]) for key in keys for way in ways]
    return dict.fromkeys(keys)


def _parts(typed: str) -> list[str]:
    """Runs of letters and single characters."""
    return re.findall(r"[a-z]+|[^a-z]", typed)
