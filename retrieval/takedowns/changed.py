"""Changes with what is taken down on top: whatever a generation holds at an epoch, those rows are gone.

Take-downs belong to no generation, so none that is built anew, rolled back to, or moved here brings anything back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from threading import Lock

import orjson
from cachetools import LRUCache

from retrieval.analysis.normalize import normalize
from retrieval.changes.seen import Changes
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT, VIDEO
from retrieval.takedowns.bans import Ban
from retrieval.takedowns.marks import KINDS
from retrieval.takedowns.rows import GoneRows
from retrieval.takedowns.standing import Standing
from retrieval.takedowns.takedown import Kind, TakeDown, target_of
from retrieval.takedowns.takedowns import TakeDowns
from retrieval.types import IntArray

_KEPT = 4
_MOST_ROWS = 20_000
"""Of which titles are told, and ids withheld."""


class WithTakeDowns:
    """A `retrieval.changes.seen.Changes` over another, and `retrieval.takedowns.bans.Bans`. Thread-safe."""

    def __init__(self, changes: Changes, takedowns: TakeDowns) -> None:
        self._changes, self.takedowns, self._gone = changes, takedowns, GoneRows()
        self._known: LRUCache[tuple[str, str, int, int], frozenset[str]] = LRUCache(_KEPT)
        self._lock = Lock()

    def epoch(self) -> int:
        self.takedowns.standing()  # what expired in the meantime is an entry, and so an epoch
        return self._changes.epoch()

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        now = self._changes.since_built(kind, reader, epoch)
        gone = self._gone.of(kind, reader, now, self.takedowns.standing(epoch))
        return now.without(gone, epoch=epoch) if len(gone) else now

    def forget(self) -> None:
        self._changes.forget()

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return self._gone.again(kind, reader, self.takedowns.standing())

    def ban(self, *texts: str) -> Ban | None:
        standing = self.takedowns.standing()
        found = next((ban for text in texts if (ban := standing.bans(text)) is not None), None)
        return Ban(found.show_notice) if found else None

    def unsayable(self, text: str) -> bool:
        return self.takedowns.standing().unsayable(text)

    def unsayable_of(self, texts: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(self.takedowns.standing().unsayable, texts))

    def stands(self, kind: Kind, value: str) -> bool:
        return target_of(kind, value) in self.takedowns.standing().takedowns

    def titles(self, reader: IndexReader) -> Collection[str]:
        standing = self.takedowns.standing()
        told = [each for each in standing.of(*KINDS[PRODUCT.kind]) if each.show_notice]
        return self._of_rows("title", PRODUCT.kind, reader, told, standing) if told else frozenset()

    def videos(self, reader: IndexReader | None) -> frozenset[str]:
        standing = self.takedowns.standing()
        named = frozenset(each.value for each in standing.of(Kind.VIDEO))
        if reader is None or not (others := [e for e in standing.of(*KINDS[VIDEO.kind]) if e.kind is not Kind.VIDEO]):
            return named
        return named | self._of_rows("id", VIDEO.kind, reader, others, standing)

    def _of_rows(
        self, field: str, kind: str, reader: IndexReader, takedowns: Iterable[TakeDown], standing: Standing
    ) -> frozenset[str]:
        """A field of the records that these hit, in normal form where it is a text."""
        key = field, reader.snapshot.generation, reader.rows, standing.position
        with self._lock:
            known = self._known.get(key)
        if known is None:
            rows = self._gone.hit(kind, reader, takedowns)[:_MOST_ROWS]
            values = [str(orjson.loads(source)[field]) for source in reader.sources(rows)]
            known = frozenset(values if field == "id" else map(normalize, values))
            with self._lock:
                self._known[key] = known
        return known
