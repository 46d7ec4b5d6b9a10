"""Builds one generation as an index that nobody sees: no manifest before it is finished, no alias before published."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.attachments import attach, detach
from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable, Missing
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, finished_settings, hnsw
from retrieval.backends.opensearch.places import Tail, moves
from retrieval.backends.opensearch.resume import Fed
from retrieval.backends.opensearch.settle import settle
from retrieval.backends.tokens import with_text
from retrieval.errors import DeadlineExceeded, GenerationError, XunhuoError
from retrieval.generations import Manifest
from retrieval.types import FloatArray, IndexedDocument, Refusal

_log = logging.getLogger("xunhuo.backend")
_LONG_SECONDS = 3600.0
_POLL_SECONDS = 0.5
_INTERRUPTED = (ClusterUnavailable, DeadlineExceeded, KeyboardInterrupt)
"""After these the same command goes on with what was fed."""


class OpenSearchWriter:
    """See `retrieval.protocols.IndexWriter`. `index` is there, and `owner` stands in its ``_meta``.

    Args:
        fed: what an interrupted build left in it.
    """

    def __init__(
        self, cluster: Cluster, generation: str, index: str, *, owner: str, created_at: datetime, analyzer: str,
        encoder: str | None, dim: int, options: IndexOptions, feed: FeedOptions, fed: Fed | None,
        attachments: str,
    ) -> None:  # fmt: skip
        self._cluster, self._generation, self._index, self._options = cluster, generation, index, options
        self._owner, self._created_at, self._analyzer, self._encoder = owner, created_at, analyzer, encoder
        self._dim, self._fed, self._attachments = dim, fed, attachments
        self._rows = 0
        self._finished = False
        self._field_counts: Counter[str] = Counter()
        self._tail = Tail()
        self._feeder = Feeder(cluster, index, feed)

    @property
    def generation(self) -> str:
        return self._generation

    def __enter__(self) -> OpenSearchWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self._feeder.close()
        if self._finished:
            return
        if any(isinstance(why, _INTERRUPTED) for why in exc):
            _log.warning("what was fed into %s is kept: the same command goes on with it", self._index)
            return
        try:
            if self._is_ours():
                detach(self._cluster, self._attachments, self._generation)
                self._cluster.call("DELETE", f"/{self._index}")
        except Missing:
            pass
        except XunhuoError as why:
            _log.warning("%s is left on the cluster; the next rebuild takes it away: %s", self._index, why.message)

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

    def attach(self, name: str, data: bytes) -> None:
        attach(self._cluster, self._attachments, self._generation, name, data)

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        for refusal in self.refused():
            self._field_counts.subtract(refusal.fields)
        documents = self._fill_places()
        call, index = self._cluster.call, self._index
        self._count(documents)
        self._merge()
        # Copies are made of the merged segments, and are there before anybody searches.
        call("PUT", f"/{index}/_settings", body=finished_settings(self._options))
        call("POST", f"/{index}/_flush", timeout=_LONG_SECONDS)
        waiting = {"wait_for_no_initializing_shards": "true", "wait_for_no_relocating_shards": "true", "timeout": "1h"}
        call("GET", f"/_cluster/health/{index}", params=waiting, timeout=_LONG_SECONDS)
        manifest = Manifest(
            generation=self._generation,
            created_at=self._created_at.isoformat(timespec="seconds"),
            analyzer=self._analyzer,
            encoder=self._encoder,
            dim=self._dim,
            documents=documents,
            field_counts={field: count for field, count in sorted(self._field_counts.items()) if count},
            vectors=self._vectors(),
            files={index: {"bytes": int(self._stats("store")["size_in_bytes"])}},
            details=details,
        )
        if not self._is_ours():
            raise GenerationError(f"another rebuild has taken {index} over", hint="it goes on there; nothing to do")
        call("PUT", f"/{index}/_mapping", body={"_meta": meta.finished(manifest)})
        self._finished = True
        return manifest

    def _fill_places(self) -> int:
        """Moves the last documents into the places of the refused ones; how many documents there are then."""
        kept = self._rows - len(self._feeder.refused)
        for row, place in moves(self._rows, self._feeder.refused):
            body = self._tail[row]
            self._feeder.add(place, bulk_lines(place, body, digest_of(body)))
        self._feeder.finish()
        self._refresh()
        if self._fed is not None or kept < self._rows:
            behind = {"query": {"range": {"row": {"gte": kept}}}}
            self._cluster.call("POST", f"/{self._index}/_delete_by_query", body=behind, timeout=_LONG_SECONDS)
            self._refresh()
        return kept

    def _count(self, documents: int) -> None:
        """Every document that was taken must be there."""
        there = int(self._cluster.call("GET", f"/{self._index}/_count")["count"])
        if there != documents:
            raise GenerationError(f"{self._index} has {there} documents, {documents} were taken", hint="rebuild")

    def _merge(self) -> None:
        """One graph a shard answers faster than several; merging goes on while nobody waits for it on a connection."""
        replaced = bool(self._stats("docs")["deleted"])
        segments = self._options.segments or int(replaced)
        if not segments:
            return
        if replaced:
            settle(self._cluster, self._index)
        params = {"max_num_segments": segments, "wait_for_completion": "false"}
        task = self._cluster.call("POST", f"/{self._index}/_forcemerge", params=params)["task"]
        while not (state := self._cluster.call("GET", f"/_tasks/{task}"))["completed"]:
            time.sleep(_POLL_SECONDS)
        if error := state.get("error") or state.get("response", {}).get("_shards", {}).get("failures"):
            raise ClusterRefused(f"{self._index} could not be merged: {error}", hint="see the cluster's log")
        self._refresh()

    def _refresh(self) -> None:
        self._cluster.call("POST", f"/{self._index}/_refresh", timeout=_LONG_SECONDS)

    def _vectors(self) -> dict[str, Any]:
        if not self._dim:
            return {}
        method = hnsw(self._options)
        return {"dim": self._dim, "kind": f"{method['engine']}_{method['name']}", **method["parameters"]}

    def _stats(self, part: str) -> Any:
        path = f"/{self._index}/_stats/{part}"
        return self._cluster.call("GET", path, params={"filter_path": f"_all.primaries.{part}"})["_all"]["primaries"][
            part
        ]

    def _is_ours(self) -> bool:
        """A builder that hung for longer than its lock lives may have been replaced."""
        path = f"/{self._index}/_mapping"
        found = self._cluster.call("GET", path, params={"filter_path": "*.mappings._meta"})
        return meta.owner(found.get(self._index, {}).get("mappings", {}).get("_meta", {})) == self._owner
