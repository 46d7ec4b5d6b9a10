"""What is matched whole: numbers, Latin words from their beginning, and the characters that Han words end with.

Bigrams find every piece of a text, but pieces of numbers and of Latin words are others: 55mm is none of 4.55mm, 5斤 no
15斤, lock no clock. So besides its pieces a text has tokens that no text contains and that never score:

    ~:4.55      the number 4.55, as one, whatever stands around it (4.55mm, iphone12, 225/55R18)
    ~<lo        letters that begin with lo: lock, lock2024; not clock
    ~>杯        a word that ends with 杯, where 杯子 is a word, too: 保温杯, 杯; not 杯垫

A code may be cut at its end (``z6`` finds ``z62``), so its last number is not asked for. The parts of one may stand
apart (``iphone 12``), unless its letters are single ones: i 5 is not i5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from retrieval.analysis import alphanumerics

MARK = "~"
"""Begins each of these tokens; no text contains it after normalisation."""
NUMBER, BEGINS, ENDS = f"{MARK}:", f"{MARK}<", f"{MARK}>"
SUFFIX = "子"
"""Adds nothing to most things: 杯子 is …杯."""

_FOR = "男女童"

Way = tuple[str, ...]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEIGHBOURS = re.compile(r"(?<![^\W_])([a-z]{2,12})(?= ([a-z]{1,12})(?![a-z]))", re.ASCII)
_LEAST_CODE = {True: 3, False: 5}
"""Characters of a code, with letters or without, that is looked up as it is written; two are a bigram of any other."""


@lru_cache(maxsize=4096)
def tokens(run: str) -> tuple[str, ...]:
    """Those of a run of letters and digits (`alphanumerics.RUN`)."""
    begun = (_begun(run, letters.start()) for letters in _LETTERS.finditer(run))
    return tuple(dict.fromkeys([*_numbers(run), *begun]))


def neighbours(text: str) -> Iterator[str]:
    """Pairs of Latin words as one: ``cheez it`` is ``cheezit``, and ``jbl c230`` begins with ``jblc``."""
    return (match.group(1) + match.group(2) for match in _NEIGHBOURS.finditer(text))


def ends(words: Sequence[str]) -> Iterator[str]:
    """The characters that Han words end with, for whom it is aside: 阔腿 裤女 ends with 裤; 杯 before 垫 is no end."""
    for word, following in zip(words, (*words[1:], ""), strict=False):
        stem = word.rstrip(_FOR) or word
        if not stem[-1].isascii() and (len(stem) > 1 or len(following) != 1 or following.isspace()):
            yield stem[-1]


@lru_cache(maxsize=4096)
def ways(run: str, grams: Way) -> tuple[Way, ...]:
    """How a document has a `run` of letters and digits; `grams` are its bigrams, or its only character."""
    numbers, letters = _numbers(run), [*_LETTERS.finditer(run)]
    written = [(code,) for code in (run, "".join(alphanumerics.parts(run))) if len(code) >= _LEAST_CODE[bool(letters)]]
    if not letters:
        return tuple(dict.fromkeys([numbers, *written]))
    if len(run) == 1:
        return ((run,),)
    asked = numbers[:-1] if run[-1].isdigit() else numbers
    begun = (*grams, _begun(run, letters[0].start()), *asked)
    apart = (
        [(*(_word(each.group()) for each in letters), *numbers)] if len(max(letters, key=_length).group()) > 1 else []
    )
    return tuple(dict.fromkeys([begun, *written, *apart]))


def of_amount(text: str, grams: Way) -> tuple[Way, ...]:
    """How a document has an amount as it is written: its pieces and its numbers whole; of a size its numbers alone."""
    numbers = _numbers(text)
    written = (*grams, *numbers)
    return (written, numbers) if len(numbers) > 1 else (written,)


def _begun(run: str, start: int) -> str:
    return BEGINS + run[start : start + 2]


def _word(letters: str) -> str:
    """A token of these letters alone; two of them are a bigram of any other word."""
    return BEGINS + letters if len(letters) == 2 else letters


def _length(letters: re.Match[str]) -> int:
    return letters.end() - letters.start()


def _numbers(run: str) -> Way:
    return tuple(dict.fromkeys(NUMBER + _plain(number) for number in _NUMBER.findall(run)))


def _plain(number: str) -> str:
    """3.50 is 3.5; the zeros that begin a code are its own."""
    return number.rstrip("0").rstrip(".") if "." in number else number
