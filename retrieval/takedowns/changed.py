"""Changes with what is taken down on top: whatever a generation holds at an epoch, those rows are gone.

Take-downs belong to no generation, so none that is built anew, rolled back to, or moved here brings anything back.
"""

from __future__ import annotations

import numpy as np

from retrieval.changes.journal import Journal
from retrieval.changes.seen import Changes
from retrieval.protocols import IndexReader
from retrieval.takedowns.rows import GoneRows
from retrieval.takedowns.standing import Standing
from retrieval.takedowns.takedowns import TakeDowns
from retrieval.types import IntArray


class OnlyEpochs:
    """A `retrieval.changes.seen.Changes` of a catalogue that changes by rebuilds alone: the journal counts epochs."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def epoch(self) -> int:
        return self._journal.position()

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        return reader.without(np.empty(0, np.int64), epoch=epoch)

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return np.empty(0, np.int64)


class WithTakeDowns:
    """A `retrieval.changes.seen.Changes` over another. Thread-safe."""

    def __init__(self, changes: Changes, takedowns: TakeDowns) -> None:
        self._changes, self._takedowns, self._gone = changes, takedowns, GoneRows()

    def epoch(self) -> int:
        self._takedowns.standing()  # what expired in the meantime is an entry, and so an epoch
        return self._changes.epoch()

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        now = self._changes.since_built(kind, reader, epoch)
        gone = self._gone.of(kind, reader, now, self._takedowns.standing(epoch))
        return now.without(gone, epoch=epoch) if len(gone) else now

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return self._gone.again(kind, reader, self._takedowns.standing())

    def standing(self) -> Standing:
        """What stands now."""
        return self._takedowns.standing()
