"""Where a query's terms stand in an original text, as fragments that join to that text."""

from __future__ import annotations

import re

from retrieval.analysis.analyzer import QueryText
from retrieval.analysis.normalize import HAN, normalize_aligned
from retrieval.answer import Fragment

_HAN_ONLY = re.compile(rf"[{HAN}]+\Z")
_PART_CHARS = 2
"""A term that is not there as a whole is still marked by its pieces of at least this many characters."""


class Highlighter:
    """Marks texts for one query. Thread-safe.

    A term is marked wherever it stands whole. A Han term that does not is marked by its longest pieces; tokens of
    synonyms are marked too. Alphanumeric terms are marked whole only, so 5 is not marked inside 15.
    """

    def __init__(self, query: QueryText) -> None:
        own, tokens = query.normalized, query.weights
        self._terms = tuple((term.text, _pieces(term.text)) for term in query.required)
        synonyms = (t for t in tokens if len(t) > 1 and t not in own and _HAN_ONLY.match(t))
        codes = (t for t in tokens if any(map(str.isdigit, t)) and t in own and len(t) > 2)
        self._tokens = (*synonyms, *codes)

    def __call__(self, text: str) -> tuple[Fragment, ...]:
        """`text` cut where the marking changes; ``"".join(f.text for f in fragments) == text``."""
        normalized, origin = normalize_aligned(text)
        marked = bytearray(len(text))
        for needle in self._needles(normalized):
            for start, end in _occurrences(normalized, needle):
                # One original character may have become several: its end is where the next one starts.
                first, stop = origin[start], max(origin[end - 1] + 1, origin[end])
                marked[first:stop] = b"\x01" * (stop - first)
        return tuple(_fragments(text, marked))

    def _needles(self, normalized: str) -> list[str]:
        needles: dict[str, None] = {}
        for term, by_size in self._terms:
            if term in normalized:
                needles[term] = None
                continue
            for pieces in by_size:
                if found := [piece for piece in pieces if piece in normalized]:
                    needles.update(dict.fromkeys(found))
                    break
        needles.update((token, None) for token in self._tokens if token in normalized)
        return list(needles)


def _pieces(term: str) -> list[list[str]]:
    """The pieces of a Han term that are marked where it does not stand whole, those of one length together."""
    if not _HAN_ONLY.match(term):
        return []
    sizes = range(len(term) - 1, _PART_CHARS - 1, -1)
    return [[term[i : i + size] for i in range(len(term) - size + 1)] for size in sizes]


def _occurrences(text: str, needle: str) -> list[tuple[int, int]]:
    found, han = [], bool(_HAN_ONLY.match(needle))
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if han or not (_joins(text, at - 1, at) or _joins(text, end - 1, end)):
            found.append((at, end))
        at = text.find(needle, at + 1)
    return found


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbours are of one run: both digits, or both letters that are not Han."""
    if left < 0 or right >= len(text):
        return False
    a, b = text[left], text[right]
    return (a.isdigit() and b.isdigit()) or (_latin(a) and _latin(b))


def _latin(c: str) -> bool:
    return c.isalpha() and not _HAN_ONLY.match(c)


def _fragments(text: str, marked: bytearray) -> list[Fragment]:
    fragments = []
    start = 0
    while start < len(text):
        turn = marked.find(b"\x00" if marked[start] else b"\x01", start)
        end = turn if turn >= 0 else len(text)
        fragments.append(Fragment(text[start:end], bool(marked[start])))
        start = end
    return fragments
