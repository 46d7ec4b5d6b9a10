"""The three indices that events live in on a cluster, and the few ways in which they are asked and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from retrieval.backends.opensearch import event_requests as ask
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable, Missing
from retrieval.backends.opensearch.small_index import make

PAGE = 2_000
LONG_S = 600.0
"""Seconds that deleting and merging may take."""

Body = ask.Body


class EventIndices:
    """Thread-safe. The indices are made by the first write; until then nothing is found."""

    def __init__(self, options: ClusterOptions, prefix: str, replicas: int) -> None:
        self.cluster, self._replicas = Cluster(options), replicas
        self.events, self.shoppers, self.counts = (f"{prefix}-{name}" for name in ask.MAPPINGS)
        self._made = False

    def make(self) -> None:
        """Makes the indices that are not there yet."""
        for name in ask.MAPPINGS if not self._made else ():
            index = {"events": self.events, "shoppers": self.shoppers, "counts": self.counts}[name]
            make(self.cluster, index, ask.index_body(name, self._replicas))
        self._made = True

    def documents(self, keys: Sequence[str]) -> dict[str, Body | None]:
        """The documents of shoppers, as they are now."""
        return self.found(self.shoppers, {key: ask.digest(key) for key in keys})

    def found(self, index: str, ids: dict[str, str]) -> dict[str, Body | None]:
        """Name → document, as it is now; None where there is none."""
        if not ids:
            return {}
        try:
            answer = self.cluster.call("POST", f"/{index}/_mget", body={"ids": [*ids.values()]})
        except Missing:
            return dict.fromkeys(ids)
        pairs = zip(ids, answer["docs"], strict=True)
        return {name: document if document.get("found") else None for name, document in pairs}

    def groups(self, query: Body, names: Sequence[str]) -> Iterator[Any]:
        """Combinations of these fields among events, with their counts."""
        after: Body | None = None
        while True:
            body = {"query": query, "size": 0, "aggs": ask.grouped(names, PAGE, after)}
            found = self._ask(self.events, body).get("aggregations", {}).get("groups", {"buckets": []})
            yield from found["buckets"]
            after = found.get("after_key")
            if after is None:
                return

    def paged(self, index: str, query: Body, sort: list[Any]) -> Iterator[Any]:
        """All that match, in this order."""
        body: Body = {"query": query, "sort": sort, "size": PAGE, "track_total_hits": False}
        while True:
            hits = self.search(index, body)
            yield from hits
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def delete_events(self, query: Body) -> int:
        """How many were deleted."""
        params = {"conflicts": "proceed", "refresh": "true"}
        path = f"/{self.events}/_delete_by_query"
        return int(self.cluster.call("POST", path, params=params, body={"query": query}, timeout=LONG_S)["deleted"])

    def touch(self, keys: set[str]) -> None:
        """Gives these shoppers a new version."""
        self.bulk([ask.touched(self.shoppers, ask.digest(key), {"key": key}) for key in sorted(keys)])

    def bulk(self, pairs: Sequence[tuple[Body, Body | None]], refresh: str = "false") -> list[int]:
        """The status of each; 404 is a document that was not there to be deleted, 409 one that was there already."""
        if not pairs:
            return []
        params = {"refresh": refresh, "filter_path": "items.*.status,items.*.error"}
        answer = self.cluster.call("POST", "/_bulk", params=params, body=ask.lines(*pairs))
        results = [result for item in answer["items"] for result in item.values()]
        for result in results:
            if result["status"] >= 400 and result["status"] not in (404, 409):
                raise ClusterUnavailable(
                    f"the search cluster did not keep an event ({result['status']}): {result['error']['reason']}",
                    hint="send the call again; see the cluster's health",
                )  # fmt: skip
        return [int(result["status"]) for result in results]

    def search(self, index: str, body: Body) -> list[Any]:
        """The hits."""
        hits = self._ask(index, body)["hits"]["hits"]
        return list(hits)

    def _ask(self, index: str, body: Body) -> Any:
        params = {"ignore_unavailable": "true"}
        return self.cluster.call("POST", f"/{index}/_search", params=params, body=body)
