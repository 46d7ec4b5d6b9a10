"""Small indices beside the generations: made by whoever writes first, changed by whoever read the newest version."""

from __future__ import annotations

from typing import Any

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.errors import ClusterRefused

Body = dict[str, Any]


def make(cluster: Cluster, index: str, body: Body) -> bool:
    """Makes an index with these settings and mappings; False where it is there already. It can be read and written.

    Raises:
        ClusterUnavailable: it has no shard that answers.
    """
    try:
        cluster.call("PUT", f"/{index}", body=body)
    except ClusterRefused as why:
        if "already exists" not in str(why):
            raise
        awaited(cluster, index)
        return False
    return True


def awaited(cluster: Cluster, index: str) -> None:
    """Returns when an index answers: another node makes it at this moment, or a node has just come back."""
    there = {"wait_for_active_shards": "1", "timeout": "2s"}
    cluster.call("GET", f"/_cluster/health/{index}", params=there, timeout=5.0, attempts=1)


def unchanged_since(found: Any) -> Body:
    """Parameters of a write that raises Conflict, unless the document is still as it was `found`; None: not there."""
    if not found:
        return {"op_type": "create"}
    return {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
