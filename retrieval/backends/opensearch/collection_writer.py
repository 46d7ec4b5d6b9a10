"""Fills the index of one kind of documents in a generation that nobody sees yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from retrieval.backends.common.tokens import with_text
from retrieval.backends.opensearch import meta
from retrieval.backends.opensearch.documents import body_of, bulk_lines, digest_of
from retrieval.backends.opensearch.draft import LONG_SECONDS, Draft
from retrieval.backends.opensearch.errors import Missing
from retrieval.backends.opensearch.feeder import Feeder, FeedOptions
from retrieval.backends.opensearch.mapping import IndexOptions, hnsw
from retrieval.backends.opensearch.places import Tail, moves
from retrieval.backends.opensearch.resume import Fed
from retrieval.errors import GenerationError
from retrieval.generations import Collection
from retrieval.schema import Schema
from retrieval.types import FloatArray, IndexedDocument, Refusal


class CollectionWriter:
    """See `retrieval.protocols.IndexWriter`. The index of `draft` is there.

    Args:
        fed: what an interrupted build left in it.
    """

    def __init__(
        self, draft: Draft, schema: Schema, *, dim: int, options: IndexOptions, feed: FeedOptions, fed: Fed | None
    ) -> None:
        self.draft = draft
        self._schema, self._dim, self._options, self._fed = schema, dim, options, fed
        self._rows = 0
        self._field_counts: Counter[str] = Counter()
        self._tail = Tail()
        self._feeder = Feeder(draft.cluster, draft.index, feed)

    def add(self, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
        for place, indexed in enumerate(documents):
            vector = vectors[place] if self._dim and vectors is not None else None
            body = body_of(self._schema.text, indexed, vector)
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

    def finish(self) -> Collection:
        """Fills the places of the refused, merges, and has the copies made."""
        for refusal in self.refused():
            self._field_counts.subtract(refusal.fields)
        documents = self._fill_places()
        if (there := self.draft.count()) != documents:
            raise GenerationError(f"{self.draft.index} has {there} documents, {documents} were taken", hint="rebuild")
        self.draft.merge(self._options.segments)
        self.draft.spread(self._options)
        counts = {field: count for field, count in sorted(self._field_counts.items()) if count}
        return Collection(documents, counts, self._vectors(), marked=True)

    def close(self) -> None:
        self._feeder.close()

    def belongs_to(self, owner: str) -> bool:
        """A builder that hung for longer than its lock lives may have been replaced."""
        index, wanted = self.draft.index, {"filter_path": "*.mappings._meta"}
        try:
            found = self.draft.cluster.call("GET", f"/{index}/_mapping", params=wanted)
        except Missing:
            return False
        return meta.owner(found.get(index, {}).get("mappings", {}).get("_meta", {})) == owner

    def _fill_places(self) -> int:
        """Moves the last documents into the places of the refused ones; how many documents there are then."""
        kept = self._rows - len(self._feeder.refused)
        for row, place in moves(self._rows, self._feeder.refused):
            body = self._tail[row]
            self._feeder.add(place, bulk_lines(place, body, digest_of(body)))
        self._feeder.finish()
        self.draft.refresh()
        if self._fed is not None or kept < self._rows:
            behind = {"query": {"range": {"row": {"gte": kept}}}}
            self.draft.cluster.call("POST", f"/{self.draft.index}/_delete_by_query", body=behind, timeout=LONG_SECONDS)
            self.draft.refresh()
        return kept

    def _vectors(self) -> dict[str, Any]:
        if not self._dim:
            return {}
        method = hnsw(self._options)
        return {"dim": self._dim, "kind": f"{method['engine']}_{method['name']}", **method["parameters"]}
