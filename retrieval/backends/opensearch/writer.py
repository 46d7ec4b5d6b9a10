"""Builds one generation as an index that nobody sees: no manifest before it is finished, no alias before published."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.documents import bulk_lines
from retrieval.backends.opensearch.errors import ClusterRefused, Missing
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, finished_settings, hnsw, index_body
from retrieval.backends.opensearch.meta import building, finished
from retrieval.errors import GenerationError, XunhuoError
from retrieval.generations import Manifest
from retrieval.types import FloatArray, IndexedDocument

_log = logging.getLogger("xunhuo.backend")
_LONG_SECONDS = 3600.0
_POLL_SECONDS = 0.5


class OpenSearchWriter:
    """See `retrieval.protocols.IndexWriter`."""

    def __init__(
        self, cluster: Cluster, generation: str, index: str, *, created_at: datetime, analyzer: str,
        encoder: str | None, dim: int, options: IndexOptions, feed: FeedOptions,
    ) -> None:  # fmt: skip
        self._cluster, self._generation, self._index, self._options = cluster, generation, index, options
        self._created_at, self._analyzer, self._encoder = created_at, analyzer, encoder
        self._dim = dim if encoder else 0
        self._rows = 0
        self._finished = False
        self._field_counts: Counter[str] = Counter()
        cluster.call("PUT", f"/{index}", body=index_body(options, self._dim, building()), repeatable=False)
        self._feeder = Feeder(cluster, index, feed)

    @property
    def generation(self) -> str:
        return self._generation

    def __enter__(self) -> OpenSearchWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self._feeder.close()
        if not self._finished:
            try:
                self._cluster.call("DELETE", f"/{self._index}")
            except Missing:
                pass
            except XunhuoError as why:
                _log.warning("%s is left on the cluster; the next rebuild takes it away: %s", self._index, why.message)

    def add(self, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
        for place, indexed in enumerate(documents):
            vector = vectors[place] if self._dim and vectors is not None else None
            self._feeder.add(self._rows, bulk_lines(self._rows, indexed, vector))
            self._field_counts.update(field for field, words in indexed.tokens.items() if words)
            self._rows += 1

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        self._feeder.finish()
        call, index = self._cluster.call, self._index
        call("POST", f"/{index}/_refresh", timeout=_LONG_SECONDS)
        self._count()
        if self._options.segments:
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
            documents=self._rows,
            field_counts=dict(sorted(self._field_counts.items())),
            vectors=self._vectors(),
            files={index: {"bytes": self._bytes()}},
            details=details,
        )
        call("PUT", f"/{index}/_mapping", body={"_meta": finished(manifest)})
        self._finished = True
        return manifest

    def _count(self) -> None:
        """Every document that was taken must be there."""
        there = int(self._cluster.call("GET", f"/{self._index}/_count")["count"])
        if there != self._rows:
            raise GenerationError(f"{self._index} has {there} documents, {self._rows} were sent", hint="rebuild")

    def _merge(self) -> None:
        """One graph a shard answers faster than several; merging goes on while nobody waits for it on a connection."""
        params = {"max_num_segments": self._options.segments, "wait_for_completion": "false"}
        task = self._cluster.call("POST", f"/{self._index}/_forcemerge", params=params)["task"]
        while not (state := self._cluster.call("GET", f"/_tasks/{task}"))["completed"]:
            time.sleep(_POLL_SECONDS)
        if error := state.get("error") or state.get("response", {}).get("_shards", {}).get("failures"):
            raise ClusterRefused(f"{self._index} could not be merged: {error}", hint="see the cluster's log")
        self._cluster.call("POST", f"/{self._index}/_refresh", timeout=_LONG_SECONDS)

    def _vectors(self) -> dict[str, Any]:
        if not self._dim:
            return {}
        method = hnsw(self._options)
        return {"dim": self._dim, "kind": f"{method['engine']}_{method['name']}", **method["parameters"]}

    def _bytes(self) -> int:
        stats = self._cluster.call(
            "GET", f"/{self._index}/_stats/store", params={"filter_path": "_all.primaries.store"}
        )
        return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])
