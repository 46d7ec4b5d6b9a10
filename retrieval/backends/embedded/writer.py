"""Builds one generation in a folder of its own, next to the published ones and invisible until it is published."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from retrieval.backends.common.tokens import with_text
from retrieval.backends.embedded.columns import ColumnsWriter
from retrieval.backends.embedded.documents import DocumentsWriter
from retrieval.backends.embedded.folder import checksums, complete, write_attachment
from retrieval.backends.embedded.lexical_writer import LexicalWriter
from retrieval.backends.embedded.libraries import versions
from retrieval.backends.embedded.vectors import VectorsWriter
from retrieval.generations import Collection, Manifest
from retrieval.schema import Schema
from retrieval.types import Buffer, FloatArray, IndexedDocument


class CollectionWriter:
    """See `retrieval.protocols.IndexWriter`. `dim` is that of the generation, 0: without vectors."""

    def __init__(self, folder: Path, schema: Schema, dim: int) -> None:
        self._rows = 0
        self._field_counts: Counter[str] = Counter()
        self._lexical = LexicalWriter(folder / "lexical", schema)
        self._columns = ColumnsWriter(folder / "columns", schema)
        self._documents = DocumentsWriter(folder / "documents")
        self._vectors = VectorsWriter(folder / "vectors", dim) if dim and schema.encoded else None

    def add(self, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
        for indexed in documents:
            document = indexed.document
            self._lexical.add(self._rows, indexed)
            self._columns.add(document.keywords, document.numbers)
            self._documents.add(document.id, document.source, indexed.forward)
            self._field_counts.update(with_text(indexed.tokens))
            self._rows += 1
        if self._vectors and vectors is not None:
            self._vectors.add(vectors)

    def finish(self, probes: FloatArray | None, previous: Path | None, threads: int) -> Collection:
        """`previous` is the folder of this collection in a generation of the same encoder."""
        self._lexical.finish()
        self._columns.finish()
        self._documents.finish()
        centroids = previous / "vectors" if previous else None
        vectors = self._vectors.finish(probes, centroids, threads) if self._vectors else {}
        return Collection(self._rows, dict(sorted(self._field_counts.items())), vectors, marked=True)

    def close(self) -> None:
        # A file that cannot be flushed to a full disk is taken away with the rest.
        for part in (self._lexical, self._documents, self._vectors):
            with suppress(OSError):
                if part:
                    part.close()


class EmbeddedWriter:
    """See `retrieval.protocols.GenerationWriter`. `folder` is renamed to `target` when it is complete."""

    def __init__(
        self, folder: Path, target: Path, schemas: Iterable[Schema], *, created_at: datetime, analyzer: str,
        encoder: str | None, dim: int, previous: Mapping[str, Path], threads: int,
    ) -> None:  # fmt: skip
        """`previous`: kind → folder of its collection in a generation of the same encoder."""
        self._folder, self._target, self._previous, self._threads = folder, target, previous, threads
        self._created_at, self._analyzer, self._encoder = created_at, analyzer, encoder
        self._dim = dim if encoder else 0
        self._collections: dict[str, CollectionWriter] = {}
        try:
            for schema in schemas:
                self._collections[schema.kind] = CollectionWriter(folder / schema.kind, schema, self._dim)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @property
    def generation(self) -> str:
        return self._target.name

    def __enter__(self) -> EmbeddedWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        for collection in self._collections.values():
            collection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def collection(self, kind: str) -> CollectionWriter:
        return self._collections[kind]

    def attach(self, name: str, data: Buffer) -> None:
        write_attachment(self._folder, name, data)

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        collections = {
            kind: collection.finish(probes, self._previous.get(kind), self._threads)
            for kind, collection in self._collections.items()
        }
        manifest = Manifest(
            generation=self.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            encoder=self._encoder,
            dim=self._dim,
            collections=collections,
            files=checksums(self._folder),
            details=details,
            libraries=versions(),
        )
        complete(self._folder, manifest, self._target)
        return manifest
