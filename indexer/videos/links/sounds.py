"""What a text sounds like: one unit a character, equal for characters that a recogniser takes for each other.

Titles and speech are compared by units, so 「友谊达」 is 优宜达, 「浪纱」 浪莎, and 「SR七零二」 SR702:

* a Han character is its usual syllable without tone, near syllables (l/n, z/zh, an/ang, h/f …) being one unit;
* a Latin letter is itself; a single digit is the syllable of its Han numeral;
* a longer number is one unit by its value, however it is written: 三十六色 is 36色, 九一九二 is 9192; one of three
  digits and more says something by itself;
* everything else separates, except between letters and digits: SW-FL, SW杠FL and SWFL are the same.
"""

from __future__ import annotations

import re
from functools import cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.analysis.normalize import normalize
from retrieval.analysis.numerals import parse
from retrieval.understanding.spelling.pinyin import Readings, near

Units = npt.NDArray[np.uint16]

UNITS = 1024
"""All units are below; pairs of them are counted in tables of its square."""
BREAK = 0
"""The unit of what separates."""

_LETTERS = 1
_NUMBERS, _NUMBER_UNITS = 640, 192
LONG = _NUMBERS + _NUMBER_UNITS
"""The first unit of numbers of three digits and more."""
_FIRST_NUMBER, _NUMBER_CHARS = 0xE000, 2048
"""A folded number is one character of the private-use area, those of three digits and more behind the others."""
_LONG_DIGITS = 3
_DIGITS = "零一二三四五六七八九"
_SPELLED = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_HAN = r"零〇一二两三四五六七八九十百千万"
_HAN_NUMBER = re.compile(
    rf"[{_HAN}]{{2,}}(?:点[零〇一二三四五六七八九]+)?|[零一二两三四五六七八九]点[零〇一二三四五六七八九]+"
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LATIN = r"a-z0-9\ue000-\uefff"
_JOIN = re.compile(rf"(?<=[{_LATIN}])(?:[^\w\ue000-\uefff]|杠|_)+(?=[{_LATIN}])")
_PLACE = re.compile("[十百千万]")


def fold(text: str) -> str:
    """`text` normalised, its numbers of two digits and more one character each, single digits in Han."""
    folded = normalize(text)
    folded = _HAN_NUMBER.sub(_arabic, folded)
    folded = _NUMBER.sub(_number, folded)
    return _JOIN.sub("", folded).replace("两", "二")


def units(folded: str) -> Units:
    """The units of a folded text, uint16 of its length."""
    points = np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32)
    return _table()[np.minimum(points, len(_table()) - 1)]


def is_long_number(char: str) -> bool:
    """Whether a character of a folded text stands for a number of three digits or more."""
    return _FIRST_NUMBER + _NUMBER_CHARS <= ord(char) < _FIRST_NUMBER + 2 * _NUMBER_CHARS


def _arabic(match: re.Match[str]) -> str:
    text = match.group()
    whole, point, fraction = text.partition("点")
    if not _PLACE.search(whole):
        if (
            len(whole) == 2
            and not point
            and int(whole[1:].translate(_SPELLED)) - int(whole[0].translate(_SPELLED)) == 1
        ):
            return text  # 两三: about so many
        return whole.translate(_SPELLED) + ("." + fraction.translate(_SPELLED) if point else "")
    numeral = parse(whole) if whole[0] not in "百千万" else None
    if numeral is None or numeral.low != numeral.high:
        return text
    return f"{int(numeral.low)}" + ("." + fraction.translate(_SPELLED) if point else "")


def _number(match: re.Match[str]) -> str:
    text = match.group()
    if len(text) == 1:
        return _DIGITS[int(text)]
    long = _NUMBER_CHARS if len(text) >= _LONG_DIGITS else 0
    return chr(_FIRST_NUMBER + long + crc32(text.encode()) % _NUMBER_CHARS)


@cache
def _table() -> Units:
    """Code point → unit, uint16 of 65,536."""
    table = np.zeros(1 << 16, np.uint16)
    for i in range(26):
        table[ord("a") + i] = _LETTERS + i
    known = Readings.general()
    classes: dict[str, int] = {}
    unit_of = np.array([classes.setdefault(near(each), len(classes)) for each in known.syllables], np.uint16)
    usual = known.numbers[np.concatenate(([0], known.ends[:-1]))]
    inside = known.codes < len(table)
    table[known.codes[inside]] = _LETTERS + 26 + unit_of[usual[inside]]
    assert _LETTERS + 26 + len(classes) <= _NUMBERS
    numbers = np.arange(_NUMBER_CHARS)
    table[_FIRST_NUMBER + numbers] = _NUMBERS + numbers % _NUMBER_UNITS
    table[_FIRST_NUMBER + _NUMBER_CHARS + numbers] = LONG + numbers % _NUMBER_UNITS
    return table
