"""What the journal did to the products of one generation, as arrays: so any epoch can be served, and again.

Rows 0 … N-1 are those of the generation. The k-th upsert behind it has row N+k, whatever else happened, so every
process numbers alike. An upsert makes the row that the id had before go, a delete too, and a patch of numbers leaves
the row where it is. Nothing is ever forgotten: an epoch is how far each log is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
import numpy as np

from retrieval.changes.journal import Change, Entry
from retrieval.protocols import IndexReader
from retrieval.types import MISSING, IntArray

UPSERT, PATCH, DELETE = "upsert", "patch", "delete"
PRODUCT_CHANGES = (UPSERT, PATCH, DELETE)
"""Kinds of entries: the body of an upsert is the record as JSON, that of a patch a `Patch`, that of a delete empty."""

ON = "on"
OFF = "off"
"""Name of the attachment of a generation that says which of its products were off when it was built: int64 rows."""
PATCHED = ("price", "stock", "sales_30d")
"""Columns that a patch may change."""


class Patch(msgspec.Struct, frozen=True):
    """What a patch says, checked and ready to be laid over a row.

    Attributes:
        fields: of the record, as they will stand there; null takes one away.
        numbers: column → its value; null: missing.
        alive: whether the product can be found from now on; null: as it was.
    """

    fields: Mapping[str, object] = {}
    numbers: Mapping[str, int | None] = {}
    alive: bool | None = None


class _Status(msgspec.Struct):
    status: str = ON


_patch, _status = msgspec.json.Decoder(Patch), msgspec.json.Decoder(_Status)


def stamp(change: Change) -> bytes:
    """Eight bytes by which an overlay and a journal tell that they speak of the same document."""
    digest = blake2b(change.target.encode("utf-8", "surrogatepass") + b"\0", digest_size=8)
    digest.update(change.body)
    return digest.digest()


def off_rows(built: IndexReader) -> IntArray:
    """The rows of a generation that cannot be found until their products are put on again; ascending."""
    return np.frombuffer(built.attachment(OFF) or b"", np.int64)


class Log:
    """Values of rows, each from a position on; only ever appended to, so what was read of it stays as it is."""

    def __init__(self) -> None:
        self._table = np.empty((3, 64), np.int64)
        self._used = 0

    def add(self, position: int, row: int, value: int) -> None:
        if self._used == self._table.shape[1]:
            self._table = np.concatenate((self._table, np.empty_like(self._table)), axis=1)
        self._table[:, self._used] = position, row, value
        self._used += 1

    def between(self, after: int, until: int) -> tuple[IntArray, IntArray]:
        """(rows, values) of the positions in (after, until], in order: of two values of a row the later one holds."""
        table = self._table[:, : self._used]
        first, last = np.searchsorted(table[0], (after, until), side="right")
        return table[1, first:last], table[2, first:last]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A history, read up to an epoch.

    Attributes:
        appended: how many documents were appended.
        alive: 1 or 0 from a position on; as built, rows of the generation are alive.
        numbers: column → its log.
        fields: row → (position, fields of its record) in order, those behind the epoch, too.
    """

    epoch: int
    appended: int
    alive: Log
    numbers: Mapping[str, Log]
    fields: Mapping[int, Sequence[tuple[int, Mapping[str, object]]]]

    def fields_of(self, row: int) -> dict[str, object]:
        """What the record of `row` says otherwise than when it was written; None: no more."""
        merged: dict[str, object] = {}
        for position, fields in tuple(self.fields.get(row, ())):
            if position <= self.epoch:
                merged.update(fields)
        return merged


class History:
    """Of the products of `base`, the generation as it was built. One thread advances it at a time; `at` is for all.

    Attributes:
        position: of the last entry that it knows.
    """

    def __init__(self, base: IndexReader, position: int) -> None:
        """`position` is that of the last entry that the generation was built with."""
        self._base, self._bound = base, base.rows
        self.position = self._built = position
        self._rows: dict[str, int | None] = {}
        self._deleted: set[str] = set()
        self._left = Log()
        self._upserts = Log()
        self._appended = 0
        self._alive, self._numbers = Log(), {name: Log() for name in PATCHED}
        for row in off_rows(base).tolist():
            self._alive.add(position, row, 0)
        self._fields: dict[int, list[tuple[int, Mapping[str, object]]]] = {}

    @property
    def appended(self) -> int:
        """Documents that were appended so far."""
        return self._appended

    def advance(self, entries: Sequence[Entry], stamps: Sequence[bytes]) -> bool:
        """Takes over the next entries of the journal; those of other kinds change nothing.

        Args:
            stamps: of the documents that the overlay holds behind those that were appended so far.

        Returns:
            False where an upsert is not in the overlay yet: it and all behind it are left out.
        """
        before = self._appended
        self._look_up([entry.change.target for entry in entries if entry.change.kind in PRODUCT_CHANGES])
        for entry in entries:
            change = entry.change
            if change.kind == UPSERT:
                place = self._appended - before
                if place >= len(stamps) or stamps[place] != stamp(change):
                    return False
                self._upsert(entry.position, change)
            elif change.kind == PATCH:
                self._patch(entry.position, change)
            elif change.kind == DELETE:
                self._leave(entry.position, change.target)
                self._rows[change.target] = None
                self._deleted.add(change.target)
            self.position = entry.position
        return True

    def rows_of(self, ids: Sequence[str]) -> list[int | None]:
        """The row of each product now, those that are off, too; None where there is none."""
        self._look_up(ids)
        return [self._rows[each] for each in ids]

    @property
    def deleted(self) -> frozenset[str]:
        """Ids that were deleted since the generation was built, whatever became of them later."""
        return frozenset(self._deleted)

    def was_deleted(self, document_id: str) -> bool:
        """Whether it is one of `deleted`."""
        return document_id in self._deleted

    def off(self, epoch: int) -> IntArray:
        """The rows of products that were there at an epoch and could not be found, ascending."""
        rows, living = self._alive.between(-1, epoch)
        last = dict(zip(rows.tolist(), living.tolist(), strict=True))
        there, _ = self._left.between(-1, epoch)
        return np.array(sorted({row for row, alive in last.items() if not alive} - set(there.tolist())), np.int64)

    def at(self, epoch: int) -> Seen:
        """As of a position; positions that it does not know yet change nothing."""
        appended = len(self._upserts.between(self._built, epoch)[0])
        return Seen(epoch, appended, self._alive, self._numbers, self._fields)

    def _look_up(self, ids: Sequence[str]) -> None:
        new = [each for each in dict.fromkeys(ids) if each not in self._rows]
        self._rows.update(zip(new, self._base.rows_of(new), strict=True) if new else ())

    def _upsert(self, position: int, change: Change) -> None:
        self._leave(position, change.target)
        row = self._bound + self._appended
        self._alive.add(position, row, int(_status.decode(change.body).status == ON))
        self._rows[change.target] = row
        self._appended += 1
        self._upserts.add(position, row, 1)

    def _patch(self, position: int, change: Change) -> None:
        if (row := self._rows[change.target]) is None:
            return
        patch = _patch.decode(change.body)
        for name, value in patch.numbers.items():
            self._numbers[name].add(position, row, MISSING if value is None else value)
        if patch.fields:
            self._fields.setdefault(row, []).append((position, patch.fields))
        if patch.alive is not None:
            self._alive.add(position, row, int(patch.alive))

    def _leave(self, position: int, target: str) -> None:
        if (row := self._rows[target]) is not None:
            self._alive.add(position, row, 0)
            self._left.add(position, row, 0)
