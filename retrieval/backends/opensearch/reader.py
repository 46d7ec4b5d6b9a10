"""Answers from one index, named by itself and not by the alias: what is published later does not change them.

Every method is one request, several questions travel in one ``_msearch``, and what was announced travels with the next
`scores`. A reader holds no state but caches: ids of rows that were seen, and the vectors of the background sample that
every query asks for.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.ahead import Ahead
from retrieval.backends.opensearch.attachments import attachment
from retrieval.backends.opensearch.client import FOREVER, Cluster
from retrieval.backends.opensearch.held import HELD_ROWS, HeldIds, HeldVectors
from retrieval.backends.opensearch.mapping import BM25_CONSTANT
from retrieval.deadline import Deadline
from retrieval.generations import Manifest
from retrieval.types import Candidates, FacetValue, Filters, FloatArray, IntArray, LexicalQuery, Sort

_SORT_COLUMNS = {
    Sort.SALES: ("sales_30d", 1),
    Sort.NEWEST: ("created_at", 1),
    Sort.PRICE_ASC: ("price", -1),
    Sort.PRICE_DESC: ("price", 1),
}
_WINDOW = 10_000
"""Most hits of one search, unless an index says otherwise."""
_VECTORS_WINDOW = 1_000
_UNIT_TOLERANCE = 5e-3


class OpenSearchReader:
    """See `retrieval.protocols.IndexReader`. `explored` is ef_search; several `shards` share their statistics."""

    def __init__(
        self, cluster: Cluster, index: str, manifest: Manifest, *, explored: int, shards: int, attachments: str
    ) -> None:
        self._cluster, self._index, self._manifest, self._explored = cluster, index, manifest, explored
        self._params: dict[str, Any] = {"filter_path": responses.FILTER_PATH}
        if shards > 1:
            # A word's rarity is counted over all shards, so a score does not depend on where a document lies.
            self._params["search_type"] = "dfs_query_then_fetch"
        self._attachments = attachments
        self._deadline = FOREVER
        self._ahead = Ahead()
        self._ids = HeldIds()
        self._vectors = HeldVectors()

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def size(self) -> int:
        return self._manifest.documents

    def within(self, deadline: Deadline) -> OpenSearchReader:
        """The same reader, sharing its caches, for one request."""
        bound = copy.copy(self)
        bound._deadline, bound._ahead = deadline, Ahead()
        return bound

    def announce(self, facets: Sequence[str], among: IntArray, records: IntArray, forward: IntArray) -> None:
        self._ahead.expect(facets, among, {"source": records, "forward": forward})

    def lexical(self, query: LexicalQuery, filters: Filters, depth: int) -> Candidates:
        return next(self._lexical([(query, depth)], filters))

    def lexical_steps(self, steps: Sequence[tuple[LexicalQuery, int]]) -> Iterator[Candidates]:
        return self._lexical(steps, Filters())

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        return self.scores(query, rows, None, rows[:0])[0]

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        if not self._manifest.dim or not self.size or depth <= 0:
            return _nothing("semantic")
        bodies = [requests.semantic(vector, filters, min(depth, _WINDOW), self._explored)]
        if not filters.empty:
            bodies.append(requests.counting(filters, depth))
        answers = self._ask(bodies)
        rows, scores, ids = responses.ranked(answers[0])
        self._ids.put(rows, ids)
        passing = self.size if filters.empty else responses.total(answers[1])
        return Candidates("semantic", rows, responses.cosines(scores), complete=passing <= depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        if self._manifest.dim and len(rows) <= HELD_ROWS:
            if self._vectors.is_known(rows):
                return np.asarray(self._vectors.get(rows, self.vectors) @ vector, np.float32)
            self._vectors.note(rows)
        return self.scores(None, rows[:0], vector, rows)[1]

    def scores(
        self, query: LexicalQuery | None, wanted: IntArray, vector: FloatArray | None, rows: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        query = self._present(query) if query else None
        asked_words = query is not None and query.weights and query.fields
        words = [requests.lexical_scores(query, part) for part in _parts(wanted)] if query and asked_words else []
        dense = vector is not None and self._manifest.dim
        near = [requests.semantic_scores(vector, p) for p in _parts(rows)] if vector is not None and dense else []
        answers = self._ask([*words, *near, *(bodies := self._ahead.bodies())])
        self._ahead.take(answers[len(answers) - len(bodies) :])
        found = [responses.ranked(answer) for answer in answers[: len(answers) - len(bodies)]]
        return (
            responses.scattered(wanted, *_joined(found[: len(words)])) * np.float32(BM25_CONSTANT),
            _cosines_of(rows, found[len(words) :]),
        )

    def vectors(self, rows: IntArray) -> FloatArray:
        """Stored vectors of `rows`, shape (len(rows), dim)."""
        answers = self._ask([requests.vectors(part) for part in _parts(rows, _VECTORS_WINDOW)])
        found = {row: vector for answer in answers for row, vector in responses.vectors(answer).items()}
        return np.array([found[row] for row in rows.tolist()], np.float32).reshape(len(rows), self._manifest.dim)

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        if filters.empty or not len(rows):
            return rows
        answers = self._ask([requests.passing(filters, part) for part in _parts(rows)])
        kept = [values[0] for answer in answers for values in responses.sort_values(answer)]
        return rows[np.isin(rows, np.array(kept, np.int64))]

    def by_id(self, rows: IntArray) -> IntArray:
        if len(unknown := self._ids.unknown(rows)):
            for answer in self._ask([requests.identities(part) for part in _parts(unknown)]):
                pairs = responses.sort_values(answer)
                self._ids.put(np.array([row for _, row in pairs], np.int64), [name for name, _ in pairs])
        return self._ids.order(rows)

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        column, sign = _SORT_COLUMNS[sort]
        answers = self._ask([requests.numbers(column, part) for part in _parts(rows)])
        values = {row: value for answer in answers for value, row in responses.sort_values(answer)}
        return np.array([requests.signed(values[row], sign) for row in rows.tolist()], np.int64)

    def facet(self, name: str, rows: IntArray) -> tuple[FacetValue, ...]:
        return self.facets((name,), rows)[name]

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]]:
        if not names or not len(rows):
            return dict.fromkeys(names, ())
        if (known := self._ahead.facets(names, rows)) is not None:
            return known
        (answer,) = self._ask([requests.facets(names, rows)])
        return {name: responses.facet(answer, name) for name in names}

    def sources(self, rows: IntArray) -> list[bytes]:
        return self._stored("source", rows)

    def forward(self, rows: IntArray) -> list[bytes]:
        return self._stored("forward", rows)

    def row_of(self, document_id: str) -> int | None:
        try:
            document_id.encode("utf-8")
        except UnicodeEncodeError:  # a lone surrogate; no document has one
            return None
        (answer,) = self._ask([requests.row_of(document_id)])
        found = responses.sort_values(answer)
        return int(found[0][0]) if found else None

    def attachment(self, name: str) -> bytes | None:
        return attachment(self._cluster, self._attachments, self._manifest.generation, name, self._deadline)

    def check_vectors(self) -> list[str]:
        if not self._manifest.dim or not self.size:
            return []
        (answer,) = self._ask([requests.wrong_vectors(self._manifest.dim, _UNIT_TOLERANCE)])
        return [f"vector of row {values[0]} has not length 1" for values in responses.sort_values(answer)]

    def close(self) -> None:
        """The connections belong to the backend; only the caches go."""
        self._ids.clear()
        self._vectors.clear()

    def _lexical(self, steps: Sequence[tuple[LexicalQuery, int]], filters: Filters) -> Iterator[Candidates]:
        """All steps at once: asking for one more costs less than another round."""
        asked = [(self._present(query), min(depth, _WINDOW)) for query, depth in steps]
        bodies = [requests.lexical(q, filters, d) for q, d in asked if q.weights and q.fields and d > 0]
        answers = iter(self._ask(bodies))
        for query, depth in asked:
            if not (query.weights and query.fields and depth > 0):
                yield _nothing("lexical")
                continue
            answer = next(answers)
            rows, scores, ids = responses.ranked(answer)
            self._ids.put(rows, ids)
            complete = responses.total(answer) <= depth
            yield Candidates("lexical", rows, scores * np.float32(BM25_CONSTANT), complete)

    def _ask(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        if not bodies:
            return []
        answer = self._cluster.call(
            "POST",
            "/_msearch",
            params=dict(self._params),
            body=requests.multi(self._index, bodies),
            deadline=self._deadline,
        )
        return [responses.whole(one) for one in answer["responses"]]

    def _stored(self, field: str, rows: IntArray) -> list[bytes]:
        found = dict(self._ahead.stored[field])
        unknown = np.array([row for row in rows.tolist() if row not in found], np.int64)
        for answer in self._ask([requests.stored(field, part) for part in _parts(unknown)]):
            found |= responses.stored(answer, field)
        return [found[row] for row in rows.tolist()]

    def _present(self, query: LexicalQuery) -> LexicalQuery:
        """Without the fields in which no document has text: they cannot match and only cost time."""
        counts = self._manifest.field_counts
        fields = {name: weight for name, weight in query.fields.items() if counts.get(name) and weight > 0}
        return LexicalQuery(query.weights, fields, query.terms, query.need)


def _parts(rows: IntArray, size: int = _WINDOW) -> Iterator[IntArray]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _joined(found: list[tuple[IntArray, FloatArray, list[str]]]) -> tuple[IntArray, FloatArray]:
    rows = np.concatenate([rows for rows, _, _ in found]) if found else np.empty(0, np.int64)
    scores = np.concatenate([scores for _, scores, _ in found]) if found else np.empty(0, np.float32)
    return rows, scores


def _cosines_of(rows: IntArray, found: list[tuple[IntArray, FloatArray, list[str]]]) -> FloatArray:
    there, scores = _joined(found)
    return responses.scattered(rows, there, responses.cosines(scores))


def _nothing(channel: str) -> Candidates:
    return Candidates(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
