"""What was appended to the products of a generation: an index of the same fields beside it, searched together with it.

The index of the generation is never written. A document has its row as its id, so that one which never got into the
journal is replaced by the next of that row. It is written behind the fence of its writer (`writer_lock`): a writer that
was late, and is not the writer any more, replaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from retrieval.backends.opensearch import meta, responses
from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.documents import body_of, bulk_lines
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable, tail_lost
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.backends.opensearch.reader import OpenSearchReader
from retrieval.backends.opensearch.requests import Body
from retrieval.backends.opensearch.writer_lock import WriterLock
from retrieval.changes.history import Seen
from retrieval.generations import Manifest
from retrieval.protocols import IndexReader
from retrieval.schema import Schema
from retrieval.types import FloatArray, IndexedDocument, IntArray

_PAGE = 10_000


class OpenSearchOverlay:
    """See `retrieval.changes.overlay.Overlay`; `index` is made by the first append."""

    def __init__(
        self, cluster: Cluster, index: str, schema: Schema, manifest: Manifest, lock: WriterLock, *,
        options: IndexOptions, feed: FeedOptions,
    ) -> None:  # fmt: skip
        self._cluster, self._index, self._schema, self._manifest = cluster, index, schema, manifest
        self._lock, self._options, self._feed = lock, options, feed
        self._bound = manifest.collections[schema.kind].documents
        self._dim = manifest.dim if schema.encoded else 0

    @property
    def patches(self) -> bool:
        """No: prices are filtered and sorted where the documents are. A patch is a document of the same vector."""
        return False

    def stamps(self, start: int) -> Sequence[bytes]:
        found: list[bytes] = []
        while True:
            first = self._bound + start + len(found)
            page = self._page(first)
            there = [stamp for place, (row, stamp) in enumerate(page) if row == first + place]
            found += [stamp.to_bytes(8, "big", signed=True) for stamp in there]
            if len(there) < _PAGE:
                return found

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock():
            yield

    def append(
        self, start: int, documents: Sequence[IndexedDocument], vectors: FloatArray | None, stamps: Sequence[bytes]
    ) -> None:
        assert (vectors is None) == (not self._dim)
        with self._lock() as lease:
            self._make(start)
            feeder = Feeder(self._cluster, self._index, self._feed)
            try:
                for place, (indexed, stamp) in enumerate(zip(documents, stamps, strict=True)):
                    body = body_of(self._schema.text, indexed, vectors[place] if vectors is not None else None)
                    digest, row = int.from_bytes(stamp, "big", signed=True), self._bound + start + place
                    feeder.add(row, bulk_lines(row, body, digest, lease.fence))
                feeder.finish()
            except ClusterRefused as why:
                raise _overtaken() if "version_conflict" in why.message else why from None
            finally:
                feeder.close()
            if refused := next(iter(feeder.refused.values()), None):
                raise ClusterRefused(
                    f"{refused.id} is refused by the cluster: {refused.reason}",
                    hint="nothing was changed; mend that record",
                )
            self._cluster.call("POST", f"/{self._index}/_refresh")
            self._lock.check(lease)

    def reader(self, base: IndexReader, seen: Seen) -> IndexReader:
        assert isinstance(base, OpenSearchReader)
        return base.over(self._index, seen.appended, _gone(seen), epoch=seen.epoch)

    def close(self) -> None:
        """Nothing is held."""

    def _make(self, start: int) -> None:
        """The index, if it is not there; a bulk request would make one with other fields."""
        if self._cluster.call("HEAD", f"/{self._index}"):
            return
        if start:
            raise tail_lost()
        body = index_body(self._options, self._schema, self._dim, meta.tail(self._manifest.generation))
        # It is never refreshed but by a writer who is done: what another left behind is not to be seen.
        body["settings"]["index"] |= {"number_of_shards": 1, "number_of_replicas": self._options.replicas}
        self._cluster.call("PUT", f"/{self._index}", body=body)

    def _page(self, first: int) -> list[tuple[int, int]]:
        """(row, stamp) of documents from `first` on, by row."""
        body: Body = {
            "query": {"range": {"row": {"gte": first}}}, "sort": [{"row": "asc"}, {"digest": "asc"}], "size": _PAGE,
            "track_total_hits": False, "_source": False, "stored_fields": "_none_",
        }  # fmt: skip
        params = {"ignore_unavailable": "true"}
        answer = self._cluster.call("POST", f"/{self._index}/_search", params=params, body=body)
        return [(row, stamp) for row, stamp in responses.sort_values(responses.whole(answer))]


def _gone(seen: Seen) -> IntArray:
    """Rows whose last entry says so, ascending."""
    rows, living = seen.alive.between(0, seen.epoch)
    last, places = np.unique(rows[::-1], return_index=True)
    gone: IntArray = last[living[::-1][places] == 0]
    return gone


def _overtaken() -> ClusterUnavailable:
    return ClusterUnavailable("another writer has taken over meanwhile", hint="try again; nothing was changed")
