"""A generation folder, open; the memory maps keep it readable even after the folder was pruned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from retrieval.backends.embedded.folder import MANIFEST, collection_folder, read_attachment
from retrieval.backends.embedded.libraries import differences
from retrieval.backends.embedded.reader import EmbeddedReader
from retrieval.errors import GenerationError, NotFound
from retrieval.generations import Manifest, read_manifest
from retrieval.schema import Schema
from retrieval.types import Buffer


class EmbeddedGeneration:
    """See `retrieval.protocols.GenerationReader`. Of the kinds in it, those are opened that have a schema."""

    def __init__(self, folder: Path, schemas: Iterable[Schema]) -> None:
        self._folder = folder
        self._manifest = read_manifest((folder / MANIFEST).read_bytes(), folder.name)
        try:
            self._collections = {
                schema.kind: EmbeddedReader(
                    collection_folder(folder, schema.kind, self._manifest), schema, self._manifest, self.attachment
                )
                for schema in schemas
                if schema.kind in self._manifest.collections
            }
        except (OSError, ValueError, KeyError, RuntimeError) as why:
            raise GenerationError(
                f"generation {folder.name} cannot be opened{differences(self._manifest.libraries)}: {why}",
                hint="xunhuo generations verify tells what is damaged; xunhuo generations rollback serves an older one",
            ) from None

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def collection(self, kind: str) -> EmbeddedReader:
        if kind not in self._collections:
            raise NotFound(
                f"generation {self._folder.name} holds nothing of kind {kind}",
                hint=f"it holds: {', '.join(self._collections)}; rebuild (xunhuo rebuild)",
            )
        return self._collections[kind]

    def attachment(self, name: str) -> Buffer | None:
        return read_attachment(self._folder, name)

    def problems(self) -> list[str]:
        """What does not go together: rows of each part of a collection, and the manifest."""
        return [
            f"{kind}/{part} has {n} rows, the manifest says {expected}"
            for kind, reader in self._collections.items()
            for expected in (self._manifest.collections[kind].documents,)
            for part, n in reader.counts().items()
            if n != expected
        ]

    def close(self) -> None:
        for collection in self._collections.values():
            collection.close()
