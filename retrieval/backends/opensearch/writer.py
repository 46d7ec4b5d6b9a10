"""Builds one generation as indices that nobody sees: no manifest before it is finished, no alias before published.

The index of the first kind is finished last: with it the generation is there, with all others.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from retrieval.backends.opensearch.attachments import attach
from retrieval.backends.opensearch.collection_writer import CollectionWriter
from retrieval.backends.opensearch.errors import ClusterUnavailable
from retrieval.errors import DeadlineExceeded, GenerationError, XunhuoError
from retrieval.generations import Manifest
from retrieval.types import Buffer, Refusal

_log = logging.getLogger("xunhuo.backend")
_INTERRUPTED = (ClusterUnavailable, DeadlineExceeded, KeyboardInterrupt)
"""After these the same command goes on with what was fed."""


class OpenSearchWriter:
    """See `retrieval.protocols.GenerationWriter`. `owner` stands in the ``_meta`` of every index of `collections`."""

    def __init__(
        self, collections: Mapping[str, CollectionWriter], *, owner: str, created_at: datetime, analyzer: str,
        encoder: str | None, dim: int,
    ) -> None:  # fmt: skip
        self._collections = collections
        self._owner, self._created_at, self._analyzer = owner, created_at, analyzer
        self._encoder, self._dim = encoder, dim
        self._draft = next(iter(collections.values())).draft
        self._finished = False

    @property
    def generation(self) -> str:
        return self._draft.generation

    def __enter__(self) -> OpenSearchWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        for collection in self._collections.values():
            collection.close()
        if self._finished:
            return
        if any(isinstance(why, _INTERRUPTED) for why in exc):
            _log.warning("what was fed into %s is kept: the same command goes on with it", self._draft.index)
            return
        for collection in self._collections.values():
            with suppress(XunhuoError):  # the next builder takes it away
                if collection.belongs_to(self._owner):
                    collection.draft.discard()

    def collection(self, kind: str) -> CollectionWriter:
        return self._collections[kind]

    def refused(self) -> list[Refusal]:
        """Waits for all that was added; the documents that the cluster does not take, which are left out."""
        return [refusal for collection in self._collections.values() for refusal in collection.refused()]

    def attach(self, name: str, data: Buffer) -> None:
        attach(self._draft.cluster, self._draft.attachments, self.generation, name, data)

    def finish(self, details: Mapping[str, object], probes: object) -> Manifest:
        """The graph has nothing to be tuned, so `probes` are not needed."""
        finished = {kind: collection.finish() for kind, collection in self._collections.items()}
        drafts = [collection.draft for collection in self._collections.values()]
        manifest = Manifest(
            generation=self.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            encoder=self._encoder,
            dim=self._dim,
            collections=finished,
            files={draft.index: {"bytes": draft.bytes()} for draft in drafts},
            details=details,
        )
        if not all(collection.belongs_to(self._owner) for collection in self._collections.values()):
            raise GenerationError(
                f"another rebuild has taken {self._draft.index} over", hint="it goes on there; nothing to do"
            )
        for draft in reversed(drafts):
            draft.complete(manifest)
        self._finished = True
        return manifest
