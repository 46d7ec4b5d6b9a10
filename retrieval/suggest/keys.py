"""What a text can be found by while it is typed: its characters, its full pinyin, its initials.

Keys are kept in one order, told apart by a mark before letters. Spaces count nothing: 苹果 手机 is typed either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice, product

from retrieval.analysis.normalize import HAN, normalize
from retrieval.understanding.spelling.pinyin import Readings

LONGEST = 40
"""Characters of a text that is suggested, and of what is completed."""
PINYIN, INITIALS = "\x01", "\x02"
"""Marks before keys of letters; characters have none."""
_WAYS = 2
"""Readings of a text that are kept: the usual one, and one more."""
_WORDS = 16_384
_HAN, _HAN_RUN = re.compile(rf"[{HAN}]"), re.compile(rf"[{HAN}]+|[^{HAN}]+")

Cut = Callable[[str], Sequence[str]]
"""A normalised text → its words."""
Spell = Callable[[str], Sequence[Sequence[str]]]
"""A run of Han characters → the ways to read it, the usual one first, each a syllable for a character."""


def squeezed(text: str) -> str:
    """As it is compared: in normal form, without spaces."""
    return "".join(normalize(text).split())


class Keys:
    """Gives the keys of texts; words are read once."""

    def __init__(self, cut: Cut, spell: Spell) -> None:
        self._cut, self._spell = cut, spell
        self._read = lru_cache(maxsize=_WORDS)(self._readings)

    def of(self, text: str) -> list[str]:
        """All keys of a normalised text; letters where its Han characters can be read."""
        bare = "".join(text.split())
        if bare.isascii():
            return [bare]
        ways = list(islice(product(*map(self._read, self._cut(text))), _WAYS))
        full = dict.fromkeys("".join(syllable for word in way for syllable in word) for way in ways)
        short = dict.fromkeys("".join(syllable[0] for word in way for syllable in word) for way in ways)
        return [bare, *(PINYIN + key for key in full), *(INITIALS + key for key in short if len(key) > 1)]

    def _readings(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The ways to read one word; what is not Han stands for itself, letter by letter."""
        runs = _HAN_RUN.findall("".join(word.split()))
        parts = [list(self._spell(run))[:_WAYS] if _HAN.match(run) else [tuple(run)] for run in runs]
        return tuple(tuple(s for piece in way for s in piece) for way in islice(product(*parts), _WAYS))


def spelled_by(readings: Readings) -> Spell:
    """Reads character by character, without a dictionary of phrases."""

    def spell(run: str) -> list[tuple[str, ...]]:
        return list(islice(product(*map(readings.of, run)), _WAYS))

    return spell
