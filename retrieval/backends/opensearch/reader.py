"""Answers from one index, named by itself and not by the alias: what is published later does not change them.

Every method is one request, and several questions travel in one ``_msearch``: both channels of a search, and with them
what ranking will ask of their best hits. What is announced of the list travels in a second one, where anything is left
to ask. A reader holds no state but a cache of the ids of rows that were seen.
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
from retrieval.backends.opensearch.held import HeldIds
from retrieval.backends.opensearch.mapping import BM25_CONSTANT
from retrieval.deadline import Deadline
from retrieval.generations import Manifest
from retrieval.protocols import Upcoming
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

    @property
    def travels(self) -> bool:
        return True

    def expect(
        self, steps: Sequence[tuple[LexicalQuery, int]], vector: FloatArray | None, depth: int, first: int
    ) -> None:
        every, ahead = Filters(), self._ahead
        asked = [(step, body) for step in steps if (body := self._lexical_body(*step, every)) is not None]
        near = self._semantic_body(vector, every, depth) if vector is not None else None
        best = self._first_body(steps[-1][0], first, vector if near else None) if steps else None
        carriers = [*([requests.carrying(near)] if near else []), *([best] if best else [])]
        answers = self._send([*(body for _, body in asked), *carriers])
        ahead.lexical = [(step, answer) for (step, _), answer in zip(asked, answers, strict=False)]
        brought = answers[len(asked) :]
        for answer in brought:
            ahead.carry(answer)
        if vector is not None and near:
            ahead.semantic = ((vector, depth), brought[0])
            ahead.measure(vector, responses.script_cosines(brought[-1]))

    def announce(self, upcoming: Upcoming) -> None:
        """Asks for whatever the first journey did not bring."""
        wanted = (("forward", upcoming.forward), ("source", upcoming.records))
        missing = [(field, rows) for field, all_rows in wanted if len(rows := self._ahead.unknown(field, all_rows))]
        bodies = [requests.stored(field, rows) for field, rows in missing]
        if upcoming.vector is not None and self._manifest.dim:
            _, unknown = self._ahead.cosines(upcoming.vector, upcoming.near)
            bodies += [requests.semantic_scores(upcoming.vector, part) for part in _parts(unknown)]
        counted = bool(upcoming.facets) and len(upcoming.among) > 0
        if counted:
            bodies.append(requests.facets(upcoming.facets, upcoming.among))
        answers = self._ask(bodies)
        if counted:
            self._ahead.count(upcoming.facets, upcoming.among, answers.pop())
        for (field, _), answer in zip(missing, answers, strict=False):
            self._ahead.stored[field] |= responses.stored(answer, field)
        if upcoming.vector is not None:
            for answer in answers[len(missing) :]:
                self._ahead.measure(upcoming.vector, responses.row_cosines(answer))

    def lexical(self, query: LexicalQuery, filters: Filters, depth: int) -> Candidates:
        return next(self._lexical([(query, depth)], filters))

    def lexical_steps(self, steps: Sequence[tuple[LexicalQuery, int]]) -> Iterator[Candidates]:
        return self._lexical(steps, Filters())

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        query = self._present(query)
        asked = _parts(rows) if query.weights and query.fields else ()
        answers = self._ask([requests.lexical_scores(query, part) for part in asked])
        found = [responses.ranked(answer) for answer in answers]
        scores = np.zeros(len(rows), np.float32)
        for there, values, _ in found:
            scores += responses.scattered(rows, there, values)
        return scores * np.float32(BM25_CONSTANT)

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        if (body := self._semantic_body(vector, filters, depth)) is None:
            return _nothing("semantic")
        if filters.empty and (known := self._ahead.near(vector, depth)) is not None:
            answers = [responses.whole(known)]
        else:
            answers = self._ask([body, *([] if filters.empty else [requests.counting(filters, depth)])])
        rows, scores, ids = responses.ranked(answers[0])
        self._ids.put(rows, ids)
        passing = self.size if filters.empty else responses.total(answers[1])
        return Candidates("semantic", rows, responses.cosines(scores), complete=passing <= depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        if not self._manifest.dim:
            return np.zeros(len(rows), np.float32)
        known, missing = self._ahead.cosines(vector, rows)
        answers = self._ask([requests.semantic_scores(vector, part) for part in _parts(missing)])
        asked = {row: cosine for answer in answers for row, cosine in responses.row_cosines(answer).items()}
        known[np.isnan(known)] = [asked.get(row, 0.0) for row in missing.tolist()]
        return known

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
        """The connections belong to the backend; only the cache goes."""
        self._ids.clear()

    def _lexical(self, steps: Sequence[tuple[LexicalQuery, int]], filters: Filters) -> Iterator[Candidates]:
        """All steps at once: asking for one more costs less than another round."""
        known = [self._ahead.words(step) if filters.empty else None for step in steps]
        bodies = [
            self._lexical_body(*step, filters) if answer is None else None
            for step, answer in zip(steps, known, strict=True)
        ]
        asked = iter(self._ask([body for body in bodies if body is not None]))
        for (_, depth), body, answer in zip(steps, bodies, known, strict=True):
            if body is None and answer is None:
                yield _nothing("lexical")
                continue
            found = next(asked) if answer is None else responses.whole(answer)
            rows, scores, ids = responses.ranked(found)
            self._ids.put(rows, ids)
            complete = responses.total(found) <= depth
            yield Candidates("lexical", rows, scores * np.float32(BM25_CONSTANT), complete)

    def _lexical_body(self, query: LexicalQuery, depth: int, filters: Filters) -> requests.Body | None:
        """None for a question that recalls nothing."""
        present = self._present(query)
        asks = present.weights and present.fields and depth > 0
        return requests.lexical(present, filters, min(depth, _WINDOW)) if asks else None

    def _semantic_body(self, vector: FloatArray, filters: Filters, depth: int) -> requests.Body | None:
        if not self._manifest.dim or not self.size or depth <= 0:
            return None
        return requests.semantic(vector, filters, min(depth, _WINDOW), self._explored)

    def _first_body(self, query: LexicalQuery, size: int, vector: FloatArray | None) -> requests.Body | None:
        present = self._present(query)
        return requests.first(present, size, vector) if present.weights and present.fields and size > 0 else None

    def _ask(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        return [responses.whole(answer) for answer in self._send(bodies)]

    def _send(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        """Answers as they came, whole or not."""
        if not bodies:
            return []
        answer = self._cluster.call(
            "POST",
            "/_msearch",
            params=dict(self._params),
            body=requests.multi(self._index, bodies),
            deadline=self._deadline,
        )
        return list(answer["responses"])

    def _stored(self, field: str, rows: IntArray) -> list[bytes]:
        found = dict(self._ahead.stored[field])
        for answer in self._ask([requests.stored(field, part) for part in _parts(self._ahead.unknown(field, rows))]):
            found |= responses.stored(answer, field)
        return [responses.unpacked(found[row]) for row in rows.tolist()]

    def _present(self, query: LexicalQuery) -> LexicalQuery:
        """Without the fields in which no document has text: they cannot match and only cost time."""
        counts = self._manifest.field_counts
        fields = {name: weight for name, weight in query.fields.items() if counts.get(name) and weight > 0}
        return LexicalQuery(query.weights, fields, query.terms, query.need)


def _parts(rows: IntArray, size: int = _WINDOW) -> Iterator[IntArray]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _nothing(channel: str) -> Candidates:
    return Candidates(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
