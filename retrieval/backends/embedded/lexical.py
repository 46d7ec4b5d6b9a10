"""What tantivy answers: rows that match a query, best first by BM25, among those that pass filters.

BM25 with k1 = 1.2, b = 0.75 per field (Robertson and Zaragoza 2009, doi:10.1561/1500000019), summed over fields
times their weights. What a document has: `retrieval.backends.embedded.lexical_writer`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from threading import Lock

import numpy as np
import tantivy
from cachetools import LRUCache

from retrieval.backends.common.values import alternatives_of, excluded
from retrieval.backends.embedded.lexical_writer import IN_STOCK, SPLIT
from retrieval.backends.embedded.rowset import RowSet
from retrieval.types import Filters, FloatArray, IntArray, LexicalQuery

_SCORINGS_KEPT = 64
"""Queries that run at the same time, and their steps."""
_FIRST_WANTED = 2_000
_FEW = 1_000
"""So few rows are asked for by their numbers, instead of until enough of them are found."""
_Query = tantivy.Query
_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class LexicalReader:
    """Answers from one commit; thread-safe."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()
        self._scorings: LRUCache[Hashable, tantivy.Query] = LRUCache(_SCORINGS_KEPT)
        self._lock = Lock()

    @property
    def size(self) -> int:
        return int(self._searcher.num_docs)

    def best(
        self, query: LexicalQuery, filters: Filters, depth: int, alive: RowSet | None
    ) -> tuple[IntArray, FloatArray, bool]:
        """Up to `depth` (rows, scores) out of `alive` (None: all), best first, and whether there are no more.

        Ties are in index order.
        """
        asked = self._asked(query, filters)
        if alive is None:
            rows, scores = self._run(asked, depth + 1)
            return rows[:depth], scores[:depth], len(rows) <= depth
        if alive.count <= _FEW:
            asked = _Query.boolean_query([(_MUST, asked), (_MUST, self._among(alive.rows()))])
        # What is gone still stands in the index: more are fetched until enough of them are there.
        wanted = int(1.1 * (depth + 1) * alive.bound / max(alive.count, 1)) + 8
        while True:
            rows, scores = self._run(asked, wanted := min(wanted, self.size))
            there = alive.has(rows)
            if len(rows) < wanted or wanted == self.size or int(there.sum()) > depth:
                return rows[there][:depth], scores[there][:depth], int(there.sum()) <= depth
            wanted *= 2

    def count(self, query: LexicalQuery, up_to: int, alive: RowSet | None) -> int:
        """How many out of `alive` (None: all) have the terms that the query needs, at most `up_to`."""
        asked = _silent(self._matching(query))
        if alive is None:
            return min(self._matches(asked), up_to)
        rows, _ = self._run(asked, max(up_to + self.size - alive.count, 1))  # all that are gone may be among them
        return min(int(alive.has(rows).sum()), up_to)

    def every(self, query: LexicalQuery, filters: Filters, floor: float) -> tuple[IntArray, FloatArray]:
        """All (rows, scores) that match and score at least `floor`, those that are gone, too.

        Most matches of a long query lie below a floor, and making Python objects of them takes longer than the search.
        """
        asked, wanted = self._asked(query, filters), _FIRST_WANTED if floor > 0 else max(self.size, 1)
        while True:
            rows, scores = self._run(asked, wanted)
            if len(rows) < wanted or wanted >= self.size or scores[-1] < floor:
                good = scores >= floor
                return rows[good], scores[good]
            wanted *= 4

    def _asked(self, query: LexicalQuery, filters: Filters) -> tantivy.Query:
        scoring = self._scoring(query)
        parts = [self._matching(query)] if query.need > 0 else []
        parts += self._filtering(filters)
        # Alone, tantivy skips blocks of documents that cannot be among the best.
        return _Query.boolean_query([(_MUST, each) for each in (scoring, *map(_silent, parts))]) if parts else scoring

    def scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        """The BM25 scores of `rows`, 0 where no token matches."""
        among = self._among(rows)
        found, scores = self._run(_Query.boolean_query([(_MUST, among), (_SHOULD, self._scoring(query))]), len(rows))
        order = np.argsort(found)
        out = np.zeros(len(rows), np.float32)
        place = np.searchsorted(found[order], rows)
        out[:] = scores[order][place]
        return out

    def _among(self, rows: IntArray) -> tantivy.Query:
        return _silent(_Query.term_set_query(self._schema, "row", rows.tolist()))

    def _run(self, query: tantivy.Query, depth: int) -> tuple[IntArray, FloatArray]:
        """The best `depth`, uncounted: what cannot be among them need not be looked at."""
        hits = self._searcher.search(query, depth, count=False).hits
        scores, addresses = zip(*hits, strict=True) if hits else ((), ())
        rows = self._searcher.fast_field_values("row", list(addresses))
        return np.array(rows, np.int64), np.array(scores, np.float32)

    def _matches(self, query: tantivy.Query) -> int:
        """How many documents match."""
        return int(self._searcher.search(query, 1).count)  # type: ignore[attr-defined]  # missing in the stubs

    def _scoring(self, query: LexicalQuery) -> tantivy.Query:
        """The same for every relaxation step of a query, so it is made once for all."""
        key = (tuple(query.fields.items()), tuple(query.weights.items()))
        with self._lock:
            known = self._scorings.get(key)
        if known is None:
            clauses = [
                (_SHOULD, _Query.boost_query(self._token(field, token), weight * boost))
                for field, boost in query.fields.items()
                for token, weight in query.weights.items()
            ]
            known = _Query.boolean_query(clauses)
            with self._lock:
                self._scorings[key] = known
        return known

    def _matching(self, query: LexicalQuery) -> tantivy.Query:
        terms = [(_SHOULD, _any_of(self._all_of(tokens) for tokens in alternatives)) for alternatives in query.terms]
        return _Query.boolean_query(terms, minimum_number_should_match=query.need)

    def _all_of(self, tokens: tuple[str, ...]) -> tantivy.Query:
        return _Query.boolean_query([(_MUST, self._token("match", token)) for token in tokens])

    def _token(self, field: str, token: str) -> tantivy.Query:
        return _Query.term_query(self._schema, field, token, "freq")

    def rows_of(self, filters: Filters) -> IntArray:
        """All rows that pass the filters by words (`without`, `having`)."""
        return self._all(self._by_words(filters))

    def passing(self, filters: Filters) -> IntArray:
        """All rows that pass all filters, those that are gone, too."""
        return self._all(self._filtering(filters))

    def _all(self, clauses: Iterable[tantivy.Query]) -> IntArray:
        query = _Query.boolean_query([(_MUST, clause) for clause in (*clauses, _Query.all_query())])
        return self._run(query, max(self._matches(query), 1))[0]

    def _by_words(self, filters: Filters) -> Iterable[tantivy.Query]:
        for group in filters.having:
            yield _Query.term_set_query(self._schema, "match", list(group))
        if unwanted := [(_MUST_NOT, self._unpardoned(tokens, pardons)) for tokens, pardons in excluded(filters)]:
            yield _Query.boolean_query([(_MUST, _Query.all_query()), *unwanted])

    def _unpardoned(self, tokens: tuple[str, ...], pardons: list[tuple[str, ...]]) -> tantivy.Query:
        pardoned = [(_MUST_NOT, self._all_of(pardon)) for pardon in pardons]
        return _Query.boolean_query([(_MUST, self._all_of(tokens)), *pardoned])

    def _filtering(self, filters: Filters) -> Iterable[tantivy.Query]:
        yield from self._by_words(filters)
        for name, group in alternatives_of(filters):
            terms = [name + SPLIT + value for value in group]
            yield _Query.term_set_query(self._schema, "filter", terms)
        low, high = filters.price
        if low is not None or high is not None:
            yield _Query.range_query(self._schema, "price", tantivy.FieldType.Integer, low, high)
        if filters.in_stock:
            yield _Query.term_query(self._schema, "filter", IN_STOCK, "basic")


def _silent(query: tantivy.Query) -> tantivy.Query:
    return _Query.const_score_query(query, 0.0)


def _any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return _Query.boolean_query([(_SHOULD, query) for query in queries])
