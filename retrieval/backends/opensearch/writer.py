"""Builds one generation as an index that nobody sees: no manifest before it is finished, no alias before published."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from retrieval.backends.common.tokens import with_text
from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.attachments import attach
from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of
from retrieval.backends.opensearch.draft import LONG_SECONDS, Draft
from retrieval.backends.opensearch.errors import ClusterUnavailable, Missing
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, hnsw
from retrieval.backends.opensearch.places import Tail, moves
from retrieval.backends.opensearch.resume import Fed
from retrieval.errors import DeadlineExceeded, GenerationError, XunhuoError
from retrieval.generations import Manifest
from retrieval.types import Buffer, FloatArray, IndexedDocument, Refusal

_log = logging.getLogger("xunhuo.backend")
_INTERRUPTED = (ClusterUnavailable, DeadlineExceeded, KeyboardInterrupt)
"""After these the same command goes on with what was fed."""


class OpenSearchWriter:
    """See `retrieval.protocols.IndexWriter`. The index of `draft` is there, and `owner` stands in its ``_meta``.

    Args:
        fed: what an interrupted build left in it.
    """

    def __init__(
        self, draft: Draft, *, owner: str, created_at: datetime, analyzer: str, encoder: str | None, dim: int,
        options: IndexOptions, feed: FeedOptions, fed: Fed | None,
    ) -> None:  # fmt: skip
        self._draft, self._options = draft, options
        self._owner, self._created_at, self._analyzer, self._encoder = owner, created_at, analyzer, encoder
        self._dim, self._fed = dim, fed
        self._rows = 0
        self._finished = False
        self._field_counts: Counter[str] = Counter()
        self._tail = Tail()
        self._feeder = Feeder(draft.cluster, draft.index, feed)

    @property
    def generation(self) -> str:
        return self._draft.generation

    def __enter__(self) -> OpenSearchWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self._feeder.close()
        if self._finished:
            return
        if any(isinstance(why, _INTERRUPTED) for why in exc):
            _log.warning("what was fed into %s is kept: the same command goes on with it", self._draft.index)
            return
        with suppress(XunhuoError):  # the next builder takes it away
            if self._is_ours():
                self._draft.discard()

    def add(self, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
        for place, indexed in enumerate(documents):
            body = body_of(indexed, vectors[place] if self._dim and vectors is not None else None)
            self._tail.add(self._rows, body)
            digest = digest_of(body)
            if self._fed is None or not self._fed.has(self._rows, digest):
                self._feeder.add(self._rows, bulk_lines(self._rows, body, digest))
            self._tail.keep(self._feeder.waiting + len(self._feeder.refused))
            self._field_counts.update(with_text(indexed.tokens))
            self._rows += 1

    def refused(self) -> list[Refusal]:
        """Waits for all that was added; the documents that the cluster does not take, which are left out."""
        self._feeder.finish()
        return [refusal for _, refusal in sorted(self._feeder.refused.items())]

    def attach(self, name: str, data: Buffer) -> None:
        attach(self._draft.cluster, self._draft.attachments, self.generation, name, data)

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        for refusal in self.refused():
            self._field_counts.subtract(refusal.fields)
        documents = self._fill_places()
        draft = self._draft
        if (there := draft.count()) != documents:
            raise GenerationError(f"{draft.index} has {there} documents, {documents} were taken", hint="rebuild")
        draft.merge(self._options.segments)
        draft.spread(self._options)
        manifest = Manifest(
            generation=draft.generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            encoder=self._encoder,
            dim=self._dim,
            documents=documents,
            field_counts={field: count for field, count in sorted(self._field_counts.items()) if count},
            vectors=self._vectors(),
            files={draft.index: {"bytes": draft.bytes()}},
            details=details,
        )
        if not self._is_ours():
            raise GenerationError(
                f"another rebuild has taken {draft.index} over", hint="it goes on there; nothing to do"
            )
        draft.complete(manifest)
        self._finished = True
        return manifest

    def _fill_places(self) -> int:
        """Moves the last documents into the places of the refused ones; how many documents there are then."""
        kept = self._rows - len(self._feeder.refused)
        for row, place in moves(self._rows, self._feeder.refused):
            body = self._tail[row]
            self._feeder.add(place, bulk_lines(place, body, digest_of(body)))
        self._feeder.finish()
        self._draft.refresh()
        if self._fed is not None or kept < self._rows:
            behind = {"query": {"range": {"row": {"gte": kept}}}}
            self._draft.cluster.call(
                "POST", f"/{self._draft.index}/_delete_by_query", body=behind, timeout=LONG_SECONDS
            )
            self._draft.refresh()
        return kept

    def _vectors(self) -> dict[str, Any]:
        if not self._dim:
            return {}
        method = hnsw(self._options)
        return {"dim": self._dim, "kind": f"{method['engine']}_{method['name']}", **method["parameters"]}

    def _is_ours(self) -> bool:
        """A builder that hung for longer than its lock lives may have been replaced."""
        index, wanted = self._draft.index, {"filter_path": "*.mappings._meta"}
        try:
            found = self._draft.cluster.call("GET", f"/{index}/_mapping", params=wanted)
        except Missing:
            return False
        return meta.owner(found.get(index, {}).get("mappings", {}).get("_meta", {})) == self._owner
