"""Answers from one generation folder; the memory maps keep it readable even after the folder was pruned."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from retrieval.backends.common.values import excluded
from retrieval.backends.embedded.columns import ColumnsReader
from retrieval.backends.embedded.documents import DocumentsReader
from retrieval.backends.embedded.lexical import LexicalReader
from retrieval.backends.embedded.vectors import VectorsReader
from retrieval.backends.embedded.writer import MANIFEST
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError
from retrieval.generations import Manifest, read_manifest
from retrieval.protocols import Upcoming
from retrieval.types import (
    MISSING,
    Candidates,
    FacetValue,
    Filters,
    FloatArray,
    IntArray,
    LexicalQuery,
    Mask,
    Sort,
)

_MASKS_KEPT = 64

_SORT_COLUMNS = {
    Sort.SALES: ("sales_30d", 1),
    Sort.NEWEST: ("created_at", 1),
    Sort.PRICE_ASC: ("price", -1),
    Sort.PRICE_DESC: ("price", 1),
}


class EmbeddedReader:
    """See `retrieval.protocols.IndexReader`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._manifest = read_manifest((folder / MANIFEST).read_bytes(), folder.name)
            self._lexical = LexicalReader(folder / "lexical")
            self._columns = ColumnsReader(folder / "columns")
            self._documents = DocumentsReader(folder / "documents")
            encoded = self._manifest.encoder is not None
            self._vectors = VectorsReader(folder / "vectors", dict(self._manifest.vectors)) if encoded else None
        except (OSError, ValueError, KeyError, RuntimeError) as why:
            raise GenerationError(
                f"generation {folder.name} cannot be opened: {why}",
                hint="xunhuo generations verify tells what is damaged; xunhuo generations rollback serves an older one",
            ) from None
        self._masks: OrderedDict[Any, Mask] = OrderedDict()
        self._lock = Lock()

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def size(self) -> int:
        return self._documents.size

    def counts(self) -> dict[str, int]:
        """How many rows each part has; all must be equal."""
        counts = {"lexical": self._lexical.size, "columns": self._columns.size, "documents": self._documents.size}
        return counts | ({"vectors": self._vectors.size} if self._vectors else {})

    def forward(self, rows: IntArray) -> list[bytes]:
        return self._documents.forward(rows)

    def attachment(self, name: str) -> bytes | None:
        path = self._folder / "attachments" / name
        return path.read_bytes() if path.is_file() else None

    def check_vectors(self) -> list[str]:
        return self._vectors.check() if self._vectors else []

    def within(self, deadline: Deadline) -> EmbeddedReader:
        """The same: nothing here waits for another machine."""
        return self

    @property
    def travels(self) -> bool:
        return False

    def expect(
        self, steps: Sequence[tuple[LexicalQuery, int]], vector: FloatArray | None, depth: int, first: int
    ) -> None:
        """Nothing is gained: every question is answered at once."""

    def announce(self, upcoming: Upcoming) -> None:
        """Nothing is gained, as above."""

    def lexical(self, query: LexicalQuery, filters: Filters, depth: int) -> Candidates:
        if not query.weights or depth <= 0:
            return _nothing("lexical")
        rows, scores, matching = self._lexical.search(self._present(query), filters, depth)
        return self._ranked("lexical", rows, scores, complete=matching <= depth)

    def lexical_steps(self, steps: Sequence[tuple[LexicalQuery, int]]) -> Iterator[Candidates]:
        return (self.lexical(query, Filters(), depth) for query, depth in steps)

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        if not query.weights or not len(rows):
            return np.zeros(len(rows), np.float32)
        return self._lexical.scores(self._present(query), rows)

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        if self._vectors is None or not self.size or depth <= 0:
            return _nothing("semantic")
        mask = None if filters.empty else self._mask(filters)
        rows, scores = self._vectors.search(vector, depth, mask)
        passing = self.size if mask is None else int(mask.sum())
        return self._ranked("semantic", rows, scores, complete=passing <= depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        return self._vectors.scores(vector, rows) if self._vectors else np.zeros(len(rows), np.float32)

    def vectors(self, rows: IntArray) -> FloatArray:
        return self._vectors.vectors(rows) if self._vectors else np.empty((len(rows), 0), np.float32)

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        return rows if filters.empty else rows[self._mask(filters)[rows]]

    def by_id(self, rows: IntArray) -> IntArray:
        return self._documents.by_id(rows)

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        column, sign = _SORT_COLUMNS[sort]
        values = self._columns.number(column, rows)
        return np.where(values == MISSING, MISSING, sign * values)

    def facet(self, name: str, rows: IntArray) -> tuple[FacetValue, ...]:
        return self._columns.facet(name, rows)

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]]:
        return {name: self._columns.facet(name, rows) for name in names}

    def sources(self, rows: IntArray) -> list[bytes]:
        return self._documents.sources(rows)

    def row_of(self, document_id: str) -> int | None:
        return self._documents.row_of(document_id)

    def close(self) -> None:
        with self._lock:
            self._masks.clear()

    def _present(self, query: LexicalQuery) -> LexicalQuery:
        """Without the fields in which no document has text: they cannot match and only cost time."""
        counts = self._manifest.field_counts
        fields = {name: weight for name, weight in query.fields.items() if counts.get(name) and weight > 0}
        return LexicalQuery(query.weights, fields, query.terms, query.need)

    def _ranked(self, channel: str, rows: IntArray, scores: FloatArray, *, complete: bool) -> Candidates:
        order = np.lexsort((self._documents.by_id(rows), -scores))
        return Candidates(channel, rows[order], scores[order], complete)

    def _mask(self, filters: Filters) -> Mask:
        with self._lock:
            if (mask := self._masks.get(filters.key)) is not None:
                self._masks.move_to_end(filters.key)
                return mask
        mask = self._columns.mask(filters)
        if excluded(filters) or filters.having:
            by_words = np.zeros(self.size, np.bool_)
            by_words[self._lexical.rows_of(filters)] = True
            mask &= by_words
        with self._lock:
            self._masks[filters.key] = mask
            if len(self._masks) > _MASKS_KEPT:
                self._masks.popitem(last=False)
        return mask


def _nothing(channel: str) -> Candidates:
    return Candidates(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
