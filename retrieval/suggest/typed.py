"""What was typed → the entries it may be the beginning of, and how well each fits.

Characters, full pinyin and initials are beginnings of keys. Of a mixture (bao温, baowb, 保wb) the keys give what may be
meant, and every entry is looked at (`fits`). Where nothing fits, one slip is forgiven: characters that sound alike, two
letters the wrong way round, one too many, too few or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, product

from retrieval.suggest.fits import fits
from retrieval.suggest.keys import INITIALS, PINYIN
from retrieval.suggest.sorted_keys import SortedKeys
from retrieval.suggest.table import Table

TEXT, FULL, SHORT, MIXED, SLIP = 1.0, 0.9, 0.75, 0.7, 0.4
"""How much an entry counts that is found so, in (0, 1]."""
_FEW = 5
"""With fewer entries, rarer ways to read what was typed are tried."""
_ENOUGH = 24
"""Entries of a mixture; the rest is not looked at."""
_LEAST_SLIP = 3
"""Characters; of less anything is a slip."""
_LONGEST_SLIP = 16
_NOTICED = 3
"""Letters behind a wrong one, by the last of which nothing begins so."""
_PARSES = 4
_SYLLABLE = 6
"""Letters of the longest."""
_SOUNDS = (("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("an", "ang"), ("en", "eng"), ("in", "ing"))
_ALIKE = [pair for one, other in _SOUNDS for pair in ((one, other), (other, one))]
"""Sounds that are taken for each other; as in `retrieval.understanding.spelling.pinyin.near`."""
_PIECE = re.compile(r"[a-z]+|[^a-z]")


def entries_of(table: Table, typed: str) -> dict[int, float]:
    """Entry → how well it fits; of equal fit the worthiest first.

    Args:
        typed: squeezed (`retrieval.suggest.keys`), not empty.
    """
    found = dict.fromkeys(table.best_of(typed), TEXT)
    if typed.isascii():
        _add(found, table.best_of(PINYIN + typed), FULL)
        _add(found, table.best_of(INITIALS + typed), SHORT)
    if len(found) < _FEW and re.search("[a-z]", typed):
        _add(found, _mixed(table, typed), MIXED)
    return found


def forgiven(table: Table, typed: str) -> dict[int, float]:
    """The same with one slip in what was typed; for where nothing else fits."""
    found: dict[int, float] = {}
    if not re.search("[a-z]", typed) and len(typed) > 1:
        sounds = ("".join(way) for way in islice(product(*map(table.read, typed)), _PARSES))
        _add(found, (place for key in sounds for place in table.best_of(PINYIN + key)), SLIP)
    if not found and _LEAST_SLIP <= len(typed) <= _LONGEST_SLIP:
        _add(found, _misspelt(table, typed) if typed.isascii() else _one_off(table, typed), SLIP)
    return found


def _add(found: dict[int, float], places: Iterable[int], fit: float) -> None:
    for place in places:
        found.setdefault(place, fit)


def _mixed(table: Table, typed: str) -> Iterator[int]:
    """Those that begin with the characters typed first, or whose letters may begin so; each is looked at."""
    beginnings = [typed[: re.match("[^a-z]*", typed).end()]]  # type: ignore[union-attr]
    if not beginnings[0]:
        beginnings = list(_skeletons(table, typed))
    meant = dict.fromkeys(place for one in beginnings for place in table.best_of(one))
    fitting = (place for place in meant if fits(typed, "".join(table.texts[place].split()), table.read))
    yield from islice(fitting, _ENOUGH)


def _skeletons(table: Table, typed: str) -> Iterator[str]:
    """Keys of letters that begin as what was typed does: in full, and by initials."""
    pieces, read = _PIECE.findall(typed), table.read
    full = ([piece] if piece.isascii() else list(read(piece)) for piece in pieces)
    yield from (PINYIN + "".join(way) for way in islice(product(*full), _PARSES))
    short = (_initials(table, p) if p.isascii() else [s[0] for s in read(p)] for p in pieces)
    yield from (INITIALS + "".join(way) for way in islice(product(*short), _PARSES))


def _initials(table: Table, letters: str) -> list[str]:
    """Initials of the syllables that letters may be, cut into as few as possible; the last one may be only begun."""
    ways: list[list[str]] = [[""]]
    for end in range(1, len(letters) + 1):
        pieces = table.syllables if end < len(letters) else table.begun
        starts = [
            start for start in range(max(0, end - _SYLLABLE), end) if start == end - 1 or letters[start:end] in pieces
        ]
        found = {way + letters[start] for start in starts for way in ways[start]}
        ways.append(sorted(found, key=lambda way: (len(way), way))[:_PARSES])
    return ways[-1]


def _misspelt(table: Table, typed: str) -> list[int]:
    """Those of letters that are one slip away; the first letter is right."""
    found: dict[int, None] = {}
    for mark in (PINYIN, ""):
        for way in dict.fromkeys((*_slips(table.keys, mark, typed), *_alike(table.keys, mark, typed))):
            found |= dict.fromkeys(table.best_of(way))
    return list(found)


def _slips(keys: SortedKeys, mark: str, typed: str) -> Iterator[str]:
    """What was meant and is a key's beginning: two letters the wrong way round, one too many, one wrong, one missing.

    The slip is looked for just before the letter with which nothing begins so any more.
    """
    known = next((size for size in range(len(typed) - 1, 0, -1) if keys.has(mark + typed[:size])), 0)
    for at in range(max(1, known - _NOTICED), known + 1) if known else ():
        before, rest, then = mark + typed[:at], typed[at + 1 :], typed[at : at + 1]
        within = keys.span(before)
        tried = [rest[:1] + then + rest[1:], rest]
        tried += [tail for char in keys.after(before, within) for tail in (char + rest, char + then + rest)]
        yield from (before + tail for tail in tried if keys.has(before + tail, within))


def _alike(keys: SortedKeys, mark: str, typed: str) -> Iterator[str]:
    """The same with one sound that is taken for another, wherever it is."""
    for one, other in _ALIKE:
        for at in (at for at in range(len(typed)) if typed.startswith(one, at)):
            if keys.has(way := mark + typed[:at] + other + typed[at + len(one) :]):
                yield way


def _one_off(table: Table, typed: str) -> Iterator[int]:
    """Those of characters with one of them wrong, too many or left out behind the first."""
    for at in range(len(typed) - 1, 0, -1):
        before, rest = typed[:at], typed[at + 1 :]
        for place in table.best_of(before):
            there = "".join(table.texts[place].split())[at:]
            if (there.startswith(rest) and rest) or there[1:].startswith(rest) or there[1:].startswith(typed[at:]):
                yield place
