"""The parts of a reader, with appended documents behind those of a generation, and numbers laid over both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import orjson

from retrieval.backends.embedded.columns import ColumnsReader
from retrieval.backends.embedded.documents import DocumentsReader
from retrieval.backends.embedded.rowset import RowSet
from retrieval.backends.embedded.tail import Tail
from retrieval.backends.embedded.vectors import VectorsReader
from retrieval.changes.history import Seen
from retrieval.forward_head import with_numbers
from retrieval.schema import Schema
from retrieval.types import FacetValue, FloatArray, IntArray, Mask


class OverlaidColumns(ColumnsReader):
    """Of `base` and the first `count` documents of a tail. `numbers`: column → its values, shape (rows,)."""

    def __init__(
        self, base: ColumnsReader, tail: Tail, count: int, numbers: Mapping[str, IntArray], schema: Schema
    ) -> None:
        self._base, self._tail, self._count, self._split = base, tail, count, base.size
        self._numbers, self._bands, self._rows = dict(numbers), schema.bands, base.size + count

    @property
    def size(self) -> int:
        return self._rows

    def facet(self, name: str, rows: IntArray) -> tuple[FacetValue, ...]:
        if name in self._bands:
            return self._counted_bands(name, rows)
        appended = rows >= self._split
        counts = Counter({each.value: each.count for each in self._base.facet(name, rows[~appended])})
        for place in (rows[appended] - self._split).tolist():
            counts.update(self._tail.keyword(name, place).keys())
        found = [FacetValue(value, count) for value, count in counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.value)))

    def having(self, name: str, group: Sequence[str]) -> Mask:
        some = np.zeros(self._rows, np.bool_)
        some[: self._split] = self._base.having(name, group)
        values: Mapping[str, Sequence[int]] = self._tail.rows_with.get(name, {})
        for places in (values[value] for value in group if value in values):
            some[self._split + np.array(places[: self._tail.first_below(places, self._count)], np.int64)] = True
        return some


class OverlaidVectors(VectorsReader):
    """`base`, and the appended `tail`, shape (n, dim), which is scanned exactly."""

    def __init__(self, base: VectorsReader, tail: FloatArray) -> None:
        self._base, self._tail, self._split = base, tail, base.size

    @property
    def size(self) -> int:
        return self._split + len(self._tail)

    def check(self) -> list[str]:
        return self._base.check()

    def vectors(self, rows: IntArray) -> FloatArray:
        appended = rows >= self._split
        if not appended.any():
            return self._base.vectors(rows)
        out = np.empty((len(rows), self._tail.shape[1]), np.float32)
        out[~appended] = self._base.vectors(rows[~appended])
        out[appended] = self._tail[rows[appended] - self._split]
        return out

    def search(self, vector: FloatArray, depth: int, among: RowSet | None) -> tuple[IntArray, FloatArray]:
        assert among is not None  # whatever is overlaid knows who is alive
        living = among.mask()
        places = np.flatnonzero(living[self._split :])
        part = among if len(self._tail) == 0 else RowSet.of(living[: self._split])
        rows, scores = self._base.search(vector, depth, part)
        near = (self._tail @ vector)[places] if len(places) else np.empty(0, np.float32)
        rows, scores = np.concatenate((rows, places + self._split)), np.concatenate((scores, near))
        best = np.argsort(-scores, kind="stable")[:depth]
        return rows[best], scores[best]


class OverlaidDocuments(DocumentsReader):
    """`base`, the first `count` documents of a tail, and what `seen` says otherwise of both."""

    def __init__(self, base: DocumentsReader, tail: Tail, seen: Seen, columns: OverlaidColumns) -> None:
        self._base, self._tail, self._seen, self._columns = base, tail, seen, columns
        self._split, self._count = base.size, seen.appended

    @property
    def size(self) -> int:
        return self._split + self._count

    def sources(self, rows: IntArray) -> list[bytes]:
        found = self._each(rows, self._base.sources, "source")
        for place, row in enumerate(rows.tolist()):
            if row in self._seen.fields and (fields := self._seen.fields_of(row)):
                merged = orjson.loads(found[place]) | fields
                found[place] = orjson.dumps({name: value for name, value in merged.items() if value is not None})
        return found

    def forward(self, rows: IntArray) -> list[bytes]:
        found = self._each(rows, self._base.forward, "forward")
        patched = [place for place, row in enumerate(rows.tolist()) if row in self._seen.fields]
        if patched:
            there = rows[patched]
            told = (self._columns.number(name, there).tolist() for name in ("sales_30d", "price"))
            for place, sales, price in zip(patched, *told, strict=True):
                found[place] = with_numbers(found[place], sales, price)
        return found

    def by_id(self, rows: IntArray) -> IntArray:
        order, appended = self._tail.order, rows >= self._split
        if not len(order.before):
            return self._base.by_id(rows)
        out = np.empty(len(rows), np.int64)
        ranks = self._base.by_id(rows[~appended])
        out[~appended] = ranks + np.searchsorted(order.before, ranks, side="right")
        places = order.places[rows[appended] - self._split]
        out[appended] = order.before[places] + places
        return out

    def row_of(self, document_id: str) -> int | None:
        return self.rows_of([document_id])[0]

    def rows_of(self, document_ids: Sequence[str]) -> list[int | None]:
        found = self._base.rows_of(document_ids)
        for place, document_id in enumerate(document_ids):
            places = self._tail.places_of.get(document_id, ())
            if (known := self._tail.first_below(places, self._count)) > 0:
                found[place] = self._split + places[known - 1]
        return found

    def _each(self, rows: IntArray, of_base: Callable[[IntArray], list[bytes]], what: str) -> list[bytes]:
        appended = rows >= self._split
        if not appended.any():
            return of_base(rows)
        before = iter(of_base(rows[~appended]))
        return [
            getattr(self._tail.documents[row - self._split], what) if behind else next(before)
            for row, behind in zip(rows.tolist(), appended.tolist(), strict=True)
        ]
