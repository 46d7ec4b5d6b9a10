"""An index that nobody sees: no manifest before it is complete, no alias before it is published."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.attachments import detach
from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.errors import ClusterRefused, Missing
from retrieval.backends.opensearch.mapping import IndexOptions, finished_settings
from retrieval.backends.opensearch.retention import await_expiry
from retrieval.errors import XunhuoError
from retrieval.generations import Manifest

LONG_SECONDS = 3600.0
_log = logging.getLogger("xunhuo.backend")
_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """A generation that is being made. `attachments` is the index in which its attachments lie."""

    cluster: Cluster
    generation: str
    index: str
    attachments: str

    def refresh(self) -> None:
        """Makes visible what was written."""
        self.cluster.call("POST", f"/{self.index}/_refresh", timeout=LONG_SECONDS)

    def count(self) -> int:
        """Documents that are visible."""
        return int(self.cluster.call("GET", f"/{self.index}/_count")["count"])

    def bytes(self) -> int:
        """Of all primaries on disk."""
        return int(self._stats("store")["size_in_bytes"])

    def merge(self, segments: int) -> None:
        """One graph a shard answers faster than several; merging goes on while nobody waits for it on a connection.

        Args:
            segments: that a shard may have, 0 leaves them as they are unless documents were replaced.
        """
        replaced = bool(self._stats("docs")["deleted"])
        if not (segments := segments or int(replaced)):
            return
        if replaced:
            await_expiry(self.cluster, self.index)
        params = {"max_num_segments": segments, "wait_for_completion": "false"}
        task = self.cluster.call("POST", f"/{self.index}/_forcemerge", params=params)["task"]
        while not (state := self.cluster.call("GET", f"/_tasks/{task}"))["completed"]:
            time.sleep(_POLL_SECONDS)
        if error := state.get("error") or state.get("response", {}).get("_shards", {}).get("failures"):
            raise ClusterRefused(f"{self.index} could not be merged: {error}", hint="see the cluster's log")
        self.refresh()

    def spread(self, options: IndexOptions) -> None:
        """Copies are made of the segments as they are now, and are there before anybody searches."""
        call, index = self.cluster.call, self.index
        call("PUT", f"/{index}/_settings", body=finished_settings(options))
        call("POST", f"/{index}/_flush", timeout=LONG_SECONDS)
        waiting = {"wait_for_no_initializing_shards": "true", "wait_for_no_relocating_shards": "true", "timeout": "1h"}
        call("GET", f"/_cluster/health/{index}", params=waiting, timeout=LONG_SECONDS)

    def complete(self, manifest: Manifest) -> None:
        """From now on it is a generation."""
        self.cluster.call("PUT", f"/{self.index}/_mapping", body={"_meta": meta.finished(manifest)})

    def discard(self) -> None:
        """Takes it away, if it is there; what cannot be taken away now is left to the next builder."""
        try:
            detach(self.cluster, self.attachments, self.generation)
            self.cluster.call("DELETE", f"/{self.index}")
        except Missing:
            pass
        except XunhuoError as why:
            _log.warning("%s is left on the cluster; the next rebuild takes it away: %s", self.index, why.message)

    def _stats(self, part: str) -> Any:
        path, wanted = f"/{self.index}/_stats/{part}", {"filter_path": f"_all.primaries.{part}"}
        return self.cluster.call("GET", path, params=wanted)["_all"]["primaries"][part]
