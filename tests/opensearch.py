"""The real cluster that tests run on, named by XUNHUO_OPENSEARCH_URL, and a place of its own on it for each test."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.feeder import FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions
from retrieval.schema import PRODUCT, Schema

URL = os.environ.get("XUNHUO_OPENSEARCH_URL", "")
needs_cluster = pytest.mark.skipif(not URL, reason="XUNHUO_OPENSEARCH_URL names no cluster: see docs/opensearch.md")
_MARK = "xhtest"


def prefix_of(place: Path) -> str:
    """The index prefix that stands for a folder."""
    return f"{_MARK}-{blake2b(str(place).encode(), digest_size=6).hexdigest()}"


def settings_of(place: Path) -> tuple[str, ...]:
    """The settings that name the place of a folder on the cluster."""
    return ("backend.name=opensearch", f"opensearch.urls=[{URL}]", f"opensearch.prefix={prefix_of(place)}")


def backend_at(
    place: Path, schemas: Sequence[Schema] = (PRODUCT,), *, bulk_bytes: int = 100_000, **options: int
) -> OpenSearchBackend:  # fmt: skip
    """A backend on the cluster, in the place of a folder."""
    feed = FeedOptions(bulk_bytes=bulk_bytes, threads=2)
    index = IndexOptions(**{"segments": 1, **options})  # type: ignore[arg-type]
    return OpenSearchBackend(ClusterOptions((URL,)), prefix=prefix_of(place), schemas=schemas, index=index, feed=feed)


def sweep() -> None:
    """Takes away what tests left on the cluster."""
    cluster = Cluster(ClusterOptions((URL,)))
    for entry in cluster.call("GET", f"/_cat/indices/{_MARK}-*", params={"format": "json", "h": "index"}):
        cluster.call("DELETE", f"/{entry['index']}")
    cluster.close()
