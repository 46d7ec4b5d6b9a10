"""Going on with a feed that was interrupted: what lies in an unfinished index already is not sent again.

The index itself is the record of what was acknowledged. Every document carries a digest of its content; a document
whose row and digest are there is skipped, any other is sent, and replaces what stands in its row.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from retrieval.backends.opensearch import responses
from retrieval.backends.opensearch.client import Cluster
from retrieval.types import IntArray, Mask

_PAGE = 10_000
_PATH = "timed_out,_shards,hits.hits.sort"
_SECONDS = 600.0


class Fed:
    """Rows of an index and the digests of what stands there, shapes (n,)."""

    def __init__(self, rows: IntArray, digests: IntArray) -> None:
        size = int(rows.max()) + 1 if len(rows) else 0
        self._there: Mask = np.zeros(size, np.bool_)
        self._digests: IntArray = np.zeros(size, np.int64)
        self._there[rows], self._digests[rows] = True, digests

    def __len__(self) -> int:
        return int(self._there.sum())

    def has(self, row: int, digest: int) -> bool:
        return row < len(self._there) and bool(self._there[row]) and int(self._digests[row]) == digest


def fed(cluster: Cluster, index: str) -> Fed:
    """What `index` holds.

    Raises:
        ClusterUnavailable: a shard of it is missing.
    """
    cluster.call("POST", f"/{index}/_refresh", timeout=_SECONDS)
    found: list[list[int]] = []
    body: dict[str, Any] = {
        "size": _PAGE, "sort": [{"row": "asc"}, {"digest": "asc"}], "track_total_hits": False,
        "_source": False, "stored_fields": "_none_",
    }  # fmt: skip
    while True:
        params = {"filter_path": _PATH}
        answer = responses.whole(cluster.call("POST", f"/{index}/_search", params=params, body=body))
        page = responses.sort_values(answer)
        found += page
        if len(page) < _PAGE:
            pairs = np.array(found, np.int64).reshape(-1, 2)
            return Fed(pairs[:, 0], pairs[:, 1])
        body["search_after"] = page[-1]
