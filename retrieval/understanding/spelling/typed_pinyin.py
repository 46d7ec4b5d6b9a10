"""Chinese typed in Latin letters: full pinyin, initials, and either mixed with characters.

``baowenbei``, ``bao wen bei``, ``bao温杯`` and ``baowen杯`` are 保温杯, ``bwb`` and ``bw杯`` may be. The words of the
shop are kept under their letters and under their initials; characters that were typed stand for their own reading in
the key and must be in the word. Full pinyin of several words is cut by dynamic programming into the words with the
greatest product of frequencies, with a character between them here and there; the cuts are ranked by their probability
as a text (`spelling_context`). Initials are ambiguous, so all frequent words that fit are given, product nouns before
others: what is abbreviated is what is looked for. Words of titles that follow each other are known by their initials
as they are, from the first three on (``zhsg``, ``zhs``: 珠海水果), zh, ch and sh counting as one letter where typed so.

    P(word) = n(word) / Σ n(word'), over the words that fit
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from retrieval.analysis.normalize import HAN
from retrieval.analysis.packed import Array, part, parts
from retrieval.understanding.counted import Counts, Grouped, Listed, Numbers
from retrieval.understanding.kinds import CorrectionKind
from retrieval.understanding.spelling.context import EDGE, Context, log_probability
from retrieval.understanding.spelling.pinyin import Readings, spellings
from retrieval.understanding.spelling.ways import Piece, best_ways

MOST_WORDS = 100_000
"""The most frequent words are kept, about 500 bytes each."""
LONGEST_WORD = 8
SAME_LETTERS = 5
SAME_INITIALS = 10
"""Words kept under one key, the most frequent ones."""
NOUN_WEIGHT = 10
"""What a noun counts more than another word, where initials are read."""
LEAST_INITIALS = 2
LEAST_BEGUN = 3
"""Initials of a phrase that may be typed alone; two stand for too much."""
MOST_ABBREVIATED = 50_000
"""Only so many of the most frequent words are known by their initials."""
MOST_LETTERS = 48
"""Longer runs of letters are no pinyin."""
_WORD_COST = 3.0
_CHARACTER_COST = 3.0
"""What one more word costs, in natural logarithm, and what a single character costs more: fewer, longer words win."""
LEAST_FIT = -8.0
"""Log-probability of a character on average, below which a cut is no Chinese; nine of ten real queries have more."""
SAME_SYLLABLE = 4
"""Single characters tried for a syllable, the most frequent ones."""

_ONE = re.compile(r"([zcs])h")
"""Initials of two letters: zh is one sound."""
_HAN_WORD = re.compile(rf"[{HAN}]{{2,{LONGEST_WORD}}}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What letters may stand for, how probable it is among all that fits, in (0, 1], and how often it was seen."""

    text: str
    kind: CorrectionKind
    probability: float
    count: float


