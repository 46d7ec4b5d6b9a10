"""A page of a frozen list: its hits, how the query is shown, and the way to the next page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import orjson

from retrieval.analysis.highlight import Highlighter
from retrieval.cursor import Cursor, encode_cursor
from retrieval.explain import explain
from retrieval.fusion.fusers import Fuser
from retrieval.protocols import IndexReader
from retrieval.results import Matches, ResultList
from retrieval.types import FacetValue, Hit, QueryView, SearchRequest
from retrieval.understanding.plan import Plan

LIKELY = 0.1
"""A category of less probability keeps its place by count."""


def hits_of(
    reader: IndexReader, plan: Plan, matches: Matches, results: ResultList, offset: int, request: SearchRequest,
    fuser: Fuser,
) -> tuple[Hit, ...]:  # fmt: skip
    """The hits from `offset` on, as many as were asked for."""
    places = range(offset, min(offset + request.size, len(results.rows)))
    sources = [orjson.loads(source) for source in reader.sources(results.rows[places.start : places.stop])]
    parts = explain(reader, matches, results, places, fuser) if request.explain and places else []
    mark = Highlighter(plan.text)
    return tuple(
        Hit(
            id=source["id"],
            kind="product",
            rank=place + 1,
            score=float(results.scores[place]),
            source=source,
            highlights={"title": mark(source["title"])},
            explain=parts[i] if parts else None,
            relevance=_relevance(results, place),
        )
        for i, (place, source) in enumerate(zip(places, sources, strict=True))
    )


def view_of(query: str, plan: Plan, match: str) -> QueryView:
    """The query as it was taken."""
    tokens = tuple(term.text for term in plan.text.terms)
    return QueryView(plan.text.text, plan.text.normalized, tokens, match, len(query) > len(plan.text.text))


def facets_of(
    counted: Mapping[str, tuple[FacetValue, ...]], plan: Plan, most: int
) -> dict[str, tuple[FacetValue, ...]]:
    """The first `most` values of each facet; categories that the query is likely about come before more frequent ones.

    The probability of a category is that of all leaves below it.
    """

    def unlikely(value: FacetValue) -> float:
        path = value.value
        share = sum(g.probability for g in plan.categories if f"{g.category}/".startswith(f"{path}/"))
        return -share if share >= LIKELY else 0.0

    ordered = {name: sorted(values, key=unlikely) if name == "category" else values for name, values in counted.items()}
    return {name: tuple(values[:most]) for name, values in ordered.items()}


def next_cursor(cursor: Cursor, late: tuple[str, ...], shown: int, total: int) -> str | None:
    """The next page is of the list that this page is of: without the channels that did not answer."""
    offset = cursor.offset + shown
    if shown == 0 or offset >= total:
        return None
    return encode_cursor(replace(cursor, offset=offset, channels=tuple(c for c in cursor.channels if c not in late)))


def _relevance(results: ResultList, place: int) -> float | None:
    known = None if results.relevance is None else float(results.relevance[place])
    return None if known is None or math.isnan(known) else round(known, 4)
