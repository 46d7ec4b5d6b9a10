"""As much of `IndexReader` as recall, fusion and order ask for, small enough to see every score by eye.

The lexical score of an item is the sum of the weights of the query's tokens that it has. Vectors lie on a circle: the
cosine of a query at angle q with an item at angle a is cos(a − q).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.types import MISSING, Candidates, Filters, FloatArray, IntArray, LexicalQuery, Sort

_COLUMNS = {Sort.SALES: ("sales", 1), Sort.NEWEST: ("created", 1), Sort.PRICE_ASC: ("price", -1),
            Sort.PRICE_DESC: ("price", 1)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Tokens with spaces between them, an angle in degrees, and columns of which None is missing."""

    id: str
    tokens: str = ""
    degrees: float = 90.0
    brand: str = ""
    price: int | None = None
    sales: int | None = None
    created: int | None = None


class TinyReader:
    """Row i is item i."""

    manifest = SimpleNamespace(generation="g1", encoder="compass")

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)

    @property
    def reader(self) -> IndexReader:
        """Itself, for functions that ask no more of a reader than it has."""
        return cast(IndexReader, self)

    @property
    def rows(self) -> int:
        return len(self.items)

    def lexical(
        self, query: LexicalQuery, filters: Filters, depth: int, sort: Sort = Sort.RELEVANCE, floor: float = 0.0
    ) -> Candidates:
        rows = [r for r in self._passing(filters) if self._score(r, query) > 0 and self._terms(r, query) >= query.need]
        rows = [row for row in rows if self._score(row, query) >= floor]
        scores = [self._score(row, query) for row in rows]
        if sort is Sort.RELEVANCE:
            return self._best("lexical", rows, scores, depth)
        first = sorted(rows, key=lambda row: (-int(self.sort_keys(sort, np.array([row]))[0]), self.items[row].id))[
            :depth
        ]
        kept = np.array(first, np.int64)
        return Candidates("lexical", kept, self.lexical_scores(query, kept), complete=len(rows) <= depth)

    def lexical_counts(self, queries: Sequence[LexicalQuery], up_to: int) -> Iterator[int]:
        return (min(sum(self._terms(row, q) >= q.need for row in range(self.rows)), up_to) for q in queries)

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        return np.array([self._score(row, query) for row in rows.tolist()], np.float32)

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        rows = self._passing(filters)
        return self._best("semantic", rows, self.semantic_scores(vector, np.array(rows, np.int64)).tolist(), depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        return np.array([direction(self.items[row].degrees) @ vector for row in rows.tolist()], np.float32)

    def vectors(self, rows: IntArray) -> FloatArray:
        return np.array([direction(self.items[row].degrees) for row in rows.tolist()], np.float32).reshape(-1, 2)

    def rows_of(self, ids: Sequence[str]) -> list[int | None]:
        rows = {item.id: row for row, item in enumerate(self.items)}
        return [rows.get(id) for id in ids]

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        return rows[np.isin(rows, self._passing(filters))]

    def by_id(self, rows: IntArray) -> IntArray:
        ids = sorted(item.id for item in self.items)
        return np.array([ids.index(self.items[row].id) for row in rows.tolist()], np.int64)

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        column, sign = _COLUMNS[sort]
        values = [getattr(self.items[row], column) for row in rows.tolist()]
        return np.array([MISSING if value is None else sign * value for value in values], np.int64)

    def _passing(self, filters: Filters) -> list[int]:
        brands = filters.keywords.get("brand")
        return [row for row, item in enumerate(self.items) if brands is None or item.brand in brands]

    def _score(self, row: int, query: LexicalQuery) -> float:
        tokens = self.items[row].tokens.split()
        return sum(query.fields.values()) * sum(query.weights[token] for token in query.weights if token in tokens)

    def _terms(self, row: int, query: LexicalQuery) -> int:
        tokens = set(self.items[row].tokens.split())
        return sum(any(tokens.issuperset(way) for way in term) for term in query.terms)

    def _best(self, channel: str, rows: list[int], scores: list[float], depth: int) -> Candidates:
        best = sorted(zip(rows, scores, strict=True), key=lambda found: (-found[1], self.items[found[0]].id))[:depth]
        kept, values = [row for row, _ in best], [score for _, score in best]
        complete = len(rows) <= depth
        return Candidates(channel, np.array(kept, np.int64), np.array(values, np.float32), complete)


def direction(degrees: float) -> FloatArray:
    """The unit vector at an angle, shape (2,)."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], np.float32)
