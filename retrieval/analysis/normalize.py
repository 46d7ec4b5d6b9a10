"""One written form for every text: NFKC → lower case → traditional to simplified → separators to spaces.

Both sides use it, documents when they are indexed and queries when they are asked, so they cannot drift apart.
Conversion to simplified script comes before segmentation, because the dictionary is simplified.

`normalize` is the fast way; `normalize_aligned` also tells, for every character of the result, where it stands in the
original, which is what highlighting needs. Both give the same text (a property test holds them together).

Sources: Unicode Standard Annex 15 (NFKC); OpenCC ``t2s`` tables for the script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import opencc

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
"""Character class (without brackets) of Han characters."""

_KEPT_MARKS = "-_./+%&#"
"""Marks that may join the parts of a model number or belong to a unit; every other mark becomes a space."""
_SEPARATOR = re.compile(rf"[^\w{re.escape(_KEPT_MARKS)}]")
_ONE_TO_ONE = re.compile(r"[\x20-\x7e\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*")
"""Characters that NFKC and lower case turn into exactly one each, whatever stands beside them: most titles."""
_TIMES = re.compile(r"(?<=\d)[*×✕✖╳](?=\d)")
"""Between the numbers of a dimension, however it is written: 1.8*2.2m is 1.8x2.2m."""
_REPEATED = re.compile(rf"([{re.escape(_KEPT_MARKS)}])\1+")
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1024)
def normalize(text: str) -> str:
    """The normalised form of `text`; no more than spaces and joining marks where there is no letter, digit or Han.

    The steps never raise: lone surrogates, control characters, emoji and repeated marks become spaces.
    """
    return _unify(_fold(text))


def normalize_aligned(text: str) -> tuple[str, Sequence[int]]:
    """As `normalize`, with the origin of every character.

    Returns:
        The normalised text `t` and numbers `origin` with ``len(origin) == len(t) + 1``: character ``t[i]`` comes from
        ``text[origin[i]:origin[i + 1]]`` (several may share one origin when one character was widened, as ㎖ → ml).
    """
    if _ONE_TO_ONE.fullmatch(text):
        return _unify(_lowered(text)), range(len(text) + 1)
    pieces: list[str] = []
    origin: list[int] = []
    for start, end in _clusters(text):
        piece = _fold(text[start:end])
        pieces.append(piece)
        origin.extend([start] * len(piece))
    return _unify("".join(pieces)), [*origin, len(text)]


def _fold(text: str) -> str:
    """Compatibility form and lower case; one sigma, because `str.lower` chooses between two by what stands around."""
    if not _ONE_TO_ONE.fullmatch(text):  # taking out what is invisible takes as long as all the rest
        text = text.translate(_INVISIBLE)
    return _lowered(text)


def _lowered(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("ς", "σ")


def _unify(folded: str) -> str:
    """Separators and script; keeps the length, so that alignment survives."""
    crossed = _TIMES.sub("x", folded)
    spaced = _REPEATED.sub(lambda m: " " * len(m.group()), _SEPARATOR.sub(" ", crossed))
    if spaced.isascii():
        return spaced
    simplified = _converter().convert(spaced)
    return simplified if len(simplified) == len(spaced) else spaced


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans that NFKC treats apart from each other: a character with all that follows it and may join it."""
    starts = [i for i, char in enumerate(text) if i == 0 or not _joins(char)]
    return list(pairwise([*starts, len(text)]))


def _joins(char: str) -> bool:
    """Whether NFKC may join `char` to what is before it: a mark, a vowel or final jamo, or one taken out anyway."""
    if char < "\u00ad" or "\u3400" <= char <= "\u9fff":
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff" or ord(char) in _INVISIBLE
