"""Retention leases: when replaced documents can be merged away.

A document that was replaced or deleted counts in BM25, and stands in the vector graph, until its segment is merged
without it. A shard keeps it even then while a copy of the shard might still ask for it: until its retention lease is
renewed, which happens every 30 s (OpenSearch documentation, "Index settings", soft deletes).
"""

from __future__ import annotations

import time

from retrieval.backends.opensearch.client import Cluster

PATIENCE = 90.0
"""Seconds after which they are left: they only count a little too much."""
_POLL_SECONDS = 0.5


def await_expiry(cluster: Cluster, index: str) -> None:
    """Waits until every primary may forget what was replaced. To be called when nothing is written any more."""
    cluster.call("POST", f"/{index}/_flush")
    until = time.monotonic() + PATIENCE
    params = {"level": "shards", "filter_path": "indices.*.shards.*.retention_leases,indices.*.shards.*.seq_no"}
    while time.monotonic() < until:
        shards = cluster.call("GET", f"/{index}/_stats/docs", params=params)["indices"][index]["shards"].values()
        kept = ((c["retention_leases"]["leases"], c["seq_no"]["max_seq_no"]) for copies in shards for c in copies)
        if all(lease["retaining_seq_no"] > last for leases, last in kept for lease in leases):
            return
        time.sleep(_POLL_SECONDS)
