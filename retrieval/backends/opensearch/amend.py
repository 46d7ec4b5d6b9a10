"""A generation that differs from another in the tokens of some documents: a clone, in which these are written again.

The cluster clones an index by hard links to its segments (OpenSearch documentation, "Clone index"), so neither vectors
nor their graph are made again. The source must not be written to meanwhile; nobody writes to a finished generation, so
the write block that this needs stays. Until its own manifest stands in it, the clone carries that of the source, by
which everybody knows that it is none of theirs, and the next builder takes it away if this one was killed.

Lucene counts a replaced document in its statistics until the segment that it stood in is merged. Until a rebuild, a
token whose documents were all written again looks twice as frequent: its idf is lower by up to ln 2.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from retrieval.backends.opensearch.attachments import attach, attached, attachment
from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of
from retrieval.backends.opensearch.draft import LONG_SECONDS, Draft
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, building_settings
from retrieval.backends.opensearch.reader import OpenSearchReader
from retrieval.errors import GenerationError
from retrieval.generations import Manifest
from retrieval.types import Buffer, IndexedDocument

_BATCH = 512


class OpenSearchAmender:
    """See `retrieval.protocols.Amender`."""

    def __init__(
        self, draft: Draft, source: OpenSearchReader, source_index: str, *, created_at: datetime, analyzer: str,
        options: IndexOptions, feed: FeedOptions,
    ) -> None:  # fmt: skip
        """`analyzer` is the fingerprint of what makes the tokens."""
        self._draft, self._source, self._options = draft, source, options
        self._created_at, self._analyzer = created_at, analyzer
        self._changed: dict[int, IndexedDocument] = {}
        self._attached: set[str] = set()
        self._finished = False
        try:
            _clone(draft, source_index)
        except BaseException:
            draft.discard()
            raise
        self._feeder = Feeder(draft.cluster, draft.index, feed)

    def __enter__(self) -> OpenSearchAmender:
        return self

    def __exit__(self, *exc: object) -> None:
        self._feeder.close()
        if not self._finished:
            self._draft.discard()

    def replace(self, row: int, indexed: IndexedDocument) -> None:
        self._changed[row] = indexed
        if len(self._changed) >= _BATCH:
            self._send()

    def attach(self, name: str, data: Buffer) -> None:
        attach(self._draft.cluster, self._draft.attachments, self._draft.generation, name, data)
        self._attached.add(name)

    def finish(self, details: Mapping[str, object]) -> Manifest:
        self._send()
        self._feeder.finish()
        if refused := next(iter(self._feeder.refused.values()), None):
            raise GenerationError(f"{refused.id} is refused by the cluster: {refused.reason}", hint="xunhuo rebuild")
        draft, old = self._draft, self._source.manifest
        for name in attached(draft.cluster, draft.attachments, old.generation):
            data = attachment(draft.cluster, draft.attachments, old.generation, name)
            if name not in self._attached and data is not None:
                self.attach(name, data)
        draft.refresh()
        if (there := draft.count()) != old.documents:
            raise GenerationError(f"{draft.index} has {there} documents, {old.documents} expected", hint="try again")
        draft.spread(self._options)
        manifest = dataclasses.replace(
            old,
            generation=draft.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            files={draft.index: {"bytes": draft.bytes()}},
            details={**old.details, **details},
        )
        draft.complete(manifest)
        self._finished = True
        return manifest

    def _send(self) -> None:
        if not self._changed:
            return
        rows = np.array(sorted(self._changed), np.int64)
        vectors = self._source.vectors(rows) if self._source.manifest.dim else None
        for place, row in enumerate(rows.tolist()):
            body = body_of(self._changed[row], vectors[place] if vectors is not None else None)
            self._feeder.add(row, bulk_lines(row, body, digest_of(body)))
        self._changed = {}


def _clone(draft: Draft, source: str) -> None:
    call = draft.cluster.call
    call("PUT", f"/{source}/_settings", body={"index": {"blocks": {"write": True}}})
    settings = {"index": {**building_settings(), "blocks": {"write": None}}}
    call("PUT", f"/{source}/_clone/{draft.index}", body={"settings": settings}, timeout=LONG_SECONDS, repeatable=False)
    there = {"wait_for_status": "yellow", "timeout": "1h"}
    call("GET", f"/_cluster/health/{draft.index}", params=there, timeout=LONG_SECONDS)
