"""Answers of one index, named by itself and not by the alias: what is published later changes none.

Every method is one request. Nothing is kept but the ids of rows seen, and what was fetched before it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np

from retrieval.backends.common.orders import sort_keys
from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.asking import WINDOW, Asking
from retrieval.backends.opensearch.attachments import attachment
from retrieval.backends.opensearch.client import FOREVER
from retrieval.backends.opensearch.mapping import BM25_CONSTANT
from retrieval.backends.opensearch.prefetched import Prefetched
from retrieval.backends.opensearch.view import View
from retrieval.deadline import Deadline
from retrieval.generations import Manifest
from retrieval.snapshot import Snapshot
from retrieval.types import Candidates, FacetValue, Filters, FloatArray, IntArray, LexicalQuery, Sort

_UNIT_TOLERANCE = 5e-3
_ROUNDING = 1e-6
"""Of a floor: scores are compared on the cluster before they are multiplied here."""


class Answers:
    """What every reader of a `View` answers, and nothing is waited for after `deadline`."""

    def __init__(self, view: View, deadline: Deadline = FOREVER) -> None:
        self._view, self._manifest, self._deadline = view, view.manifest, deadline
        self._ids, self._gone, self._schema = view.ids, view.gone, view.schema
        self._asking = Asking(view, deadline)
        self._prefetched = Prefetched()

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    @property
    def snapshot(self) -> Snapshot:
        return self._view.snapshot

    @property
    def rows(self) -> int:
        return self._view.rows

    @property
    def documents(self) -> int:
        return self.rows - len(self._gone)

    def without(self, rows: IntArray, *, epoch: int) -> Self:
        gone = np.union1d(self._gone, rows).astype(np.int64)
        return type(self)(self._view.at(epoch, gone), self._deadline)

    def lexical(
        self, query: LexicalQuery, filters: Filters, depth: int, sort: Sort = Sort.RELEVANCE, floor: float = 0.0
    ) -> Candidates:
        if sort is not Sort.RELEVANCE:
            return self._sorted(query, filters, depth, sort, floor)
        found = self._ranked(query, filters, depth)
        good = found.scores >= floor
        return Candidates("lexical", found.rows[good], found.scores[good], found.complete or not bool(good.all()))

    def lexical_counts(self, queries: Sequence[LexicalQuery], up_to: int) -> Iterator[int]:
        """All at once: asking for one more costs less than another round."""
        known = [self._prefetched.counted((query, up_to)) for query in queries]
        missing = [query for query, answer in zip(queries, known, strict=True) if answer is None]
        asked = iter(self._ask([self._asking.counted(query, up_to) for query in missing]))
        for answer in known:
            yield min(responses.total(responses.whole(answer) if answer is not None else next(asked)), up_to)

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        asked = self._asking.known(query)
        answers = self._ask([requests.lexical_scores(asked, part) for part in parts(rows)] if asked else [])
        scores = np.zeros(len(rows), np.float32)
        for there, values, _ in map(responses.ranked, answers):
            scores += responses.scattered(rows, there, values)
        return scores * np.float32(BM25_CONSTANT)

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        body = self._asking.near(vector, filters, depth)
        if body is None or not self.documents:
            return Candidates.none("semantic")
        if filters.empty and (known := self._prefetched.near(vector, depth)) is not None:
            answers = [responses.whole(known)]
        else:
            counting = requests.counting(self._asking.clauses(filters), depth)
            answers = self._ask([body] if filters.empty else [body, counting])
        rows, scores, ids = responses.ranked(answers[0])
        self._ids.put(rows, ids)
        passing = self.documents if filters.empty else responses.total(answers[1])
        return Candidates("semantic", rows, responses.cosines(scores), complete=passing <= depth)

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        if not self._view.dim:
            return np.zeros(len(rows), np.float32)
        known, missing = self._prefetched.cosines(vector, rows)
        answers = self._ask([requests.semantic_scores(vector, part) for part in parts(missing)])
        asked = {row: cosine for answer in answers for row, cosine in responses.row_cosines(answer).items()}
        known[np.isnan(known)] = [asked.get(row, 0.0) for row in missing.tolist()]
        return known

    def vectors(self, rows: IntArray) -> FloatArray:
        """Stored vectors of `rows`, shape (len(rows), dim): for everybody from the column in half precision.

        What the graph holds is rounded to the same numbers, so there is no better copy that somebody could want.
        """
        if not self._view.dim:
            return np.empty((len(rows), 0), np.float32)
        stored = b"".join(self._stored(requests.VECTOR, rows))
        return np.frombuffer(stored, "<f2").reshape(len(rows), self._view.dim).astype(np.float32)

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        rows = self._living(rows)
        if filters.empty or not len(rows):
            return rows
        answers = self._ask([requests.passing(requests.filtering(filters), part) for part in parts(rows)])
        kept = [values[0] for answer in answers for values in responses.sort_values(answer)]
        return rows[np.isin(rows, np.array(kept, np.int64))]

    def rows_passing(self, filters: Filters) -> IntArray:
        found: list[int] = []
        while True:
            body = requests.every(self._asking.clauses(filters), found[-1] if found else -1, WINDOW)
            more = [values[0] for values in responses.sort_values(self._ask([body])[0])]
            found += more
            if len(more) < WINDOW:
                return np.array(found, np.int64)

    def by_id(self, rows: IntArray) -> IntArray:
        if len(unknown := self._ids.unknown(rows)):
            for answer in self._ask([requests.identities(part) for part in parts(unknown)]):
                pairs = responses.sort_values(answer)
                self._ids.put(np.array([row for _, row in pairs], np.int64), [name for name, _ in pairs])
        return self._ids.order(rows)

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        column, sign = self._schema.sorts[sort]
        answers = self._ask([requests.numbers(column, part) for part in parts(rows)])
        values = {row: value for answer in answers for value, row in responses.sort_values(answer)}
        return sort_keys(sign, np.array([values[row] for row in rows.tolist()], np.int64))

    def facets(self, names: Sequence[str], rows: IntArray) -> dict[str, tuple[FacetValue, ...]]:
        rows = self._living(rows)
        if not names or not len(rows):
            return dict.fromkeys(names, ())
        if (known := self._prefetched.facets(names, rows)) is not None:
            return known
        (answer,) = self._ask([requests.facets(names, rows, self._schema.bands)])
        return self._counted(names, answer)

    def sources(self, rows: IntArray) -> list[bytes]:
        return self._stored("source", rows)

    def forward(self, rows: IntArray) -> list[bytes]:
        return self._stored("forward", rows)

    def row_of(self, document_id: str) -> int | None:
        return self.rows_of([document_id])[0]

    def rows_of(self, document_ids: Sequence[str]) -> list[int | None]:
        possible = [each for each in dict.fromkeys(document_ids) if _is_text(each)]
        starts = range(0, len(possible), WINDOW)
        clauses = self._view.left_out
        answers = self._ask([requests.rows_of(possible[start : start + WINDOW], clauses) for start in starts])
        found = {name: row for answer in answers for name, row in responses.sort_values(answer)}
        return [found.get(each) for each in document_ids]

    def attachment(self, name: str) -> bytes | None:
        return attachment(self._view.cluster, self._view.attachments, self._manifest.generation, name, self._deadline)

    def check_vectors(self) -> list[str]:
        if not self._view.dim or not self.rows:
            return []
        (answer,) = self._ask([requests.wrong_vectors(self._view.dim, _UNIT_TOLERANCE)])
        return [f"vector of row {values[0]} has not length 1" for values in responses.sort_values(answer)]

    def close(self) -> None:
        """The connections belong to the backend; only the cache goes."""
        self._ids.clear()

    def _ranked(self, query: LexicalQuery, filters: Filters, depth: int) -> Candidates:
        if filters.empty and (known := self._prefetched.words((query, depth))) is not None:
            answer = responses.whole(known)
        elif body := self._asking.words(query, filters, depth):
            (answer,) = self._ask([body])
        else:
            return Candidates.none("lexical")
        return self._candidates(answer, responses.ranked(answer), depth)

    def _sorted(self, query: LexicalQuery, filters: Filters, depth: int, sort: Sort, floor: float) -> Candidates:
        asked = self._asking.known(query)
        if asked is None or depth <= 0:
            return Candidates.none("lexical")
        least = floor * (1 - _ROUNDING) / BM25_CONSTANT
        clauses, order = self._asking.clauses(filters), self._schema.sorts[sort]
        (answer,) = self._ask([requests.lexical_sorted(asked, clauses, min(depth, WINDOW), order, least)])
        return self._candidates(answer, responses.listed(answer), depth)

    def _candidates(
        self, answer: responses.Answer, found: tuple[IntArray, FloatArray, list[str]], depth: int
    ) -> Candidates:
        rows, scores, ids = found
        self._ids.put(rows, ids)
        complete = responses.total(answer) <= min(depth, WINDOW)
        return Candidates("lexical", rows, scores * np.float32(BM25_CONSTANT), complete)

    def _living(self, rows: IntArray) -> IntArray:
        return rows[~np.isin(rows, self._gone)] if len(self._gone) else rows

    def _counted(self, names: Iterable[str], answer: responses.Answer) -> dict[str, tuple[FacetValue, ...]]:
        return {name: responses.facet(answer, name, self._schema.bands.get(name)) for name in names}

    def _ask(self, bodies: Sequence[requests.Body]) -> list[responses.Answer]:
        return self._asking.ask(bodies)

    def _stored(self, field: str, rows: IntArray) -> list[bytes]:
        found = dict(self._prefetched.stored[field])
        for answer in self._ask(
            [requests.stored(field, part) for part in parts(self._prefetched.unknown(field, rows))]
        ):
            found |= responses.stored(answer, field)
        return [responses.unpacked(found[row]) for row in rows.tolist()]


def _is_text(document_id: str) -> bool:
    """Whether it can be sent: a lone surrogate cannot, and no document has one."""
    return not any("\ud800" <= char <= "\udfff" for char in document_id)


def parts(rows: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(rows), WINDOW):
        yield rows[start : start + WINDOW]
