"""Which letters of a query are pinyin, and the queries they stand for.

A run of letters that no digit or joining mark touches is read alone or together with the characters beside it, more of
them first; syllables typed apart (``bao wen bei``) are read as one. Letters that the catalogue has as a word are that
word first: they are read beside it, and only where what they stand for is more frequent (``haier``, but not ``nike``).
Initials make up the whole query: beside other words, unknown letters are mostly a brand. Letters that are the name of
a brand are no initials (``ck``), however many words they may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from retrieval.analysis.normalize import HAN
from retrieval.understanding.kinds import CorrectionAction, CorrectionKind
from retrieval.understanding.plan import Correction
from retrieval.understanding.spelling.typed_pinyin import PinyinWords, Reading

MOST_EXPANSIONS = 10
FULL_RATIO, INITIALS_RATIO = 1, 5
"""Letters that are a Latin word too must stand for words at least so many times as frequent as it."""
SURE, SURE_LENGTH = 0.8, 4
"""A reading in full of so much of the probability, of so many letters and characters, stands alone."""
MOST_BESIDE = 3
"""Characters on each side that may belong to the word."""

_UNKNOWN_FULL, _UNKNOWN_INITIALS, _KNOWN = 0.95, 0.6, 0.4
"""How probable it is that letters are pinyin at all: no word of the catalogue (in full, initials), or one."""
_RUN = re.compile(r"(?<![a-z0-9._/+-])[a-z]+(?![a-z0-9._/+-])")
_HAN_BEFORE = re.compile(rf"[{HAN}]{{0,{MOST_BESIDE}}}$")
_HAN_AFTER = re.compile(rf"[{HAN}]{{0,{MOST_BESIDE}}}")


class Letters:
    """Reads pinyin in queries. Immutable after construction."""

    def __init__(self, words: PinyinWords, latin: Mapping[str, int], brands: Container[str] = ()) -> None:
        """`latin`: the Latin words of the catalogue, and how often they were seen; `brands`: names of its brands."""
        self._words = words
        self._latin, self._brands = latin, brands
        self._syllables = words.readings.typed

    def expand(self, normalized: str) -> tuple[Correction, ...]:
        """At most 10 queries, most probable first."""
        query = self._joined(normalized)
        if not _RUN.search(query):
            return ()
        found = [(span, readings) for span, readings in self._read(query) if readings]
        if not found:
            return ()
        doubtful = any(letters in self._latin for letters in _RUN.findall(query))
        shortest = min(end - start for (start, end), _ in found)
        texts: dict[str, Correction] = {}
        for varied, (_, readings) in enumerate(found):
            for reading in readings:
                chosen = [reading if i == varied else others[0] for i, (_, others) in enumerate(found)]
                text = _replaced(query, [(span, r.text) for (span, _), r in zip(found, chosen, strict=True)])
                texts.setdefault(text, _correction(text, reading, doubtful, shortest))
        return tuple(sorted(texts.values(), key=lambda c: -c.confidence)[:MOST_EXPANSIONS])

    def _joined(self, query: str) -> str:
        """`query` with syllables typed apart written as one, if it is made of nothing else."""
        parts = query.split()
        apart = len(parts) > 1 and all(part in self._syllables for part in parts)
        return "".join(parts) if apart else query

    def _read(self, query: str) -> Iterator[tuple[tuple[int, int], tuple[Reading, ...]]]:
        """For each run of letters the span that was read and what it may be."""
        stop = 0
        for match in _RUN.finditer(query):
            spans = [span for span in _spans(query, *match.span()) if span[0] >= stop]
            read = ((span, self._of(query, span, match.group())) for span in spans)
            best = next(((span, readings) for span, readings in read if readings), None)
            if best:
                stop = best[0][1]
                yield best

    def _of(self, query: str, span: tuple[int, int], letters: str) -> tuple[Reading, ...]:
        readings = self._words.read(query[span[0] : span[1]])
        if not readings:
            return ()
        initials = readings[0].kind is CorrectionKind.INITIALS
        if initials and letters in self._brands:
            return ()
        known = self._latin.get(letters, 0) * (INITIALS_RATIO if initials else FULL_RATIO)
        possible = span == (0, len(query)) if initials else len(letters) > 1
        return readings if possible and sum(r.count for r in readings) >= known else ()


def _spans(query: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The letters with more and more of the characters beside them left out."""
    before = _HAN_BEFORE.search(query, 0, start)
    after = _HAN_AFTER.match(query, end)
    left = len(before.group()) if before else 0
    right = len(after.group()) if after else 0
    sizes = [(i, j) for i in range(left + 1) for j in range(right + 1)]
    return ((start - i, end + j) for i, j in sorted(sizes, key=lambda size: (-sum(size), size)))


def _replaced(query: str, parts: list[tuple[tuple[int, int], str]]) -> str:
    for (start, end), text in reversed(parts):
        query = query[:start] + text + query[end:]
    return query


def _correction(text: str, reading: Reading, doubtful: bool, shortest: int) -> Correction:
    """`doubtful`: the catalogue has some of the letters as a word; `shortest`: length of the shortest piece read."""
    full = reading.kind is CorrectionKind.FULL_PINYIN
    prior = _KNOWN if doubtful else _UNKNOWN_FULL if full else _UNKNOWN_INITIALS
    sure = full and not doubtful and reading.probability >= SURE and shortest >= SURE_LENGTH
    return Correction(
        text, reading.kind, prior * reading.probability, CorrectionAction.REPLACE if sure else CorrectionAction.BOTH
    )
