"""Mistyped Latin words, mostly brands: one slip of the fingers away from a word that the shop has.

Found by symmetric deletion: a word and a slip of it share a form with one letter left out, so a look-up takes as many
probes as the word has letters. How sure a correction is grows with its length and its frequency; an unknown word is
far more often another brand than a slip:

    odds = slip · 3^(letters − 6) · √frequency / 4,   confidence = odds / (1 + odds)

with the letters of the longer one, and slip 1 for two letters swapped, one doubled or undoubled, or a neighbouring key,
0.3 for one left out or put in, 0.1 for any other letter; a tenth of it where the first letter differs, which is hardly
ever mistyped.

Source: Garbe, SymSpell (https://github.com/wolfgarbe/SymSpell); the slips are those of Damerau (1964).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array, part, parts
from retrieval.analysis.text_table import Keys, hash_of, hashes_of, span_of
from retrieval.understanding.counted import Counts

SHORTEST = 4
LEAST_FREQUENCY = 5
"""Words seen less often are known, but nothing is corrected to them."""
MOST_WORDS = 30_000

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_CHEAP, _PLAIN, _ODD, _FIRST = 1.0, 0.3, 0.1, 0.1


@dataclass(frozen=True, slots=True)
class LatinWords:
    """The Latin words of a shop.

    Attributes:
        words: word of letters a–z → how often it was seen.
        forms: uint64 (m,), ascending hashes of frequent words, whole and without each of their letters.
        meant: uint32 (m,), the place in `words` of the word each form is of.
    """

    words: Counts
    forms: Keys
    meant: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, frequencies: Mapping[str, int]) -> LatinWords:
        """`frequencies`: word of letters a–z → how often it was seen."""
        words = Counts.of(frequencies)
        places = {word: place for place, word in enumerate(words)}
        frequent = [w for w, n in frequencies.items() if n >= LEAST_FREQUENCY and len(w) >= SHORTEST]
        frequent = sorted(frequent, key=lambda w: (-frequencies[w], w))[:MOST_WORDS]
        index = [(form, places[word]) for word in frequent for form in sorted({word, *_shorter(word)})]
        keys = hashes_of([form for form, _ in index])
        order = keys.argsort(kind="stable")
        return cls(words, keys[order], np.array([place for _, place in index], np.uint32)[order])

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> LatinWords:
        """That which gave these `arrays`."""
        return cls(Counts.of_arrays(part(arrays, "words")), arrays["forms"], arrays["meant"])

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        return {**parts({"words": self.words.arrays()}), "forms": self.forms, "meant": self.meant}

    def knows(self, word: str) -> bool:
        """Whether the shop has `word`."""
        return word in self.words

    def nearest(self, word: str) -> tuple[str, float] | None:
        """The word that an unknown `word` is most probably a slip of, and how sure that is."""
        if len(word) < SHORTEST or self.knows(word):
            return None
        spans = [span_of(hash_of(form), self.forms.data) for form in {word, *_shorter(word)}]
        near = {place for start, end in spans for place in self.meant[start:end].tolist()}
        rated = [(self._confidence(word, found), found) for found in (self.words.texts[place] for place in near)]
        confidence, best = max(rated, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
        return (best, confidence) if confidence else None

    def _confidence(self, typed: str, meant: str) -> float:
        odds = _slip(typed, meant) * 3.0 ** (max(len(typed), len(meant)) - 6) * math.sqrt(self.words[meant]) / 4
        return odds / (1 + odds)


def _shorter(word: str) -> Iterator[str]:
    """`word` with one letter left out."""
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _slip(typed: str, meant: str) -> float:
    """How natural it is to type `typed` for `meant`, 0 where they differ by more than one slip."""
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    first = _FIRST if start == 0 else 1.0
    if len(typed) == len(meant):
        a, b = typed[start : start + 2], meant[start : start + 2]
        if a == b[::-1] and typed[start + 2 :] == meant[start + 2 :]:
            return _CHEAP * first
        if typed[start + 1 :] != meant[start + 1 :]:
            return 0.0
        return (_CHEAP if _neighbours(a[0], b[0]) else _ODD) * first
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    if len(longer) - len(shorter) != 1 or longer[start + 1 :] != shorter[start:]:
        return 0.0
    doubled = longer[start] in longer[max(0, start - 1) : start] + longer[start + 1 : start + 2]
    return _CHEAP if doubled else _PLAIN * first


def _neighbours(a: str, b: str) -> bool:
    """Whether two letters stand beside each other on the keyboard, in a row or on the rows next to each other."""
    (row, place), (other_row, other_place) = _place(a), _place(b)
    return abs(row - other_row) <= 1 and abs(place + row / 2 - other_place - other_row / 2) <= 1


def _place(letter: str) -> tuple[int, int]:
    return next((row, keys.index(letter)) for row, keys in enumerate(_ROWS) if letter in keys)
