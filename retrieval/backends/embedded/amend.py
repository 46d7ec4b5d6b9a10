"""A generation that differs from another in the tokens of some documents, without writing the rest again.

Files are shared with the other generation by hard links, for no file of a generation ever changes: tantivy writes new
ones, and what is written here replaces its link. A document keeps its row, so vectors, columns and records stay.

tantivy counts a deleted document in its statistics until the segment that it stood in is merged, as Lucene does. Until
a rebuild, a token whose documents were all written again looks twice as frequent: its idf is lower by up to ln 2.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np

from retrieval.backends.embedded.documents import DocumentsReader
from retrieval.backends.embedded.folder import (
    MANIFEST,
    checksums,
    collection_folder,
    complete,
    link,
    write_attachment,
)
from retrieval.backends.embedded.lexical_writer import LexicalAmender
from retrieval.generations import Manifest, read_manifest
from retrieval.schema import Schema
from retrieval.types import Buffer, IndexedDocument


class EmbeddedAmender:
    """See `retrieval.protocols.Amender`."""

    def __init__(
        self, source: Path, folder: Path, target: Path, schemas: Mapping[str, Schema], *, created_at: datetime,
        analyzer: str,
    ) -> None:  # fmt: skip
        """`folder` becomes `target` when it is complete; `analyzer` is the fingerprint of what makes the tokens."""
        self._source, self._folder, self._target, self._schemas = source, folder, target, schemas
        self._created_at, self._analyzer = created_at, analyzer
        self._forward: dict[str, dict[int, bytes]] = {}
        self._manifest = read_manifest((source / MANIFEST).read_bytes(), source.name)
        self._lexical: dict[str, LexicalAmender] = {}
        try:
            link(source, folder, but=(MANIFEST,))
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    @property
    def generation(self) -> str:
        """Its name."""
        return self._target.name

    def __enter__(self) -> EmbeddedAmender:
        return self

    def __exit__(self, *exc: object) -> None:
        for lexical in self._lexical.values():
            with suppress(OSError):
                lexical.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def replace(self, kind: str, row: int, indexed: IndexedDocument) -> None:
        if kind not in self._lexical:
            self._lexical[kind] = LexicalAmender(self._part(self._folder, kind) / "lexical", self._schemas[kind])
        self._lexical[kind].remove(row)
        self._lexical[kind].add(row, indexed)
        self._forward.setdefault(kind, {})[row] = indexed.forward

    def attach(self, name: str, data: Buffer) -> None:
        write_attachment(self._folder, name, data)

    def finish(self, details: Mapping[str, object]) -> Manifest:
        for lexical in self._lexical.values():
            lexical.finish()
        for kind, changed in self._forward.items():
            source, folder = (self._part(place, kind) / "documents" for place in (self._source, self._folder))
            _replace_forward(source, folder, changed)
        manifest = dataclasses.replace(
            self._manifest,
            generation=self.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            files=checksums(self._folder),
            details={**self._manifest.inherited, **details},
        )
        complete(self._folder, manifest, self._target)
        return manifest

    def _part(self, generation: Path, kind: str) -> Path:
        return collection_folder(generation, kind, self._manifest)


def _replace_forward(source: Path, folder: Path, changed: Mapping[int, bytes]) -> None:
    old = DocumentsReader(source)
    lengths = np.diff(np.load(source / "forward_offsets.npy"))
    for name in ("forward.bin", "forward_offsets.npy"):
        (folder / name).unlink()
    with (folder / "forward.bin").open("wb") as file:
        for row in range(old.size):
            data = changed[row] if row in changed else old.forward(np.array([row]))[0]
            file.write(data)
            lengths[row] = len(data)
    np.save(folder / "forward_offsets.npy", np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))
