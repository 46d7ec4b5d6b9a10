"""A generation that differs from another in the tokens of some documents: clones, in which these are written again.

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
from retrieval.schema import MARKS
from retrieval.types import Buffer, IndexedDocument

_BATCH = 512


class CollectionAmender:
    """The clone of one index."""

    def __init__(self, draft: Draft, source: OpenSearchReader, feed: FeedOptions) -> None:
        self.draft, self._source = draft, source
        self._changed: dict[int, IndexedDocument] = {}
        self._feeder = Feeder(draft.cluster, draft.index, feed)

    def replace(self, row: int, indexed: IndexedDocument) -> None:
        marked = self._source.manifest.collections[self._source.schema.kind].marked
        self._changed[row] = indexed if marked else _unmarked(indexed)
        if len(self._changed) >= _BATCH:
            self._send()

    def finish(self, options: IndexOptions) -> None:
        self._send()
        self._feeder.finish()
        if refused := next(iter(self._feeder.refused.values()), None):
            raise GenerationError(f"{refused.id} is refused by the cluster: {refused.reason}", hint="xunhuo rebuild")
        self.draft.refresh()
        if (there := self.draft.count()) != self._source.rows:
            raise GenerationError(
                f"{self.draft.index} has {there} documents, {self._source.rows} expected", hint="try again"
            )
        self.draft.spread(options)

    def close(self) -> None:
        self._feeder.close()

    def _send(self) -> None:
        if not self._changed:
            return
        rows = np.array(sorted(self._changed), np.int64)
        vectors = self._source.vectors(rows) if self._source.manifest.dim and self._source.schema.encoded else None
        for place, row in enumerate(rows.tolist()):
            vector = vectors[place] if vectors is not None else None
            body = body_of(self._source.schema.text, self._changed[row], vector)
            self._feeder.add(row, bulk_lines(row, body, digest_of(body)))
        self._changed = {}


class OpenSearchAmender:
    """See `retrieval.protocols.Amender`."""

    def __init__(
        self, drafts: Mapping[str, Draft], sources: Mapping[str, OpenSearchReader], *, created_at: datetime,
        analyzer: str, options: IndexOptions, feed: FeedOptions,
    ) -> None:  # fmt: skip
        """Kind → the clone to be, and what is cloned; `analyzer` is the fingerprint of what makes the tokens."""
        self._options, self._created_at, self._analyzer = options, created_at, analyzer
        self._drafts, self._old = list(drafts.values()), next(iter(sources.values())).manifest
        self._attached: set[str] = set()
        self._finished = False
        try:
            for kind, draft in drafts.items():
                _clone(draft, sources[kind].index)
        except BaseException:
            self._discard()
            raise
        self._collections = {kind: CollectionAmender(draft, sources[kind], feed) for kind, draft in drafts.items()}

    def __enter__(self) -> OpenSearchAmender:
        return self

    def __exit__(self, *exc: object) -> None:
        for collection in self._collections.values():
            collection.close()
        if not self._finished:
            self._discard()

    def replace(self, kind: str, row: int, indexed: IndexedDocument) -> None:
        self._collections[kind].replace(row, indexed)

    def attach(self, name: str, data: Buffer) -> None:
        draft = self._drafts[0]
        attach(draft.cluster, draft.attachments, draft.generation, name, data)
        self._attached.add(name)

    def finish(self, details: Mapping[str, object]) -> Manifest:
        for collection in self._collections.values():
            collection.finish(self._options)
        draft, old = self._drafts[0], self._old
        for name in attached(draft.cluster, draft.attachments, old.generation):
            data = attachment(draft.cluster, draft.attachments, old.generation, name)
            if name not in self._attached and data is not None:
                self.attach(name, data)
        manifest = dataclasses.replace(
            old,
            generation=draft.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            files={draft.index: {"bytes": draft.bytes()} for draft in self._drafts},
            details={**old.inherited, **details},
        )
        for each in reversed(self._drafts):
            each.complete(manifest)
        self._finished = True
        return manifest

    def _discard(self) -> None:
        for draft in self._drafts:
            draft.discard()


def _unmarked(indexed: IndexedDocument) -> IndexedDocument:
    """As an index takes it whose mapping knows no marks."""
    document = indexed.document
    keywords = {name: values for name, values in document.keywords.items() if name != MARKS}
    return dataclasses.replace(indexed, document=dataclasses.replace(document, keywords=keywords))


def _clone(draft: Draft, source: str) -> None:
    call = draft.cluster.call
    call("PUT", f"/{source}/_settings", body={"index": {"blocks": {"write": True}}})
    settings = {"index": {**building_settings(), "blocks": {"write": None}}}
    call("PUT", f"/{source}/_clone/{draft.index}", body={"settings": settings}, timeout=LONG_SECONDS, repeatable=False)
    there = {"wait_for_status": "yellow", "timeout": "1h"}
    call("GET", f"/_cluster/health/{draft.index}", params=there, timeout=LONG_SECONDS)