@dataclass(frozen=True, slots=True)
class PinyinWords:
    """The Han words of a shop by their letters.

    Attributes:
        words: word → how often it was seen, the most frequent first; ranks: int64 (words,), how often it counts where
            initials are read, 0 for a word that is not known by them.
        letters, initials: key → places of its words, those that are given first.
        characters: syllable → the most frequent characters it is the usual reading of, and how often they were seen.
        total: how often all `words` were seen.
    """

    words: Counts
    ranks: Numbers
    letters: Listed
    initials: Listed
    characters: Grouped
    readings: Readings
    context: Context
    total: int

    @classmethod
    def of(
        cls, frequencies: Mapping[str, int], nouns: Mapping[str, int], context: Context,
        readings: Readings | None = None, phrases: Mapping[str, int] = MappingProxyType({}),
    ) -> PinyinWords:  # fmt: skip
        """
        Args:
            frequencies: word, phrase or query → how often it was seen; only Han words of 2–8 characters are kept.
            nouns: those that name what is sold → how often they do.
            phrases: several words as one text → how often they were seen; only known by their initials.
        """
        known = readings or Readings.general()
        words = [w for w in frequencies if _HAN_WORD.fullmatch(w)]
        words = sorted(words, key=lambda w: (-frequencies[w], w))[:MOST_WORDS]
        weights = {w: frequencies[w] + NOUN_WEIGHT * nouns.get(w, 0) for w in words}
        ranked = sorted(words, key=lambda w: (-weights[w], w))[:MOST_ABBREVIATED]
        places = {word: place for place, word in enumerate(words)}
        ways = {word: spellings(word) for word in words}
        letters: defaultdict[str, list[int]] = defaultdict(list)
        initials: defaultdict[str, list[int]] = defaultdict(list)
        for word in words:
            _keep(letters, sorted({"".join(way) for way in ways[word]}), places[word], SAME_LETTERS)
        for word in ranked:
            _keep(initials, _initials(word), places[word], SAME_INITIALS)
        together = [p for p in phrases if p not in places and _HAN_WORD.fullmatch(p)]
        places |= {phrase: place for place, phrase in enumerate(together, start=len(words))}
        begun = [(phrase, key[:n]) for phrase in together for key in _initials(phrase) for n in _beginnings(key)]
        for phrase, key in sorted(begun, key=lambda each: len(each[0]) - len(each[1])):  # the whole ones first
            _keep(initials, [key], places[phrase], SAME_INITIALS)
        abbreviated = dict.fromkeys(ranked)
        ranks = [weights[word] if word in abbreviated else 0 for word in words]
        return cls(
            Counts.of({word: frequencies[word] for word in words} | {phrase: phrases[phrase] for phrase in together}),
            np.array([*ranks, *(phrases[phrase] for phrase in together)], np.int64),
            Listed.of(letters),
            Listed.of(initials),
            Grouped.of(_characters(context, known)),
            known,
            context,
            sum(frequencies[word] for word in words) or 1,
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], context: Context) -> PinyinWords:
        """That which gave these `arrays`."""
        words = Counts.of_arrays(part(arrays, "words"))
        letters, initials = (Listed.of_arrays(part(arrays, name)) for name in ("letters", "initials"))
        characters = Grouped.of_arrays(part(arrays, "characters"))
        readings, total = Readings.of_arrays(part(arrays, "readings")), int(arrays["total"][0])
        return cls(words, arrays["ranks"], letters, initials, characters, readings, context, total)

    def arrays(self) -> dict[str, Array]:
        """What it is stored as, without the context."""
        stored = parts(
            {
                "words": self.words.arrays(),
                "letters": self.letters.arrays(),
                "initials": self.initials.arrays(),
                "characters": self.characters.arrays(),
                "readings": self.readings.arrays(),
            }
        )
        return {**stored, "ranks": self.ranks, "total": np.array([self.total])}

    def read(self, typed: str) -> tuple[Reading, ...]:
        """What `typed`, letters with or without Han characters and without blanks, may stand for; most probable first.

        Full pinyin is tried before initials. Empty where nothing fits, or there are no letters in it.
        """
        if len(typed) > MOST_LETTERS or not re.search("[a-z]", typed):
            return ()
        fits = _pattern(typed)
        for key in self._keys(typed, whole=True):
            places = self.letters.get(key)
            whole = {w: int(self.words.numbers[p]) for p in places if fits.fullmatch(w := self.words.texts[p])}
            if whole:
                return _rated(whole, CorrectionKind.FULL_PINYIN)
        if typed.isascii() and (cut := self._cut(typed)):
            return cut
        if len(typed) < LEAST_INITIALS:
            return ()
        keys = dict.fromkeys([*self._keys(typed, whole=False), *self._keys(_ONE.sub(r"\1", typed), whole=False)])
        found = {place for key in keys for place in self.initials.get(key)}
        named = {self.words.texts[place]: int(self.ranks[place]) for place in found}
        fitting = {w: n for w, n in named.items() if fits.fullmatch(w)}
        whole = {w: n for w, n in fitting.items() if len(w) in {*map(len, keys)}}
        return _rated(whole or fitting, CorrectionKind.INITIALS)

    def _keys(self, typed: str, *, whole: bool) -> Iterable[str]:
        """Letters of `typed`, its Han characters read in each way; only their initials unless `whole`."""
        keys = [""]
        for piece in _parts(typed):
            ways: Sequence[str] = [piece] if piece.isascii() else self.readings.of(piece)
            keys = [key + (way if whole or piece.isascii() else way[0]) for key in keys for way in ways]
        return dict.fromkeys(keys)

    def _cut(self, letters: str) -> tuple[Reading, ...]:
        """The best ways to cut `letters` into words and no more single characters than words; mostly none."""
        ways = best_ways(letters, self._pieces(letters))
        scores = {text: log_probability(self.context, text) for text, balance in ways if balance >= 0}
        fits = {text: score for text, score in scores.items() if score >= LEAST_FIT * (len(text) + 1)}
        best = max(fits.values(), default=0.0)
        return _rated({text: math.exp(score - best) for text, score in fits.items()}, CorrectionKind.FULL_PINYIN)

    def _pieces(self, letters: str) -> Iterator[tuple[int, int, Piece]]:
        """What is read in `letters`, from where to where: a word, or a character that is often read so."""
        for start, end, key in self.letters.keys.inside(letters):
            for place in self.letters[key]:
                share = int(self.words.numbers[place]) / self.total
                yield start, end, (self.words.texts[place], math.log(share) - _WORD_COST, 1)
        for start, end, key in self.characters.firsts.inside(letters):
            for char, count in self.characters.group(key).items():
                share = count / self.context.total
                yield start, end, (char, math.log(share) - _WORD_COST - _CHARACTER_COST, -1)


def _initials(word: str) -> list[str]:
    return sorted({"".join(syllable[0] for syllable in way) for way in spellings(word)})


def _beginnings(key: str) -> range:
    """Lengths of what may be typed of the initials of a phrase."""
    return range(len(key), LEAST_BEGUN - 1, -1)


def _rated(counts: Mapping[str, float], kind: CorrectionKind) -> tuple[Reading, ...]:
    total = sum(counts.values())
    ranked = sorted(counts, key=lambda w: (-counts[w], w))
    return tuple(Reading(word, kind, counts[word] / total, counts[word]) for word in ranked)


def _keep(index: defaultdict[str, list[int]], keys: Iterable[str], place: int, most: int) -> None:
    for key in keys:
        if len(index[key]) < most:
            index[key].append(place)


def _characters(context: Context, readings: Readings) -> dict[str, dict[str, int]]:
    by_syllable: defaultdict[str, dict[str, int]] = defaultdict(dict)
    seen = [int(code) for code in np.flatnonzero(context.ones) if code > EDGE]
    for code in sorted(seen, key=lambda code: (-int(context.ones[code]), code)):
        for syllable in readings.of(chr(code))[:1]:
            if len(syllable) > 1 and len(by_syllable[syllable]) < SAME_SYLLABLE:
                by_syllable[syllable][chr(code)] = int(context.ones[code])
    return by_syllable


@lru_cache(maxsize=4096)
def _pattern(typed: str) -> re.Pattern[str]:
    """What a word must look like: its typed characters, and at least one for every run of letters."""
    return re.compile("".join(".+" if part.isascii() else re.escape(part) for part in _parts(typed)))


def _parts(typed: str) -> list[str]:
    """Runs of letters and single characters."""
    return re.findall(r"[a-z]+|[^a-z]", typed)
