"""A page:

1. The hits are those from the offset on, as many as are asked for and there are, with their places in the whole list.
2. The next page begins where this one ends, of the same list without the channels that were late; the last has none.
   It goes on under the divider, unless that is not wanted.
3. What the page says besides is said of the list: total, step, facets, filters and order in force, why nothing
   answers. Counted is what stands above the divider.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import orjson
import pytest

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.answer import Fragment, Hit, PersonalView, SearchResponse, Total, TruncatedFacet
from retrieval.cursor import decode_cursor
from retrieval.fusion.fusers import Weighted
from retrieval.lists.arrange import Arranged, ArrangeOptions, Placed, arrange
from retrieval.lists.facets import FacetBounds
from retrieval.lists.pages import hits_of, next_cursor, page_of, view_of
from retrieval.lists.personal import Own
from retrieval.lists.relax import Answer, Wishes
from retrieval.recall.matches import Matches
from retrieval.request import ListRequest, PageRequest
from retrieval.rules.edition import NOTHING
from retrieval.search import Search
from retrieval.snapshot import Snapshot
from retrieval.types import CHANNELS, FacetValue, Filters, IntArray, Match, Sort
from retrieval.understanding.kinds import IntentKind
from retrieval.understanding.plan import Autopsy, Intent, Plan
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.lists.test_arrange import scored
from tests.unit.retrieval.tiny_reader import Item, TinyReader

COUNTED = {
    "brand": (FacetValue("厨", 4), FacetValue("衣", 2)),
}
SIZE = 5
NAN = float("nan")
PLAN = Plan("锅", built_in_analyzer().query("锅"))


class Shelf(TinyReader):
    """Five pots; row i is p<i>, and a list stands in the order of its rows."""

    def __init__(self) -> None:
        super().__init__([Item(f"p{row}") for row in range(SIZE)])
        self.counted: list[tuple[tuple[str, ...], list[int]]] = []

    def sources(self, rows: IntArray) -> list[bytes]:
        return [orjson.dumps({"id": f"p{row}", "title": f"铁锅{row}"}) for row in rows.tolist()]

    def facets(self, fields: tuple[str, ...], rows: IntArray) -> dict[str, tuple[FacetValue, ...]]:
        self.counted.append((fields, rows.tolist()))
        return {name: COUNTED[name] for name in fields}


def arranged(relevance: list[float] | None = None, size: int = SIZE) -> Arranged:
    of = scored([9.0 - place for place in range(size)], relevance=relevance or [NAN] * size, match=Match.MOST)
    return arrange(Shelf().reader, of, Sort.RELEVANCE, ArrangeOptions(False, 0, 0, 0.0))


def hits(places: range, fuser: Weighted | None = None) -> tuple[Hit, ...]:
    shown = arranged([0.123456, NAN, 0.9, NAN, 0.5])
    return hits_of(Shelf().reader, PLAN, Matches(), shown, places, fuser)


def test_hits() -> None:  # 1
    # Looked at, best first: p0, p2, p4; behind them p1 and p3.
    assert [hit.id for hit in hits(range(5))] == ["p0", "p2", "p4", "p1", "p3"]
    found = hits(range(1, 4))
    assert [(hit.id, hit.rank, hit.score, hit.relevance) for hit in found] == [
        ("p2", 2, 7.0, 0.9), ("p4", 3, 5.0, 0.5), ("p1", 4, 8.0, None),
    ]  # fmt: skip
    assert hits(range(1))[0].relevance == 0.1235
    assert [(hit.kind, hit.source, hit.explain) for hit in found[:1]] == [
        ("product", {"id": "p2", "title": "铁锅2"}, None),
    ]  # fmt: skip
    assert found[0].highlights == {"title": (Fragment("铁", False), Fragment("锅", True), Fragment("2", False))}
    assert hits(range(0)) == ()


def test_explained_hits() -> None:  # 1
    found = hits(range(2, 4), Weighted({"lexical": 1.0}))
    parts = [hit.explain for hit in found]
    assert [part and (part.score, part.placed) for part in parts] == [(5.0, Placed.SCORE), (8.0, Placed.NOT_RANKED)]
    assert [part and part.formula for part in parts] == ["sum of weight · feature", "1 · normalised lexical"]


def request(offset: int = 0) -> PageRequest:
    return PageRequest(Snapshot("g1", 3), ListRequest("锅", sort=Sort.SALES), ("brand",), offset)


@pytest.mark.parametrize(("offset", "shown", "total", "next_offset"), [(0, 2, 5, 2), (2, 2, 5, 4), (2, 2, 4, None),
                                                                    (4, 1, 5, None), (0, 0, 5, None)])  # fmt: skip
def test_next_page(offset: int, shown: int, total: int, next_offset: int | None) -> None:  # 2
    text = next_cursor(request(offset), (), shown, total)
    assert (text and decode_cursor(text)) == (None if next_offset is None else request(next_offset))


def test_without_what_was_late() -> None:  # 2
    text = next_cursor(request(), ("semantic",), 1, 5)
    assert text is not None
    assert decode_cursor(text).list == replace(request().list, channels=("lexical", "moments"))
    assert request().list.channels == CHANNELS


def page(
    size: int,
    of: Arranged,
    plan: Plan = PLAN,
    why: Autopsy | None = None,
    *,
    explained: bool = False,
    near: bool = True,
) -> tuple[SearchResponse, Shelf]:
    shelf, wishes = Shelf(), Wishes(Filters(price=(1, None)), Sort.RELEVANCE, ("price",))
    search = cast(
        Search,
        SimpleNamespace(
            page=replace(request(1), near=near),
            size=size,
            explain=explained,
            reader=shelf.reader,
            taken_down=np.empty(0, np.int64),
            ruled=NOTHING,
            occasion=None,
        ),
    )
    answer = Answer(of, wishes, ("service",))
    return page_of(
        search,
        plan,
        Matches(),
        answer,
        ("semantic",),
        why,
        Weighted({}),
        FacetBounds(1, 1),
        Own(answer.arranged, PersonalView()),
    ), shelf


def test_what_is_said_of_the_list() -> None:  # 3
    found, shelf = page(2, arranged())
    assert ([hit.rank for hit in found.hits], found.total) == ([2, 3], Total(5, "eq"))
    assert (found.filters, found.sort) == (Filters(price=(1, None)), Sort.RELEVANCE)
    assert (found.generation, found.degraded, found.understood) == ("g1", ("semantic",), None)
    assert found.facets == {"brand": COUNTED["brand"][:1]}
    assert found.facets_truncated == (TruncatedFacet("brand", None, 1),)
    assert shelf.counted == [(("brand",), [0, 1, 2, 3, 4])]
    assert found.query.match is Match.MOST
    assert found.next_cursor is not None
    after = decode_cursor(found.next_cursor)
    assert (after.offset, after.list.channels) == (3, ("lexical", "moments"))
    assert {hit.explain for hit in found.hits} == {None}
    assert all(hit.explain for hit in page(2, arranged(), explained=True)[0].hits)
    cut = replace(arranged(), relation="gte")
    assert page(2, cut)[0].total == Total(5, "gte")
    assert page(9, arranged())[0].next_cursor is None


def test_the_divider() -> None:  # 2, 3
    of = scored([9.0, 8.0, 7.0, 6.0, 5.0], relevance=[0.9, 0.1, 0.8, 0.2, 0.1], match=Match.ALL)
    divided = arrange(Shelf().reader, of, Sort.RELEVANCE, ArrangeOptions(False, 0, 0, 0.5))
    found, shelf = page(2, divided)
    assert [(hit.id, hit.rank, hit.near) for hit in found.hits] == [("p2", 2, False), ("p1", 3, True)]
    assert (found.total, found.near, found.divider) == (Total(2, "eq"), 3, "以下相近")
    assert shelf.counted == [(("brand",), [0, 2])]
    assert found.next_cursor is not None
    assert decode_cursor(found.next_cursor).offset == 3
    above, _ = page(2, divided, near=False)
    assert [hit.id for hit in above.hits] == ["p2"]
    assert (above.next_cursor, above.total, above.near) == (None, found.total, 3)
    under, _ = page(9, arrange(Shelf().reader, of, Sort.RELEVANCE, ArrangeOptions(False, 0, 0, 1.0)))
    assert ({hit.near for hit in under.hits}, under.total, under.divider) == (
        {True}, Total(0, "eq"), "没有完全符合的，以下相近",
    )  # fmt: skip
    assert page(9, arranged())[0].divider is None


def test_why_it_is_empty() -> None:  # 3
    why, read = Autopsy((), ("炒锅",)), replace(PLAN, intent=Intent(IntentKind.ITEM, 0.5, {}))
    found, _ = page(2, arranged(size=0), read, why)
    assert (found.hits, found.total.value, found.next_cursor) == ((), 0, None)
    assert (found.understood.autopsy, found.understood.applied, found.understood.relaxed) == (
        why, ("price",), ("service",),
    )  # fmt: skip
    assert page(2, arranged(), read)[0].understood.autopsy is None


def test_the_query_as_it_was_taken() -> None:  # 3
    text = built_in_analyzer().query("红色 炒锅")
    for query, cut in (("红色 炒锅", False), ("红色 炒锅" + "锅" * MAX_QUERY_CHARS, True)):
        view = view_of(query, Plan("", text), Match.ANY)
        assert (view.text, view.normalized, view.match) == (query[:MAX_QUERY_CHARS], "红色 炒锅", Match.ANY)
        assert (set(view.tokens) >= {"红色", "炒锅"}, view.truncated) == (True, cut)
