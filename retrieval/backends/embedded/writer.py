"""Builds one generation in a folder of its own, next to the published ones and invisible until it is published."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from retrieval.backends.common.tokens import with_text
from retrieval.backends.embedded.columns import ColumnsWriter
from retrieval.backends.embedded.documents import DocumentsWriter
from retrieval.backends.embedded.lexical import LexicalWriter
from retrieval.backends.embedded.vectors import VectorsWriter
from retrieval.generations import Manifest
from retrieval.types import Buffer, FloatArray, IndexedDocument

MANIFEST = "manifest.json"
UNSTABLE = {".tantivy-meta.lock", ".tantivy-writer.lock"}
"""Lock files of tantivy: empty, and touched by whoever opens the index."""


class EmbeddedWriter:
    """See `retrieval.protocols.IndexWriter`. `folder` is renamed to `target` when it is complete."""

    def __init__(
        self, folder: Path, target: Path, *, created_at: datetime, analyzer: str, encoder: str | None, dim: int,
        previous: Path | None, threads: int,
    ) -> None:  # fmt: skip
        self._folder, self._target, self._previous, self._threads = folder, target, previous, threads
        self._created_at, self._analyzer, self._encoder, self._dim = created_at, analyzer, encoder, dim
        self._rows = 0
        self._field_counts: Counter[str] = Counter()
        try:
            self._lexical = LexicalWriter(folder / "lexical")
            self._columns = ColumnsWriter(folder / "columns")
            self._documents = DocumentsWriter(folder / "documents")
            self._vectors = VectorsWriter(folder / "vectors", dim) if encoder else None
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @property
    def generation(self) -> str:
        return self._target.name

    def __enter__(self) -> EmbeddedWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        # A file that cannot be flushed to a full disk is taken away with the rest.
        for part in (self._lexical, self._documents, self._vectors):
            with suppress(OSError):
                if part:
                    part.close()
        shutil.rmtree(self._folder, ignore_errors=True)

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

    def attach(self, name: str, data: Buffer) -> None:
        (self._folder / "attachments").mkdir(exist_ok=True)
        (self._folder / "attachments" / name).write_bytes(data)

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        self._lexical.finish()
        self._columns.finish()
        self._documents.finish()
        previous = self._previous / "vectors" if self._previous else None
        vectors = self._vectors.finish(probes, previous, self._threads) if self._vectors else {}
        manifest = Manifest(
            generation=self.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            encoder=self._encoder,
            dim=self._dim if self._encoder else 0,
            documents=self._rows,
            field_counts=dict(sorted(self._field_counts.items())),
            vectors=vectors,
            files=checksums(self._folder),
            details=details,
        )
        (self._folder / MANIFEST).write_bytes(manifest.to_json())
        flush(self._folder)
        self._folder.rename(self._target)
        return manifest


def checksums(folder: Path) -> dict[str, dict[str, object]]:
    """Relative path → {bytes, sha256} of every file but the manifest."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name != MANIFEST and path.name not in UNSTABLE:
            with path.open("rb") as file:
                digest = sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
            found[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}
    return found


def flush(folder: Path) -> None:
    """Has the disk keep every file before any pointer can name it, so that a power cut leaves none half there."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
