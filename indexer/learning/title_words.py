"""Which titles have which words, while a catalogue is read: to know what a text would surely find, without searching.

A document whose title says every word of a query is an answer to it. That is less than a search finds, and never more:
of 400 real queries over 71,643 titles 43 have such a document, and all of these have an answer above the divider.

Memory: 4 bytes a word of a title, twice as many while they are put in order; 150 MB for a million titles.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from retrieval.ranking.forward import word_hash
from retrieval.types import IntArray

_NONE = np.empty(0, np.int64)


class TitleWords:
    """Titles are numbered in the order in which they are added."""

    def __init__(self) -> None:
        self._words, self._ends = array("I"), array("Q")

    def add(self, words: Iterable[str]) -> None:
        """The words of the next title."""
        self._words.extend(word_hash(word) for word in dict.fromkeys(words))
        self._ends.append(len(self._words))

    def finish(self) -> WordRows:
        """To be asked; nothing can be added meanwhile."""
        words, ends = np.frombuffer(self._words, np.uint32), np.frombuffer(self._ends, np.uint64).astype(np.int64)
        return WordRows(words, ends)


class WordRows:
    """The titles of each word."""

    def __init__(self, words: np.ndarray[tuple[int], np.dtype[np.uint32]], ends: IntArray) -> None:
        """
        Args:
            words: hashes of the words of all titles, one title after another; ends: where each ends, shape (titles,).
        """
        self._words, self._ends = words, ends
        order = np.argsort(words, kind="stable")
        self._rows = np.searchsorted(ends, order, side="right").astype(np.uint32)
        self._known, self._starts = np.unique(words[order], return_index=True)
        self._stops = np.append(self._starts[1:], len(words))

    def of(self, words: Sequence[str]) -> IntArray:
        """Titles that have all of `words`, ascending; none without a word."""
        found = sorted((self._having(word_hash(word)) for word in dict.fromkeys(words)), key=len)
        return reduce(_both, found) if found else _NONE

    def words_of(self, row: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        """Hashes of the words of a title."""
        return self._words[self._ends[row - 1] if row else 0 : self._ends[row]]

    def _having(self, word: int) -> IntArray:
        at = int(np.searchsorted(self._known, word))
        if at == len(self._known) or self._known[at] != word:
            return _NONE
        return self._rows[self._starts[at] : self._stops[at]].astype(np.int64)


def _both(few: IntArray, many: IntArray) -> IntArray:
    """What is in both; both ascend."""
    if not len(few) or not len(many):
        return _NONE
    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    both: IntArray = few[many[at] == few]
    return both
