"""Takes changes of products: acknowledged when they are durable and can be searched, by this process and every other.

What is slow is done before the lock is taken. Under it the changes are resolved against what is there now, their
documents written, and last of all they get into the journal: that is when they happen, all of a batch at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from indexer.changes.catch_up import CatchUp
from indexer.changes.operations import Bad, Operation, Patched, Upsert, read_operation
from indexer.changes.resolving import Inspect, Resolved, Resolving, says
from indexer.changes.shelf import SHELF, Shelf
from indexer.changes.vectors import Vectors
from indexer.documents.analysed import analysed
from indexer.sources.limits import Limits
from indexer.sources.problems import Problem
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.changes.history import stamp
from retrieval.changes.journal import Change
from retrieval.changes.overlay import Changeable
from retrieval.changes.products import Followed
from retrieval.errors import InvalidRequest, NotReady, OverlayLost
from retrieval.protocols import Encoder, IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import IndexedDocument


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change.

    Attributes:
        position: of its entry in the journal; 0 where it was not taken.
        problem: why it was not.
    """

    id: str
    op: str
    position: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Serving:
    """The generation that is served, as it was built."""

    reader: IndexReader
    analyzer: Analyzer
    followed: Followed
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was made before the lock was taken; `documents` by the identity of their upserts."""

    serving: _Serving
    documents: dict[int, IndexedDocument]
    vectors: Vectors


class ProductWriter:
    """Thread-safe; several processes may write, one after the other."""

    def __init__(
        self,
        catch_up: CatchUp,
        *,
        limits: Limits,
        inspect: Inspect = lambda product: product,
        clock: Callable[[], float] = time.time,
    ) -> None:
        assert isinstance(catch_up.backend, Changeable)
        self._changing = catch_up.backend.changing
        self._catch_up, self._limits, self._clock = catch_up, limits, clock
        self._inspect = inspect
        self._backend, self._changes = catch_up.backend, catch_up.changes
        self._lock = Lock()
        self._opened: dict[str, _Serving] = {}

    def encoder(self) -> Encoder | None:
        """What new titles are encoded with."""
        return self._catch_up.encoder()

    def apply(self, given: Sequence[object], *, key: str = "", by: str = "", dry_run: bool = False) -> list[Outcome]:
        """What became of each change, in the order given; one that is bad stands in the way of no other.

        Args:
            key: of the call; the same again, with the same changes, is done once. "": not known.

        Raises:
            NotReady: nothing is published yet.
            StorageError: they cannot be kept; none of them was.
            InvalidRequest: the key came before with other changes.
        """
        try:
            return self._applied(given, key, by, dry_run=dry_run)
        except OverlayLost:  # by whoever deleted it, while this process believed it to be there
            self._changes.forget()
            self._opened = {}
            return self._applied(given, key, by, dry_run=dry_run)

    def _applied(self, given: Sequence[object], key: str, by: str, *, dry_run: bool) -> list[Outcome]:
        read = [self._inspected(read_operation(each, self._limits)) for each in given]
        keys = [f"{key}/{place}" if key else "" for place in range(len(read))]
        ahead = self._made_ahead(read)
        outcomes: list[Outcome | None] = [None] * len(read)
        taken: list[tuple[int, Resolved]] = []
        with self._changing():
            serving = self._serving()
            self._catch_up.follow(serving.reader, serving.followed)
            known = self._changes.journal.known(keys)
            ids = [each.id for each in read]
            resolving = Resolving(ids, serving.reader, serving.followed, self._changes, self._inspect, serving.shelf)
            for place, (each, own) in enumerate(zip(read, keys, strict=True)):
                if isinstance(each, Bad):
                    outcomes[place] = Outcome(each.id, each.op, problem=each.problem)
                elif (entry := known.get(own)) is not None:
                    if not says(entry.change, each):
                        raise _reused()
                    outcomes[place] = Outcome(each.id, each.op, entry.position)
                elif isinstance(found := resolving.resolve(each), Resolved):
                    taken.append((place, found))
                else:
                    outcomes[place] = Outcome(each.id, each.op, problem=found)
            at = self._clock()
            changes = [Change(each.kind, each.target, each.body, keys[place], by, at) for place, each in taken]
            if not dry_run:
                self._write([each for _, each in taken], changes, serving, ahead)
            positions = self._changes.journal.append(changes) if changes and not dry_run else [0] * len(changes)
        for (place, made), position in zip(taken, positions, strict=True):
            outcomes[place] = Outcome(made.target, read[place].op, position)
        return [outcome for outcome in outcomes if outcome is not None]

    def _inspected(self, read: Operation | Bad) -> Operation | Bad:
        """With what the listing check finds."""
        if not isinstance(read, Upsert):
            return read
        found = self._inspect(read.product)
        return replace(read, product=found) if isinstance(found, Product) else Bad(read.id, read.op, found)

    def _write(
        self, resolved: Sequence[Resolved], changes: Sequence[Change], serving: _Serving, ahead: _Ahead
    ) -> None:  # fmt: skip
        """The documents of upserts, as yet seen by nobody."""
        if ahead.serving is not serving:  # another generation was published meanwhile
            ahead = _Ahead(serving, {}, self._catch_up.vectors(serving.reader))
        made, stamps = [], []
        for each, change in zip(resolved, changes, strict=True):
            if each.upsert is not None:
                known = ahead.documents.get(id(each.upsert))
                made.append(known or analysed(each.upsert.product, serving.analyzer).indexed)
                stamps.append(stamp(change))
        if made:
            overlay, start = serving.followed.overlay, serving.followed.history.appended
            overlay.append(start, *ahead.vectors.of(made), stamps)

    def _made_ahead(self, read: Sequence[Operation | Bad]) -> _Ahead:
        """Documents and vectors of upserts, which take long; of products that change, the vectors that they have."""
        serving = self._serving()
        vectors = self._catch_up.vectors(serving.reader)
        upserts = [each for each in read if isinstance(each, Upsert)]
        made = {id(each): analysed(each.product, serving.analyzer).indexed for each in upserts}
        patches = serving.followed.overlay.patches
        heavy = [each for each in read if isinstance(each, Patched) and not (each.light and patches)]
        written: list[Upsert | Patched] = [*upserts, *heavy]
        if written:
            now = self._changes.since_built(PRODUCT.kind, serving.reader, self._changes.epoch())
            vectors.learn(now, now.rows_of([each.id for each in written]))
            vectors.of(list(made.values()))
        return _Ahead(serving, made, vectors)

    def _serving(self) -> _Serving:
        name = self._backend.current()
        if name is None:
            raise NotReady("there is no generation to change yet", hint="run xunhuo rebuild first")
        with self._lock:
            if name not in self._opened:
                reader = self._backend.open(name).collection(PRODUCT.kind)
                analyzer, followed = self._catch_up.analyzer_of(reader), self._changes.followed(reader)
                serving = _Serving(reader, analyzer, followed, Shelf(reader.attachment(SHELF)))
                self._opened = {name: serving}
            return self._opened[name]


def _reused() -> InvalidRequest:
    return InvalidRequest(
        "this key came with other changes before", field="idempotency-key", hint="take a new key for new changes"
    )
