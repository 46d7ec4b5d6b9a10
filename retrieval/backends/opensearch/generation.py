"""A generation on the cluster, open: an index for each kind of documents, and one manifest."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.backends.opensearch.reader import OpenSearchReader
from retrieval.backends.opensearch.view import View
from retrieval.errors import NotFound
from retrieval.generations import Manifest


class OpenSearchGeneration:
    """See `retrieval.protocols.GenerationReader`."""

    def __init__(self, manifest: Manifest, views: Iterable[View]) -> None:
        self._manifest = manifest
        self._collections = {view.schema.kind: OpenSearchReader(view) for view in views}

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def collection(self, kind: str) -> OpenSearchReader:
        if kind not in self._collections:
            raise NotFound(
                f"generation {self._manifest.generation} holds nothing of kind {kind}",
                hint=f"it holds: {', '.join(self._collections)}; rebuild (xunhuo rebuild)",
            )
        return self._collections[kind]

    def attachment(self, name: str) -> bytes | None:
        return next(iter(self._collections.values())).attachment(name)

    def close(self) -> None:
        for collection in self._collections.values():
            collection.close()
