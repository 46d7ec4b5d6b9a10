"""What a request sees of the changes since its generation was built: the seam between serving and whoever applies them.

An epoch is a position of the journal. The same generation at the same epoch is the same documents, in every process.
What is taken down is more than a change: it is out of what was frozen before, too, so a page is looked at again when it
is cut.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.types import IntArray


class Changes(Protocol):
    """Safe between threads."""

    def epoch(self) -> int:
        """How far the changes are, ≥ 0. Asked in every request, so it costs microseconds."""

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        """Documents of one kind at an epoch, out of `reader`, which has them as they were built.

        Raises:
            CursorExpired: the epoch cannot be seen any more.
        """

    def forget(self) -> None:
        """What is known of generations is found out anew, after an `OverlayLost`."""

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        """Rows of `reader`, at whatever epoch, that may not be shown now; ascending."""


class Unchanged:
    """Nothing ever changes: for what is only measured, and for tests of other things."""

    def epoch(self) -> int:
        return 0

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        return reader

    def forget(self) -> None:
        pass

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return np.empty(0, np.int64)
