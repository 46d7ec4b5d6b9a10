"""Answers of the documents of one kind, out of their folder in a generation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
from cachetools import LRUCache

from retrieval.backends.common.fields import present
from retrieval.backends.common.orders import sort_keys
from retrieval.backends.common.values import alternatives_of, excluded
from retrieval.backends.embedded.columns import ColumnsReader
from retrieval.backends.embedded.documents import DocumentsReader
from retrieval.backends.embedded.lexical import LexicalReader
from retrieval.backends.embedded.rowset import RowSet
from retrieval.backends.embedded.vectors import VectorsReader
from retrieval.best_first import best_first
from retrieval.generations import Manifest
from retrieval.schema import Schema
from retrieval.snapshot import Snapshot
from retrieval.types import Buffer, Candidates, FacetValue, Filters, FloatArray, IntArray, LexicalQuery, Sort

_MASK_BYTES = 8_000_000
"""Of the rows that pass the last filters; 125,000 bytes each at a million rows."""
_ENTRY_BYTES = 1_000
"""About what a key takes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a reader answers from.

    Attributes:
        vectors: None in a generation without them.
        field_counts: searched field → documents that have text there, those that are gone, too.
        stale: whether the text index filters by prices and stocks that are no longer those of the columns.
    """

    documents: DocumentsReader
    lexical: LexicalReader
    columns: ColumnsReader
    vectors: VectorsReader | None
    field_counts: Mapping[str, int]
    stale: bool = False


class EmbeddedReader:
    """See `retrieval.protocols.IndexReader`."""

    def __init__(
        self, folder: Path, schema: Schema, manifest: Manifest, attachment: Callable[[str], Buffer | None]
    ) -> None:
        """`folder` holds the documents of one kind; `attachment` reads what belongs to the generation."""
        self._schema, self._manifest, self._attachment = schema, manifest, attachment
        of_kind = manifest.collections[schema.kind]
        documents = DocumentsReader(folder / "documents")
        encoded = manifest.encoder is not None and schema.encoded
        self._take(
            Parts(
                documents,
                LexicalReader(folder / "lexical"),
                ColumnsReader(folder / "columns", schema, documents.size),
                VectorsReader(folder / "vectors", dict(of_kind.vectors)) if encoded else None,
                of_kind.field_counts,
            )
        )
        self._snapshot = Snapshot(self._manifest.generation)
        self._alive: RowSet | None = None
        self._masks, self._lock = _masks(), Lock()

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def rows(self) -> int:
        return self._documents.size

    @property
    def documents(self) -> int:
        return self.rows if self._alive is None else self._alive.count

    def without(self, rows: IntArray, *, epoch: int) -> EmbeddedReader:
        other = copy(self)
        other._snapshot = Snapshot(self._snapshot.generation, epoch)
        if not len(rows):
            return other
        alive = np.ones(self.rows, np.bool_) if self._alive is None else self._alive.mask()
        alive[rows] = False
        other._alive = RowSet.of(alive)
        other._masks, other._lock = _masks(), Lock()
        return other

    @property
    def parts(self) -> Parts:
        """What it answers from."""
        return self._parts

    def over(self, parts: Parts, alive: RowSet, *, epoch: int) -> EmbeddedReader:
        """The same documents and others, as of a later epoch; `alive` are those that are not gone."""
        other = copy(self)
        other._snapshot = Snapshot(self._snapshot.generation, epoch)
        other._take(parts)
        other._alive = alive
        other._masks, other._lock = _masks(), Lock()
        return other

    def _take(self, parts: Parts) -> None:
        self._parts = parts
        self._documents, self._lexical, self._columns = parts.documents, parts.lexical, parts.columns
        self._vectors, self._field_counts = parts.vectors, parts.field_counts

    def counts(self) -> dict[str, int]:
        """How many rows each part has; all must be equal."""
        counts = {"lexical": self._lexical.size, "columns": self._columns.size, "documents": self._documents.size}
        return counts | ({"vectors": self._vectors.size} if self._vectors else {})

    def forward(self, rows: IntArray) -> list[bytes]:
        return self._documents.forward(rows)

    def attachment(self, name: str) -> Buffer | None:
        return self._attachment(name)

    def check_vectors(self) -> list[str]:
        return self._vectors.check() if self._vectors else []

    def lexical(
        self, query: LexicalQuery, filters: Filters, depth: int, sort: Sort = Sort.RELEVANCE, floor: float = 0.0
    ) -> Candidates:
        if not query.weights or depth <= 0:
            return Candidates.none("lexical")
        query = present(query, self._field_counts)
        filters, among = self._told_apart(filters)
        if sort is not Sort.RELEVANCE:
            return self._first(*self._lexical.every(query, filters, floor), depth, sort, among)
        rows, scores, complete = self._lexical.best(query, filters, depth, among)
        good = scores >= floor
        return self._ranked("lexical", rows[good], scores[good], complete=complete or not good.all())

    def lexical_counts(self, queries: Sequence[LexicalQuery], up_to: int) -> Iterator[int]:
        return (self._lexical.count(query, up_to, self._alive) for query in queries)

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        if not query.weights or not len(rows):
            return np.zeros(len(rows), np.float32)
        return self._lexical.scores(present(query, self._field_counts), rows)

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        if self._vectors is None or not self.documents or depth <= 0:
            return Candidates.none("semantic")
        among = self._passing(filters)
        rows, scores = self._vectors.search(vector, depth, among)
        passing = self.rows if among is None else among.count
        return self._ranked("semantic", rows, scores, complete=passing <= depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        return self._vectors.scores(vector, rows) if self._vectors else np.zeros(len(rows), np.float32)

    def vectors(self, rows: IntArray) -> FloatArray:
        return self._vectors.vectors(rows) if self._vectors else np.empty((len(rows), 0), np.float32)

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        among = self._passing(filters)
        return rows if among is None else rows[among.has(rows)]

    def rows_passing(self, filters: Filters) -> IntArray:
        if not any(alternatives_of(filters)) and not filters.having and not excluded(filters):
            among = self._passing(filters)  # a text index takes a tenth of a second to list nearly all of its documents
            return np.arange(self.rows) if among is None else among.rows()
        by_index, among = self._told_apart(filters)
        rows = np.sort(self._lexical.passing(by_index))
        return rows if among is None else rows[among.has(rows)]

    def by_id(self, rows: IntArray) -> IntArray:
        return self._documents.by_id(rows)

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        column, sign = self._schema.sorts[sort]
        return sort_keys(sign, self._columns.number(column, rows))

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]]:
        there = rows if self._alive is None else rows[self._alive.has(rows)]
        return {name: self._columns.facet(name, there) for name in names}

    def sources(self, rows: IntArray) -> list[bytes]:
        return self._documents.sources(rows)

    def row_of(self, document_id: str) -> int | None:
        row = self._documents.row_of(document_id)
        gone = row is not None and self._alive is not None and not self._alive.has(np.array([row]))[0]
        return None if gone else row

    def rows_of(self, document_ids: Sequence[str]) -> list[int | None]:
        rows = self._documents.rows_of(document_ids)
        if self._alive is None:
            return rows
        known = np.array([row for row in rows if row is not None], np.int64)
        living = set(known[self._alive.has(known)].tolist())
        return [row if row in living else None for row in rows]

    def close(self) -> None:
        with self._lock:
            self._masks.clear()

    def _first(self, rows: IntArray, scores: FloatArray, depth: int, sort: Sort, among: RowSet | None) -> Candidates:
        """The `depth` of those that match that come first by a column, with ties by id."""
        if among is not None:
            there = among.has(rows)
            rows, scores = rows[there], scores[there]
        complete = len(rows) <= depth
        last = ~self.sort_keys(sort, rows)  # ascending; a minus would not turn the least number round
        if not complete:
            near = last <= np.partition(last, depth - 1)[depth - 1]
            rows, scores, last = rows[near], scores[near], last[near]
        order = np.lexsort((self._documents.by_id(rows), last))[:depth]
        return Candidates("lexical", rows[order], scores[order], complete)

    def _ranked(self, channel: str, rows: IntArray, scores: FloatArray, *, complete: bool) -> Candidates:
        order = best_first(scores, self._documents.by_id(rows))
        return Candidates(channel, rows[order], scores[order], complete)

    def _told_apart(self, filters: Filters) -> tuple[Filters, RowSet | None]:
        """As much of the filters as the text index knows, and the rows that pass the rest; None: all."""
        if not self._parts.stale or (filters.price == (None, None) and not filters.in_stock):
            return filters, self._alive
        numbers = Filters(price=filters.price, in_stock=filters.in_stock)
        return replace(filters, in_stock=False, price=(None, None)), self._passing(numbers)

    def _passing(self, filters: Filters) -> RowSet | None:
        """The rows that pass; None: all there are."""
        if filters.empty:
            return self._alive
        with self._lock:
            if (known := self._masks.get(filters.key)) is not None:
                return known
        mask = self._columns.mask(filters)
        if excluded(filters) or filters.having:
            by_words = np.zeros(self.rows, np.bool_)
            found = self._lexical.rows_of(filters)
            by_words[found[found < self.rows]] = True  # a text index may have documents of later epochs, too
            mask &= by_words
        if self._alive is not None:
            mask &= self._alive.mask()
        passing = RowSet.of(mask)
        with self._lock, suppress(ValueError):  # larger than all that is kept
            self._masks[filters.key] = passing
        return passing


def _masks() -> LRUCache[Hashable, RowSet]:
    return LRUCache(_MASK_BYTES, getsizeof=lambda found: found.bits.nbytes + _ENTRY_BYTES)
