"""Changes of one batch, resolved in their order against what is there, under the lock of whoever writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import orjson
from pydantic import ValidationError

from indexer.changes.operations import Delete, Operation, Upsert, upsert_of
from indexer.changes.shelf import Shelf
from indexer.listing.check import FIELD as FINDINGS
from indexer.sources.problems import Problem, first_problem
from indexer.sources.records import Product
from retrieval.changes.history import DELETE, PATCH, UPSERT
from retrieval.changes.journal import Change
from retrieval.changes.products import Followed, ProductChanges
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT

Inspect = Callable[[Product], Product | Problem]
"""A product with what is to be said of it, or why it may not be listed."""

MISSING: Problem = ("id", "not_found", "there is no such product; send the whole record as an upsert")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What will stand in the journal; `upsert` where a document is to be written."""

    kind: str
    target: str
    body: bytes
    upsert: Upsert | None = None


def says(change: Change, given: Operation) -> bool:
    """Whether what stands in the journal came of this operation."""
    if change.target != given.id:
        return False
    if isinstance(given, Delete):
        return change.kind == DELETE
    if isinstance(given, Upsert):
        return change.kind == UPSERT and _as_sent(orjson.loads(change.body)) == _as_sent(given.product.source())
    if change.kind == PATCH:
        return change.body == msgspec.json.encode(given.patch())
    if change.kind != UPSERT:
        return False
    record = orjson.loads(change.body)
    return all(record.get(name) == value for name, value in given.fields.items())


def _as_sent(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != FINDINGS}


class Resolving:
    """Knows what earlier changes of the batch did."""

    def __init__(
        self, ids: Sequence[str], reader: IndexReader, followed: Followed, changes: ProductChanges, inspect: Inspect,
        shelf: Shelf,
    ) -> None:  # fmt: skip
        """`ids` are all that will be asked for; `reader` is the generation as it was built, `followed` what the journal
        says of it, `shelf` what was off when it was."""
        self._shelf = shelf
        self._base, self._followed, self._changes, self._inspect = reader, followed, changes, inspect
        with followed.lock:
            self._rows = dict(zip(ids, followed.history.rows_of(ids), strict=True))
        self._sources: dict[str, bytes] | None = None
        self._whole: dict[str, Mapping[str, Any] | None] = {}
        self._patched: dict[str, dict[str, Any]] = {}

    def resolve(self, given: Operation) -> Resolved | Problem:
        """What is to be done, or why nothing can be."""
        if isinstance(given, Upsert):
            return self._upsert(given)
        if isinstance(given, Delete):
            self._whole[given.id] = None
            return Resolved(DELETE, given.id, b"")  # of what is not there, too: a rebuild under way may bring it
        if not self._known(given.id):
            return MISSING
        if given.light and self._followed.overlay.patches and self._rows[given.id] is not None:
            self._patched.setdefault(given.id, {}).update(given.fields)
            return Resolved(PATCH, given.id, msgspec.json.encode(given.patch()))
        try:
            made = upsert_of(self._record(given.id), given.fields)
        except ValidationError as errors:
            return first_problem(errors)
        found = self._inspect(made.product)
        return self._upsert(replace(made, product=found)) if isinstance(found, Product) else found

    def _upsert(self, given: Upsert) -> Resolved:
        record = given.product.source()
        self._whole[given.id], self._patched[given.id] = record, {}
        return Resolved(UPSERT, given.id, orjson.dumps(record), given)

    def _known(self, name: str) -> bool:
        if name in self._whole:
            return self._whole[name] is not None
        return self._rows[name] is not None or self._shelved(name) is not None

    def _shelved(self, name: str) -> dict[str, Any] | None:
        """Of a product that was off when the generation was built, and was not deleted since."""
        return None if self._followed.history.was_deleted(name) else self._shelf.record(name)

    def _record(self, name: str) -> dict[str, Any]:
        """Of a known product, as it is after what came before."""
        record = self._whole.get(name)
        if record is None and self._rows[name] is None:
            record = self._shelved(name)
        if record is None:
            record = orjson.loads(self._source(name))
        return {**record, **self._patched.get(name, {})}

    def _source(self, name: str) -> bytes:
        """As of before the batch; all of its products are read at once, since each is a journey on a cluster."""
        if self._sources is None:
            there = {name: row for name, row in self._rows.items() if row is not None}
            now = self._changes.since_built(PRODUCT.kind, self._base, self._changes.epoch())
            sources = now.sources(np.array([*there.values()], np.int64))
            self._sources = dict(zip(there, sources, strict=True))
        return self._sources[name]
