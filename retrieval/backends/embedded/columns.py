"""Values by row, for filters, facets and orders: numbers as arrays, exact values as a dictionary with two-way lists.

An exact value is found from a row (``row_start``, ``row_values``: compressed sparse rows) to count facets, and its rows
are found from the value (``value_start``, ``value_rows``) to filter. All arrays are memory-mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from retrieval.backends.common.values import SOLD_OUT, alternatives_of, band_name
from retrieval.backends.embedded.arrays import mapped
from retrieval.schema import Schema
from retrieval.types import MISSING, FacetValue, Filters, IntArray, Mask


class ColumnsWriter:
    """Collects values row by row; about 100 bytes a document until `finish`."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._folder = folder
        self._numbers: dict[str, list[int]] = {name: [] for name in schema.numbers}
        self._codes: dict[str, dict[str, int]] = {name: {} for name in schema.keywords}
        self._values: dict[str, list[int]] = {name: [] for name in schema.keywords}
        self._starts: dict[str, list[int]] = {name: [0] for name in schema.keywords}

    def add(self, keywords: Mapping[str, Sequence[str]], numbers: Mapping[str, int]) -> None:
        for name, column in self._numbers.items():
            column.append(numbers.get(name, MISSING))
        for name, codes in self._codes.items():
            self._values[name] += [codes.setdefault(v, len(codes)) for v in dict.fromkeys(keywords.get(name, ()))]
            self._starts[name].append(len(self._values[name]))

    def finish(self) -> None:
        self._folder.mkdir(parents=True)
        for name, column in self._numbers.items():
            np.save(self._folder / f"{name}.npy", np.array(column, np.int64))
        for name in self._codes:
            values, start = np.array(self._values[name], np.int32), np.array(self._starts[name], np.int64)
            rows = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
            order = np.argsort(values, kind="stable")
            counts = np.bincount(values, minlength=len(self._codes[name]))
            np.save(self._folder / f"{name}.row_start.npy", start)
            np.save(self._folder / f"{name}.row_values.npy", values)
            np.save(self._folder / f"{name}.value_start.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
            np.save(self._folder / f"{name}.value_rows.npy", rows[order])
            (self._folder / f"{name}.json").write_bytes(orjson.dumps(list(self._codes[name])))


class _Keyword:
    def __init__(self, folder: Path, name: str) -> None:
        self.values: list[str] = orjson.loads((folder / f"{name}.json").read_bytes())
        self.codes = {value: code for code, value in enumerate(self.values)}
        self.row_start, self.row_values, self.value_start, self.value_rows = (
            mapped(folder / f"{name}.{part}.npy") for part in ("row_start", "row_values", "value_start", "value_rows")
        )


class ColumnsReader:
    """Of `rows` documents. Thread-safe, read-only."""

    def __init__(self, folder: Path, schema: Schema, rows: int) -> None:
        self._numbers = {name: mapped(folder / f"{name}.npy") for name in schema.numbers}
        self._keywords = {name: _Keyword(folder, name) for name in schema.keywords if _written(folder, name)}
        self._bands, self._rows = schema.bands, rows

    @property
    def size(self) -> int:
        """Rows of the shortest column."""
        starts = (len(keyword.row_start) - 1 for keyword in self._keywords.values())
        return min((*map(len, self._numbers.values()), *starts), default=self._rows)

    def mask(self, filters: Filters) -> Mask:
        """Shape (rows,): which rows pass. No document has a value of a field that its kind does not have."""
        passing = np.ones(self._rows, np.bool_)
        for name, group in alternatives_of(filters):
            passing &= self.having(name, group)
        low, high = filters.price
        if low is not None or high is not None:
            passing &= self._between("price", low, high)
        if filters.in_stock and "stock" in self._numbers:
            passing &= self._numbers["stock"] != SOLD_OUT
        return passing

    def numbers(self) -> dict[str, npt.NDArray[np.int64]]:
        """Column → its values, shape (rows,)."""
        return dict(self._numbers)

    def number(self, name: str, rows: IntArray) -> IntArray:
        return np.asarray(self._numbers[name][rows], np.int64)

    def facet(self, name: str, rows: IntArray) -> tuple[FacetValue, ...]:
        if name in self._bands:
            return self._counted_bands(name, rows)
        if (keyword := self._keywords.get(name)) is None:
            return ()
        start = keyword.row_start[rows]
        lengths = keyword.row_start[rows + 1] - start
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) - np.repeat(ends - lengths, lengths) + np.repeat(start, lengths)
        codes, counts = np.unique(keyword.row_values[places], return_counts=True)
        found = [FacetValue(keyword.values[code], int(n)) for code, n in zip(codes, counts, strict=True)]
        return tuple(sorted(found, key=lambda v: (-v.count, v.value)))

    def having(self, name: str, group: Sequence[str]) -> Mask:
        """Shape (rows,): which have one of the values."""
        some = np.zeros(self._rows, np.bool_)
        if (keyword := self._keywords.get(name)) is not None:
            for code in (keyword.codes[v] for v in group if v in keyword.codes):
                some[keyword.value_rows[keyword.value_start[code] : keyword.value_start[code + 1]]] = True
        return some

    def _between(self, name: str, low: int | None, high: int | None) -> Mask:
        if (column := self._numbers.get(name)) is None:
            return np.zeros(self._rows, np.bool_)
        passing = column != MISSING
        passing &= column >= (low if low is not None else MISSING)
        passing &= column <= (high if high is not None else np.iinfo(np.int64).max)
        return np.asarray(passing, np.bool_)

    def _counted_bands(self, name: str, rows: IntArray) -> tuple[FacetValue, ...]:
        values, edges = self.number(name, rows), self._bands[name]
        band = np.searchsorted(edges, values[values != MISSING], side="right") - 1
        counts = np.bincount(band, minlength=len(edges))
        return tuple(FacetValue(band_name(edges, i), int(n)) for i, n in enumerate(counts) if n)


def _written(folder: Path, name: str) -> bool:
    """Whether a generation has the keyword: one that is older than it has not, and no document of it has a value."""
    return (folder / f"{name}.json").exists()
