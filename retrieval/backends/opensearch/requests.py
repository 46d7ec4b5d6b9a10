"""Questions as request bodies. Pure: the same question gives the same body, whatever the cluster.

A hit is asked for by its sort values alone, ``[score, id, row]``: they come with the ranking, so no stored field is
read for a list of thousands. Sorting by score and then by id also gives the same list on every copy of a shard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from retrieval.backends.common.values import SOLD_OUT, alternatives_of, excluded
from retrieval.types import MISSING, Filters, FloatArray, IntArray, LexicalQuery

Body = dict[str, Any]
Clauses = Sequence[Body]
"""Conditions, all of which must hold (`filtering`)."""

NO_ROWS: IntArray = np.empty(0, np.int64)
_MAX_TERMS = 60_000
"""Of one clause; a cluster takes 65,536 unless told otherwise."""

CARRIED = ("forward", "source")
"""Columns of bytes that come along with hits; `VECTOR` does where ranking reads it."""
VECTOR = "half"
SCORING_CLAUSES = 600
"""A cluster counts at most 1,024 clauses a query unless told otherwise; the rest is for matching. Usual are 150."""
MAX_BUCKETS = 60_000
_RANKED: list[Any] = [{"_score": "desc"}, {"id": "asc"}, {"row": "asc"}]
_LEAN: Mapping[str, Any] = {"_source": False, "stored_fields": "_none_"}


def lexical(query: LexicalQuery, clauses: Clauses, depth: int) -> Body:
    """The best `depth` by BM25; counted up to one more, which tells whether there are more."""
    needed = [matching(query)] if query.need > 0 else []
    asked = {"must": [scoring(query)], "filter": [*clauses, *needed]}
    return {"query": {"bool": asked}, "size": depth, "sort": _RANKED, "track_total_hits": depth + 1, **_LEAN}


def lexical_sorted(query: LexicalQuery, clauses: Clauses, depth: int, order: tuple[str, int], floor: float) -> Body:
    """The first `depth` by (column, sign) among those that score `floor`; hits are ``[value, id, row, score]``."""
    column, sign = order
    by_value = {f"numbers.{column}": {"order": "desc" if sign > 0 else "asc", "missing": "_last"}}
    by = [by_value, {"id": "asc"}, {"row": "asc"}, {"_score": "desc"}]
    return lexical(query, clauses, depth) | {"sort": by, "min_score": floor}


def first(
    query: LexicalQuery, clauses: Clauses, size: int, vector: FloatArray | None, columns: Sequence[str]
) -> Body:  # fmt: skip
    """What ranking will ask of the best `size` by words: row and `columns` of each, and its cosine.

    In the order of the score alone: which of several equal ones at the cut are there does not matter.
    """
    asked = {"bool": {"must": [scoring(query)], "filter": list(clauses)}} if clauses else scoring(query)
    body: Body = {"query": asked, "size": size, "track_total_hits": False, **_LEAN}
    body["docvalue_fields"] = ["row", *columns]
    if vector is not None:
        body["script_fields"] = {"cosine": _cosine(vector)}
    return body


def carrying(body: Body, columns: Sequence[str]) -> Body:
    """A question whose hits bring `columns` along."""
    return body | {"docvalue_fields": list(columns)}


def lexical_scores(query: LexicalQuery, rows: IntArray) -> Body:
    """BM25 of `rows`; those without a token are not among the hits."""
    asked = {"must": [scoring(query)], "filter": [among(rows)]}
    return {"query": {"bool": asked}, "size": len(rows), "sort": _RANKED, "track_total_hits": False, **_LEAN}


def semantic(vector: FloatArray, clauses: Clauses, depth: int, explored: int) -> Body:
    """The nearest `depth` among those that pass; `explored` (ef_search) neighbours are looked at, a shard."""
    asked: Body = {"vector": vector.tolist(), "k": depth, "method_parameters": {"ef_search": max(explored, depth)}}
    if clauses:
        asked["filter"] = {"bool": {"filter": list(clauses)}}
    query = {"knn": {"vector": asked}}
    return {"query": query, "size": depth, "sort": _RANKED, "track_total_hits": False, **_LEAN}


def semantic_scores(vector: FloatArray, rows: IntArray) -> Body:
    """Exact: a search that may return as many as pass its filter compares each of them (efficient k-NN filtering)."""
    query = {"knn": {"vector": {"vector": vector.tolist(), "k": len(rows), "filter": among(rows)}}}
    return {"query": query, "size": len(rows), "sort": _RANKED, "track_total_hits": False, **_LEAN}


def counting(clauses: Clauses, up_to: int) -> Body:
    """How many pass, counted up to one more than `up_to`."""
    return {"query": {"bool": {"filter": list(clauses)}}, "size": 0, "track_total_hits": up_to + 1}


def passing(clauses: Clauses, rows: IntArray) -> Body:
    """Those of `rows` that pass."""
    return _listing({"bool": {"filter": [among(rows), *clauses]}}, len(rows), [{"row": "asc"}])


def every(clauses: Clauses, after: int, size: int) -> Body:
    """The next `size` rows behind row `after` that pass."""
    return _listing({"bool": {"filter": list(clauses)}}, size, [{"row": "asc"}]) | {"search_after": [after]}


def identities(rows: IntArray) -> Body:
    """The ids of `rows`."""
    return _listing(among(rows), len(rows), [{"id": "asc"}, {"row": "asc"}])


def numbers(column: str, rows: IntArray) -> Body:
    """A column of `rows`."""
    by_value = {f"numbers.{column}": {"order": "asc", "missing": MISSING}}
    return _listing(among(rows), len(rows), [by_value, {"row": "asc"}])


def rows_of(document_ids: Sequence[str], clauses: Clauses) -> Body:
    """The rows of documents, beside their ids; of several with one id, those that pass."""
    named: Body = {"terms": {"id": list(document_ids)}}
    asked = {"bool": {"filter": [named, *clauses]}} if clauses else named
    return _listing(asked, len(document_ids), [{"id": "asc"}, {"row": "asc"}])


def stored(field: str, rows: IntArray) -> Body:
    """A column of bytes of `rows`."""
    return _listing(among(rows), len(rows), [{"row": "asc"}]) | {"docvalue_fields": [field]}


def facets(names: Iterable[str], rows: IntArray, bands: Mapping[str, Sequence[int]]) -> Body:
    """Values among `rows` with their counts, of all `names` in one pass; columns are counted in `bands`."""
    return {
        "query": {"bool": {"filter": [among(rows)]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {name: _counted(name, bands.get(name)) for name in names},
    }


def wrong_vectors(dim: int, tolerance: float) -> Body:
    """The first vector that is not of unit length: its squared length is its squared distance from the origin.

    A document with such a vector gets the score 1, a NaN fails every comparison and so is not of unit length either.
    """
    script = "double n = l2Squared(params.origin, doc['vector']); return n > params.low && n < params.high ? 0.0 : 1.0;"
    params = {"origin": [0.0] * dim, "low": (1 - tolerance) ** 2, "high": (1 + tolerance) ** 2}
    asked = {"query": {"exists": {"field": "vector"}}, "script": {"source": script, "params": params}}
    return {"query": {"script_score": {**asked, "min_score": 0.5}}, "size": 1, "sort": [{"row": "asc"}], **_LEAN}


def among(rows: IntArray) -> Body:
    return {"terms": {"row": rows.tolist()}}


def scoring(query: LexicalQuery) -> Body:
    """BM25 summed over fields and tokens; only the heaviest clauses of an extraordinarily long query."""
    clauses = [
        (weight * boost, field, token)
        for field, boost in query.fields.items()
        for token, weight in query.weights.items()
    ]
    if len(clauses) > SCORING_CLAUSES:
        clauses = sorted(clauses, key=lambda clause: -clause[0])[:SCORING_CLAUSES]
    should = [{"term": {f"text.{field}": {"value": token, "boost": boost}}} for boost, field, token in clauses]
    return {"bool": {"should": should, "minimum_should_match": 1}}


def matching(query: LexicalQuery) -> Body:
    """So many of the terms; a term is any of its alternatives, an alternative is all of its tokens."""
    terms = [_any_of([_all_of(tokens) for tokens in alternatives]) for alternatives in query.terms]
    return {"bool": {"should": terms, "minimum_should_match": query.need}}


def filtering(filters: Filters) -> list[Body]:
    """One clause a condition; all must hold. No clause where everything passes."""
    clauses: list[Body] = [{"terms": {f"keywords.{name}": group}} for name, group in alternatives_of(filters)]
    low, high = filters.price
    bounds = {key: value for key, value in (("gte", low), ("lte", high)) if value is not None}
    if bounds:
        clauses.append({"range": {"numbers.price": bounds}})
    if filters.in_stock:
        clauses.append({"bool": {"must_not": [{"term": {"numbers.stock": SOLD_OUT}}]}})
    clauses += [{"terms": {"match": list(group)}} for group in filters.having]
    if unwanted := excluded(filters):
        clauses.append({"bool": {"must_not": [_unpardoned(tokens, pardons) for tokens, pardons in unwanted]}})
    return clauses


def left_out(gone: IntArray, bound: int | None) -> list[Body]:
    """What rows that are not `gone` pass, and that are below `bound`. Written once, since every question has it."""
    clauses: list[Body] = [{"range": {"row": {"lt": bound}}}] if bound is not None else []
    if len(gone):
        parts = [gone[start : start + _MAX_TERMS] for start in range(0, len(gone), _MAX_TERMS)]
        clauses.append({"bool": {"must_not": [{"terms": {"row": _written(part)}} for part in parts]}})
    return clauses


def multi(index: str, bodies: Iterable[Body], *, spread: bool = False) -> bytes:
    """Several searches in one request, as lines of JSON.

    With `spread`, words have the statistics of all shards together. Nothing else is asked so: the nearest would be
    looked for twice.
    """
    plain = orjson.dumps({"index": index})
    gathered = orjson.dumps({"index": index, "search_type": "dfs_query_then_fetch"}) if spread else plain
    return b"".join((gathered if _of_words(body) else plain) + b"\n" + orjson.dumps(body) + b"\n" for body in bodies)


def _of_words(body: Body) -> bool:
    """Whether its scores are those of words; conditions alone stand in a filter."""
    return not {"must", "should"}.isdisjoint(body["query"].get("bool", ()))


def _written(rows: IntArray) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(rows, option=orjson.OPT_SERIALIZE_NUMPY))


def _cosine(vector: FloatArray) -> Body:
    """Of unit vectors the inner product."""
    return {"script": {"source": "innerProduct(params.v, doc['vector'])", "params": {"v": vector.tolist()}}}


def _listing(query: Body, size: int, sort: list[Any]) -> Body:
    return {"query": query, "size": size, "sort": sort, "track_total_hits": False, **_LEAN}


def _counted(name: str, edges: Sequence[int] | None) -> Body:
    if edges is not None:
        uppers = [*edges[1:], None]
        ranges = [
            {"from": low} if high is None else {"from": low, "to": high}
            for low, high in zip(edges, uppers, strict=True)
        ]
        return {"range": {"field": f"numbers.{name}", "ranges": ranges}}
    # As many as there can be: with fewer, counts over several shards would not be exact.
    return {"terms": {"field": f"keywords.{name}", "size": MAX_BUCKETS}}


def _any_of(queries: list[Body]) -> Body:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _all_of(tokens: tuple[str, ...]) -> Body:
    terms: list[Body] = [{"term": {"match": token}} for token in tokens]
    return terms[0] if len(terms) == 1 else {"bool": {"filter": terms}}


def _unpardoned(tokens: tuple[str, ...], pardons: list[tuple[str, ...]]) -> Body:
    return {"bool": {"filter": [_all_of(tokens)], "must_not": [_all_of(pardon) for pardon in pardons]}}
