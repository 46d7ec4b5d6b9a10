"""What was appended to the products of a generation, in a folder beside it; the generation itself is never written.

Words go into a hard-linked clone of its text index, so BM25 is global; what is gone counts in its statistics until it
is compacted, as in Lucene. Everything else is in `TailFile`, whose index is written last.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from retrieval.backends.embedded.folder import link
from retrieval.backends.embedded.held import Held
from retrieval.backends.embedded.lexical import LexicalReader
from retrieval.backends.embedded.lexical_writer import LexicalAmender
from retrieval.backends.embedded.number_columns import NumberColumns
from retrieval.backends.embedded.overlaid import OverlaidColumns, OverlaidDocuments, OverlaidVectors
from retrieval.backends.embedded.reader import EmbeddedReader, Parts
from retrieval.backends.embedded.rowset import RowSet
from retrieval.backends.embedded.tail import Tail
from retrieval.backends.embedded.tail_file import TailFile
from retrieval.changes.history import Seen
from retrieval.errors import OverlayLost
from retrieval.generations import Manifest
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT, Schema
from retrieval.types import FloatArray, IndexedDocument

_HEAP_BYTES = 32_000_000
"""For the words of one batch."""
_FILTERED = ("price", "stock")
"""Columns by which the text index filters, too."""


class EmbeddedOverlay:
    """See `retrieval.changes.overlay.Overlay`. `reader` is for one thread at a time."""

    def __init__(self, built: Path, folder: Path, schema: Schema, manifest: Manifest, *, patience_s: float) -> None:
        """`built` holds the products of the generation, `folder` what was appended, as soon as something is."""
        self._built, self._folder, self._schema = built / "lexical", folder, schema
        self._bound = manifest.collections[PRODUCT.kind].documents
        self._dim = manifest.dim if manifest.encoder else 0
        self._file = TailFile(folder, self._dim)
        self._held = Held(folder / "tail.lock", f"nothing was appended to {manifest.generation}", patience_s=patience_s)
        self._tail: Tail | None = None
        self._numbers: NumberColumns | None = None
        self._lexical: tuple[int, LexicalReader] | None = None

    @property
    def patches(self) -> bool:
        return True

    def stamps(self, start: int) -> Sequence[bytes]:
        return self._file.stamps(start) if (self._folder / "lexical").is_dir() else ()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._held():
            yield

    def append(
        self, start: int, documents: Sequence[IndexedDocument], vectors: FloatArray | None, stamps: Sequence[bytes]
    ) -> None:
        with self._held():
            lines = self._file.write(start, documents, vectors)
            self._add_words(start, documents)
            self._file.confirm(lines, stamps)

    def reader(self, base: IndexReader, seen: Seen) -> IndexReader:
        assert isinstance(base, EmbeddedReader)
        parts = base.parts
        if self._tail is None or self._numbers is None:
            self._tail = Tail(self._file, self._dim, parts.documents)
            self._numbers = NumberColumns(parts.columns, self._tail)
        tail, count = self._tail, seen.appended
        tail.load(count)
        columns = OverlaidColumns(parts.columns, tail, count, self._numbers.at(seen), self._schema)
        overlaid = Parts(
            OverlaidDocuments(parts.documents, tail, seen, columns),
            self._words(count) if count else parts.lexical,
            columns,
            OverlaidVectors(parts.vectors, tail.vectors(count)) if parts.vectors else None,
            tail.field_counts + Counter(parts.field_counts),
            stale=any(len(seen.numbers[name].between(0, seen.epoch)[0]) for name in _FILTERED),
        )
        return base.over(overlaid, _alive(self._bound, seen), epoch=seen.epoch)

    def close(self) -> None:
        self._tail = self._numbers = self._lexical = None

    def _words(self, count: int) -> LexicalReader:
        """A text index that has the first `count` documents; the latest one is kept."""
        if self._lexical is None or self._lexical[0] < count:
            if not (self._folder / "lexical").is_dir():
                raise OverlayLost(f"what was appended is gone from {self._folder}", field="data_dir", hint="try again")
            self._lexical = count, LexicalReader(self._folder / "lexical")
        return self._lexical[1]

    def _add_words(self, start: int, documents: Sequence[IndexedDocument]) -> None:
        clone = self._folder / "lexical"
        if not clone.is_dir():
            aside = self._folder / f".lexical-{os.getpid()}"
            shutil.rmtree(aside, ignore_errors=True)
            link(self._built, aside)
            aside.rename(clone)
        row, rows = self._bound + start, LexicalReader(clone).size
        if rows < row:
            raise OverlayLost(
                f"the text index in {self._folder} lacks documents", field="data_dir",
                hint="stop the service and delete the folder: it is made again from the journal",
            )  # fmt: skip
        with closing(LexicalAmender(clone, self._schema, _HEAP_BYTES)) as words:
            for left in range(row, max(rows, row)):  # by a writer that died before it could say that they are there
                words.remove(left)
            for place, each in enumerate(documents):
                words.add(row + place, each)
            words.finish()


def _alive(bound: int, seen: Seen) -> RowSet:
    alive = np.zeros(bound + seen.appended, np.bool_)
    alive[:bound] = True
    rows, living = seen.alive.between(-1, seen.epoch)
    alive[rows] = living
    return RowSet.of(alive)
