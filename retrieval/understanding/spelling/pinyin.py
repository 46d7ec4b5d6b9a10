"""The door of pypinyin: how characters and words are read, and what is easily misheard or mistyped.

Syllables are written in plain letters without tones, ü as ``v`` (绿 ``lv``), as they are typed. Several readings of a
character count when its phrases show that they are frequent (乐: ``le`` and ``yue``), so a rare one makes no homophone.

Sources: pypinyin's dictionaries (https://github.com/mozillazg/python-pinyin, MIT); the syllables of Hanyu Pinyin
(GB/T 16159). The near classes are the pairs that Chinese input methods offer as fuzzy pinyin (模糊音).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array

_LEAST_SHARE, _LEAST_PHRASES = 0.1, 3
"""A reading beside the first counts when this share of a character's phrases, and so many, have it."""

_MOST_SPELLINGS = 8
_TONES = {0x0300, 0x0301, 0x0304, 0x030C}
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]|")
_NEAR_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "f": "h"}
_NEAR_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan"}


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """(character → its frequent readings, the first one first; phrase → its syllables)."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    phrases = {
        phrase: tuple(_plain(ways[0]) for ways in readings)
        for phrase, readings in PHRASES_DICT.items()
        if len(phrase) == len(readings)
    }
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in phrases.items():
        for char, syllable in zip(phrase, syllables, strict=True):
            seen[char][syllable] += 1
    characters: dict[str, tuple[str, ...]] = {}
    for code, readings in PINYIN_DICT.items():
        char, first = chr(code), _plain(readings.partition(",")[0])
        counts = seen.get(char, Counter())
        least = max(_LEAST_PHRASES, _LEAST_SHARE * counts.total())
        others = sorted(s for s, count in counts.items() if count >= least and s != first)
        characters[char] = (first, *others)
    return characters, phrases


def readings(char: str) -> tuple[str, ...]:
    """The frequent syllables of a Han character, the usual one first; empty for anything else."""
    return _tables()[0].get(char, ())


@dataclass(frozen=True, slots=True)
class Readings:
    """`readings` of all characters in a megabyte; pypinyin's dictionaries, which give them, take 70.

    Attributes:
        codes: uint32 (n,), ascending code points; ends: uint32 (n,), where the readings of each end in `numbers`.
        numbers: uint16, numbers of syllables; syllables: all there are.
    """

    codes: npt.NDArray[np.uint32]
    ends: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.uint16]
    syllables: tuple[str, ...]

    @classmethod
    @cache
    def general(cls) -> Readings:
        """Those of pypinyin."""
        known = sorted(_tables()[0].items())
        syllables = tuple(sorted({syllable for _, ways in known for syllable in ways}))
        number = {syllable: i for i, syllable in enumerate(syllables)}
        return cls(
            np.array([ord(char) for char, _ in known], np.uint32),
            np.cumsum([len(ways) for _, ways in known]).astype(np.uint32),
            np.array([number[syllable] for _, ways in known for syllable in ways], np.uint16),
            syllables,
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Readings:
        """Those which gave these `arrays`."""
        syllables = tuple(arrays["syllables"].tobytes().decode().split())
        return cls(arrays["codes"], arrays["ends"], arrays["numbers"], syllables)

    def arrays(self) -> dict[str, Array]:
        """What they are stored as."""
        syllables = np.frombuffer(" ".join(self.syllables).encode(), np.uint8)
        return {"codes": self.codes, "ends": self.ends, "numbers": self.numbers, "syllables": syllables}

    @property
    def typed(self) -> frozenset[str]:
        """The syllables in letters a–z."""
        return frozenset(s for s in self.syllables if s.isascii() and s.isalpha())

    def of(self, char: str) -> tuple[str, ...]:
        """The frequent syllables of a Han character, the usual one first; empty for anything else."""
        codes, ends = self.codes.data, self.ends.data
        at = bisect_left(codes, ord(char))
        if at == len(codes) or codes[at] != ord(char):
            return ()
        start = ends[at - 1] if at else 0
        return tuple(self.syllables[number] for number in self.numbers[start : ends[at]].tolist())


def spellings(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a Han `word`, each with one syllable for a character; at most 8, the usual one first.

    A phrase of the dictionary is read as there (音乐 ``yin yue``), any other word in each frequent reading of its
    characters (长裙 ``chang qun``, ``zhang qun``). Empty when a character has no known reading.
    """
    characters, phrases = _tables()
    if word in phrases:
        return (phrases[word],)
    return tuple(islice(product(*(characters.get(char, ()) for char in word)), _MOST_SPELLINGS)) if word else ()


@lru_cache(maxsize=4096)
def near(syllable: str) -> str:
    """The class of syllables that are taken for each other: l/n/r, z/zh, c/ch, s/sh, f/h, an/ang, en/eng, in/ing."""
    match = _INITIAL.match(syllable)
    initial = match.group() if match else ""
    final = syllable[len(initial) :]
    return _NEAR_INITIALS.get(initial, initial) + _NEAR_FINALS.get(final, final)


class Homophones:
    """Which characters of a pool sound like a given one, in the pool or not. Immutable after construction."""

    def __init__(self, pool: Iterable[str], readings: Readings | None = None) -> None:
        """`readings`: those of pypinyin where none are given."""
        self._readings = readings or Readings.general()
        same, alike = defaultdict(list), defaultdict(list)
        for char in sorted(set(pool)):
            syllables = self._readings.of(char)
            for syllable in syllables:
                same[syllable].append(char)
            for blurred in {near(syllable) for syllable in syllables}:
                alike[blurred].append(char)
        self._same, self._near = dict(same), dict(alike)

    def same(self, char: str) -> tuple[str, ...]:
        """Others that share a frequent syllable with `char`, in code order."""
        found = {other for syllable in self._readings.of(char) for other in self._same.get(syllable, ())}
        return tuple(sorted(found - {char}))

    def near(self, char: str) -> tuple[str, ...]:
        """Others that share only a near syllable with it."""
        found = {other for syllable in self._readings.of(char) for other in self._near.get(near(syllable), ())}
        return tuple(sorted(found - {char, *self.same(char)}))


@lru_cache(maxsize=4096)
def _plain(syllable: str) -> str:
    """Without its tone mark, ü as v and ê as e."""
    marks = unicodedata.normalize("NFD", syllable)
    bare = "".join(c for c in marks if ord(c) not in _TONES)
    return unicodedata.normalize("NFC", bare).replace("ü", "v").replace("ê", "e")
