"""Appended documents in memory, as far as a reader has asked for them. Only ever added to: a view of the first n stays.

About 1.5 KB a document and its vector in float32 (384 dimensions: 1.5 KB more), in each worker.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.backends.embedded.documents import DocumentsReader
from retrieval.backends.embedded.tail_file import Kept, TailFile
from retrieval.types import MISSING, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Order:
    """Where appended documents stand among all ids.

    Attributes:
        before: ascending; for each, in order of their ids, how many ids of the generation are less.
        places: document → its place in that order.
    """

    before: IntArray
    places: IntArray


class Tail:
    """One thread loads at a time; whoever reads asks for documents that are loaded."""

    def __init__(self, file: TailFile, dim: int, base: DocumentsReader) -> None:
        self._file, self._base = file, base
        self.documents: list[Kept] = []
        self.rows_with: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        """Keyword → value → documents that have it, ascending."""
        self.places_of: defaultdict[str, list[int]] = defaultdict(list)
        """Id → documents that had it, ascending."""
        self.field_counts: Counter[str] = Counter()
        self._vectors = np.empty((0, dim), np.float32)
        self._ids: list[str] = []
        self._in_order = self._before = np.empty(0, np.int64)
        self.order = Order(self._before, self._in_order)
        """Of all that are loaded."""

    def load(self, count: int) -> None:
        """Reads what it lacks of the first `count` documents."""
        start = len(self.documents)
        if count <= start:
            return
        found, halves = self._file.read(start, count)
        if len(self._vectors) < count:
            grown = np.empty((max(count, 2 * len(self._vectors)), self._vectors.shape[1]), np.float32)
            grown[:start] = self._vectors[:start]
            self._vectors = grown
        self._vectors[start:count] = halves
        for place, each in enumerate(found, start):
            for name, values in each.keywords.items():
                for value in dict.fromkeys(values):
                    self.rows_with[name][value].append(place)
            self.places_of[each.id].append(place)
            self.field_counts.update(each.fields)
        self._put_in_order([each.id for each in found], start)
        self.documents += found

    def vectors(self, count: int) -> FloatArray:
        """Shape (count, dim)."""
        return self._vectors[:count]

    def numbers(self, name: str, start: int, end: int) -> IntArray:
        """A column of documents start … end-1."""
        return np.array([each.numbers.get(name, MISSING) for each in self.documents[start:end]], np.int64)

    def _put_in_order(self, ids: Sequence[str], start: int) -> None:
        """Where an id stands among those of the generation never changes; it is looked up once."""
        news = sorted(zip(ids, range(start, start + len(ids)), strict=True))
        at = [bisect_right(self._ids, each) for each, _ in news]
        rows = self._base.rows_of([each for each, _ in news])
        before = [
            int(self._base.by_id(np.array([row]))[0]) if row is not None else self._base.ids_below(each)
            for (each, _), row in zip(news, rows, strict=True)
        ]
        self._ids = sorted([*self._ids, *(each for each, _ in news)])
        self._in_order = np.insert(self._in_order, at, [place for _, place in news])
        self._before = np.insert(self._before, at, before)
        places = np.empty(len(self._ids), np.int64)
        places[self._in_order] = np.arange(len(places))
        self.order = Order(self._before, places)

    def first_below(self, places: Sequence[int], count: int) -> int:
        """How many of ascending `places` are below `count`."""
        return bisect_left(places, count)

    def keyword(self, name: str, place: int) -> Mapping[str, None]:
        """The values of a document, each once."""
        return dict.fromkeys(self.documents[place].keywords.get(name, ()))
