"""The seam to a backend: documents that were appended to a generation, and a reader of both at an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from retrieval.changes.history import Seen
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IndexedDocument


class Overlay(Protocol):
    """The products that were appended to one generation. What of them counts, the journal decides (`History`).

    Documents are numbered 0, 1 … as appended: the k-th upsert of the journal behind the generation is document k, and
    has row N+k. One may be here that never got into the journal, since it is written first: its writer died. It is
    seen by nobody, and replaced by the next that is written.
    """

    @property
    def patches(self) -> bool:
        """Whether a patch of numbers can be laid over a row; else each has to be written as an upsert."""

    def stamps(self, start: int) -> Sequence[bytes]:
        """`retrieval.changes.history.stamp` of each document from `start` on that is durably here."""

    def writing(self) -> AbstractContextManager[None]:
        """Held while documents are appended: one process and thread at a time."""

    def append(self, start: int, documents: Sequence[IndexedDocument], vectors: FloatArray | None,
               stamps: Sequence[bytes]) -> None:  # fmt: skip
        """Makes them documents `start` … durably and for every reader to come, in place of all that is there from
        `start` on.

        Args:
            vectors: shape (len(documents), dim); None in a generation without vectors.
        """

    def reader(self, base: IndexReader, seen: Seen) -> IndexReader:
        """The products of the generation, `base`, as of an epoch: rows N … are the documents appended until then.

        Whatever is asked for does not change any more. Scores of words may differ from those of a fresh generation,
        since what is gone counts in the statistics until it is compacted.
        """

    def close(self) -> None:
        """Gives back what it holds; idempotent."""


@runtime_checkable
class Changeable(Protocol):
    """What a backend offers, too, where its generations can be changed."""

    def overlay(self, generation: str) -> Overlay:
        """That of a finished generation."""

    def changing(self) -> AbstractContextManager[None]:
        """Held while changes are resolved, written and put into the journal: one writer at a time.

        Raises:
            StorageError: somebody else has held it for too long; said is who.
        """
