"""A page of a list: its hits, how the query is shown, and the way to the next page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import orjson

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.analysis.highlight import Highlighter
from retrieval.answer import Hit, QueryView, SearchResponse, Total
from retrieval.cursor import encode_cursor
from retrieval.fusion.fusers import Fuser
from retrieval.lists.arrange import Arranged, Placed
from retrieval.lists.explain import because_of, explain
from retrieval.lists.facets import FacetBounds, facets_of
from retrieval.lists.personal import Own
from retrieval.lists.relax import Answer
from retrieval.lists.ruling import labelled, view_of_rules
from retrieval.lists.score import Scored
from retrieval.protocols import IndexReader
from retrieval.recall.matches import Matches
from retrieval.request import PageRequest
from retrieval.search import Search
from retrieval.types import Match
from retrieval.understanding.plan import Autopsy, Plan


def page_of(
    search: Search, plan: Plan, matches: Matches, answer: Answer, late: tuple[str, ...], why: Autopsy | None,
    fuser: Fuser, facet_bounds: FacetBounds, own: Own,
) -> SearchResponse:  # fmt: skip
    """The page that was asked for.

    Args:
        late: channels that did not answer.
        why: why nothing stands above the divider; None where something does.
        own: the list in the order of who asks; what is counted and said of the list is that of `answer`.
    """
    page, scored, total = search.page, answer.arranged.list, answer.total
    off = np.isin(scored.rows, search.taken_down)
    counted = search.reader.facets(page.facets, scored.rows[:total][~off[:total]])
    facets, truncated = facets_of(counted, plan, facet_bounds, page.facet_order)
    shown = total + answer.near if page.near else total
    rows = own.arranged.list.rows
    places = np.arange(page.offset, min(page.offset + search.size, shown, len(rows)))
    allowed = places[~np.isin(rows[places], search.taken_down)]
    hits = hits_of(search.reader, plan, matches, own.arranged, allowed.tolist(), fuser if search.explain else None)
    hits = labelled(search, rows[allowed], hits)
    understood = answer.understood(plan) if plan.intent else None
    return SearchResponse(
        query=view_of(page.list.query, plan, scored.match),
        filters=answer.wishes.filters,
        sort=answer.wishes.sort,
        hits=hits,
        total=Total(total - int(off[:total].sum()), answer.arranged.relation),
        near=answer.near - int(off[total:].sum()),
        facets=facets,
        facets_truncated=truncated,
        next_cursor=next_cursor(page if own.view.applied else replace(page, order=None), late, len(places), shown),
        generation=page.snapshot.generation,
        degraded=late,
        understood=understood and replace(understood, autopsy=why),
        personal=own.view,
        rules=view_of_rules(search),
        recalled={name: len(match.candidates.rows) for name, match in matches.found.items()},
    )


def hits_of(
    reader: IndexReader, plan: Plan, matches: Matches, arranged: Arranged, places: Sequence[int], fuser: Fuser | None
) -> tuple[Hit, ...]:  # fmt: skip
    """The hits at these places of the list (from 0); with every part of their scores where `fuser` is given."""
    scored = arranged.list
    sources = [orjson.loads(source) for source in reader.sources(scored.rows[np.array(places, np.int64)])]
    parts = explain(reader, matches, arranged, places, fuser) if fuser and places else []
    mark = Highlighter(plan.text)
    return tuple(
        Hit(
            id=source["id"],
            kind="product",
            rank=place + 1,
            score=float(scored.scores[place]),
            source=source,
            highlights={"title": mark(source["title"])},
            explain=parts[i] if parts else None,
            relevance=_relevance(scored, place),
            neutral_rank=arranged.neutral_place(place) + 1,
            because=because_of(arranged, place),
            near=place >= arranged.above,
            pinned=arranged.why(place) is Placed.PINNED,
        )
        for i, (place, source) in enumerate(zip(places, sources, strict=True))
    )


def view_of(query: str, plan: Plan, match: Match) -> QueryView:
    """The query as it was taken."""
    tokens = tuple(term.text for term in plan.text.terms)
    typed = query[:MAX_QUERY_CHARS]
    return QueryView(typed, plan.text.normalized, tokens, match, len(query) > len(typed))


def next_cursor(page: PageRequest, late: tuple[str, ...], shown: int, total: int) -> str | None:
    """The next page is of the list that this page is of: without the channels that did not answer.

    Args:
        shown: hits of this page; total: of all pages.
    """
    offset = page.offset + shown
    if shown == 0 or offset >= total:
        return None
    channels = tuple(channel for channel in page.list.channels if channel not in late)
    return encode_cursor(replace(page, offset=offset, list=replace(page.list, channels=channels)))


def _relevance(scored: Scored, place: int) -> float | None:
    known = float(scored.relevance[place])
    return None if math.isnan(known) else round(known, 4)
