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
from functools import lru_cache

import opencc

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
"""Character class (without brackets) of Han characters."""

_KEPT_MARKS = "-_./+%&#"
"""Marks that may join the parts of a model number or belong to a unit; every other mark becomes a space."""
_SEPARATOR = re.compile(rf"[^\w{re.escape(_KEPT_MARKS)}]")
_REPEATED = re.compile(rf"([{re.escape(_KEPT_MARKS)}])\1+")
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalize(text: str) -> str:
    """The normalised form of `text`; empty for text without a letter, a digit or a Han character in it.

    The steps never raise: lone surrogates become spaces, emoji and repeated marks become spaces.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower()
    return _unify(folded)


def normalize_aligned(text: str) -> tuple[str, list[int]]:
    """As `normalize`, with the origin of every character.

    Returns:
        The normalised text `t` and a list `origin` with ``len(origin) == len(t) + 1``: character ``t[i]`` comes from
        ``text[origin[i]:origin[i + 1]]`` (several may share one origin when one character was widened, as ㎖ → ml).
    """
    pieces: list[str] = []
    origin: list[int] = []
    for start, end in _clusters(text):
        piece = unicodedata.normalize("NFKC", text[start:end].translate(_INVISIBLE)).lower()
        pieces.append(piece)
        origin.extend([start] * len(piece))
    return _unify("".join(pieces)), [*origin, len(text)]


def _unify(folded: str) -> str:
    """Script and separators; keeps the length, so that alignment survives."""
    if not folded.isascii():
        safe = folded.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(folded) else folded
        simplified = _converter().convert(safe)
        folded = simplified if len(simplified) == len(folded) else safe
    spaced = _SEPARATOR.sub(" ", folded)
    return _REPEATED.sub(lambda m: " " * len(m.group()), spaced)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans that NFKC may treat as one: a base character with the combining marks (or jamo) that follow it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not (unicodedata.combining(text[i]) or "\u1160" <= text[i] <= "\u11ff"):
            spans.append((start, i))
            start = i
    return spans if text else []
