"""Some products of a generation, evenly spaced, so that a check of millions costs what a check of thousands does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from retrieval.protocols import IndexReader
from retrieval.types import IntArray

Record = Mapping[str, Any]
"""A product as it is stored (docs/input.md)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows of one generation, shape (n,), ascending where they were drawn, with their records."""

    rows: IntArray
    records: list[Record]

    def __len__(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The same products, by id, in the new generation and in the served one: one record beside the other."""

    now: Sample
    before: Sample

    def __len__(self) -> int:
        return len(self.now)

    def where(self, chosen: IntArray) -> Pairs:
        """Those at some places."""
        return Pairs(_at(self.now, chosen), _at(self.before, chosen))

    def of_one_title(self) -> Pairs:
        """Those whose title did not change."""
        both = zip(self.now.records, self.before.records, strict=True)
        return self.where(np.flatnonzero([one["title"] == other["title"] for one, other in both]))


def no_sample() -> Sample:
    """Of nothing."""
    return Sample(np.empty(0, np.int64), [])


def spaced(rows: int, count: int) -> IntArray:
    """At most `count` of `rows`, evenly spaced, the first and the last among them."""
    return np.unique(np.linspace(0, rows - 1, min(rows, count)).astype(np.int64))


def sample_of(reader: IndexReader, count: int) -> Sample:
    """At most `count` products."""
    rows = spaced(reader.rows, count)
    return Sample(rows, read(reader, rows))


def pairs_of(sample: Sample, served: IndexReader) -> Pairs:
    """What of a sample of the new generation is in the served one, too."""
    rows = served.rows_of([str(record["id"]) for record in sample.records])
    known = np.flatnonzero([row is not None for row in rows])
    old = np.array([row for row in rows if row is not None], np.int64)
    return Pairs(_at(sample, known), Sample(old, read(served, old)))


def read(reader: IndexReader, rows: IntArray) -> list[Record]:
    """The records of `rows`."""
    return [orjson.loads(source) for source in reader.sources(rows)]


def root_of(record: Record) -> str:
    """The first name of its category, "" without one."""
    category = record.get("category") or ()
    return str(category[0]) if category else ""


def _at(sample: Sample, places: IntArray) -> Sample:
    return Sample(sample.rows[places], [sample.records[place] for place in places.tolist()])
