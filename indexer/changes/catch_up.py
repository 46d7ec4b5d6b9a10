"""Writes what the overlay of a generation lacks of the journal: after a crash, a rebuild, a rollback, a restore.

The same code for all, since in each the journal is right and an overlay follows from it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass

import orjson

from indexer.changes.vectors import Vectors
from indexer.documents.analysed import analysed
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.changes.history import UPSERT, stamp
from retrieval.changes.products import Followed, ProductChanges, check_goes_on
from retrieval.generations import check_readable
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.schema import PRODUCT

_BATCH = 500

AnalyzerOf = Callable[[IndexReader], Analyzer]
"""The analyzer that cut the documents of a generation."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """For all generations of a backend. `encoder` is asked for when something has to be encoded."""

    backend: Backend
    changes: ProductChanges
    analyzer_of: AnalyzerOf
    encoder: Callable[[], Encoder | None]

    def __call__(self, generation: str) -> int:
        """Catches up with the journal as it is now; how many documents were written."""
        with closing(self.backend.open(generation)) as opened:
            reader = opened.collection(PRODUCT.kind)
            return self.follow(reader, self.changes.followed(reader))

    def follow(self, reader: IndexReader, followed: Followed) -> int:
        """The same for a generation that is open; `reader` is as it was built.

        Raises:
            StorageError: the journal ends before the generation was built, so it is not the one that it was built with.
        """
        until, written = self.changes.journal.head(), 0
        check_goes_on(reader.manifest, until)
        if self.changes.follow(followed, until):
            return 0
        analyzer = self.analyzer_of(reader)
        with followed.overlay.writing(), ExitStack() as stack:
            encoded = self._encoded(reader, stack)
            while not self.changes.follow(followed, until):
                history = followed.history
                entries = self.changes.journal.read(history.position, _BATCH, (UPSERT,))
                made = [
                    analysed(Product.model_validate(orjson.loads(entry.change.body)), analyzer).indexed
                    for entry in entries
                ]
                vectors = self.vectors(reader)
                vectors.learn(encoded, encoded.rows_of([entry.change.target for entry in entries]))
                stamps = [stamp(entry.change) for entry in entries]
                followed.overlay.append(history.appended, *vectors.of(made), stamps)
                written += len(made)
        return written

    def _encoded(self, reader: IndexReader, stack: ExitStack) -> IndexReader:
        """Products whose vectors are known: those that are served now, where they fit; else `reader`."""
        name = self.backend.current()
        if name is None or name == reader.manifest.generation:
            return reader
        served = stack.enter_context(closing(self.backend.open(name))).collection(PRODUCT.kind)
        if served.manifest.encoder != reader.manifest.encoder:
            return reader
        return self.changes.since_built(PRODUCT.kind, served, self.changes.epoch())

    def vectors(self, reader: IndexReader) -> Vectors:
        """Of documents of a generation, none of them known yet."""

        def encoder() -> Encoder | None:
            found = self.encoder()
            check_readable(reader.manifest, analyzer=None, encoder=found.fingerprint if found else "none")
            return found

        return Vectors(reader.manifest.dim if reader.manifest.encoder else 0, encoder)
