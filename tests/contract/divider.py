"""What a divided list promises over every backend, through the engine. The bar is put where the relevance of the first
list has its widest gap, so nothing here hangs on how a relevance is learned.

1. In every order the hits above come first and are those that reach the bar, the same in all; each side stands in the
   order of the list without a divider, or by its column. Nothing is lost, and what is near says so.
2. Total and facets count what is above, and a click on a facet value shows as many, above.
3. Pages go on under the divider to the end, and end at it where nothing near is wanted.
4. Where nothing is above, the page has what is near, says that nothing fits, and why: on the first page.
5. A shopper's interest moves nothing over it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from configs.settings import Settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from retrieval.answer import Hit, SearchResponse
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.types import Filters, Sort
from retrieval.wiring import make_analyzer, open_engine
from retrieval.wiring.places import make_backend
from tests import world
from tests.property.requests import sort_value
from tests.unit.retrieval.fake_taste import FakeTaste

QUERIES = ("白色保温杯", "红色连衣裙", "龙井茶 礼盒装", "黑色蓝牙耳机")
ROWS = list({row["title"]: row for row in world.products(150)}.values())
"""Fewer than are looked at closely, and no near-duplicates."""

Open = Callable[..., Engine]


class DividerContract:
    """Inherited by the tests of every backend."""

    @classmethod
    @abstractmethod
    def settings_of(cls, place: Path, *overrides: str) -> Settings:
        """Where generations live, and what else differs."""

    @pytest.fixture(scope="class")
    @classmethod
    def opened(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
        """Opens engines over one generation; the bar, and a taste, may be given."""
        place = tmp_path_factory.mktemp("divided")
        of = cls.settings_of(place)
        file = world.write(place / "products.jsonl", ROWS)
        encoder = world.encoder_of(of)
        rebuild(world.plan(place, file), make_backend(of), make_analyzer(of), encoder, world.Quiet(), make_learner(of))
        engines: list[Engine] = []

        def opened(divider: float, taste: FakeTaste | None = None) -> Engine:
            engines.append(open_engine(cls.settings_of(place, f"ranking.divider={divider}"), taste))
            return engines[-1]

        yield opened
        for engine in engines:
            engine.close()

    @pytest.fixture(scope="class")
    @classmethod
    def whole(cls, opened: Open) -> Engine:
        """Without a divider."""
        return opened(0.0)

    @pytest.fixture(scope="class", params=QUERIES)
    @classmethod
    def query(cls, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture(scope="class")
    @classmethod
    def bar(cls, whole: Engine, query: str) -> float:
        """In the middle of the widest gap between relevances of its list."""
        known = sorted(relevance_of(hit) for hit in listed(whole, query).hits)
        return max((high - low, (high + low) / 2) for low, high in pairwise(known))[1]

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, opened: Open, bar: float) -> Engine:
        return opened(bar)

    @pytest.mark.parametrize("sort", [sort for sort in Sort if sort is not Sort.RELEVANCE])
    def test_by_a_column(self, whole: Engine, engine: Engine, query: str, bar: float, sort: Sort) -> None:  # 1
        every, found = listed(whole, query), listed(engine, query, sort=sort)
        above, near = ([hit for hit in found.hits if hit.near is side] for side in (False, True))
        assert list(found.hits) == above + near
        assert {hit.id for hit in above} == {hit.id for hit in every.hits if relevance_of(hit) >= bar}
        assert {hit.id for hit in near} == {hit.id for hit in every.hits if relevance_of(hit) < bar}
        assert (found.total.value, found.total.relation, found.near) == (len(above), "eq", len(near))
        for side in (above, near):
            values = [sort_value(dict(hit.source), sort) for hit in side]
            known = [value for value in values if value is not None]
            assert values == sorted(known, reverse=True) + [None] * (len(values) - len(known))

    def test_both_sides(self, whole: Engine, engine: Engine, query: str, bar: float) -> None:  # 1
        before, after = listed(whole, query), listed(engine, query, explain=True)
        above = [hit.id for hit in before.hits if relevance_of(hit) >= bar]
        near = [hit.id for hit in before.hits if relevance_of(hit) < bar]
        assert (before.near, before.divider) == (0, None)
        assert [hit.id for hit in after.hits] == above + near
        assert [hit.near for hit in after.hits] == [False] * len(above) + [True] * len(near)
        assert (after.total.value, after.total.relation, after.near) == (len(above), "eq", len(near))
        assert {hit.explain.placed == "near" for hit in after.hits if hit.explain and hit.near} <= {True}
        assert above
        assert near
        assert after.divider == "以下相近"

    def test_what_is_counted(self, engine: Engine, query: str) -> None:  # 2
        found = listed(engine, query, facets=("brand", "category"))
        assert found.facets["brand"]
        for value in found.facets["brand"]:
            assert value.count == sum(hit.source.get("brand") == value.value for hit in found.hits if not hit.near)
            click = listed(engine, query, filters=Filters({"brand": (value.value,)}))
            assert (click.total.value, click.total.relation) == (value.count, "eq")

    def test_pages(self, engine: Engine, query: str) -> None:  # 3
        everything = listed(engine, query)
        assert paged(engine, query, near=True) == list(everything.hits)
        assert paged(engine, query, near=False) == [hit for hit in everything.hits if not hit.near]
        without = listed(engine, query, near=False)
        assert (without.total, without.near) == (everything.total, everything.near)

    def test_nothing_is_above(self, opened: Open, query: str) -> None:  # 4
        engine = opened(1.0)
        found = listed(engine, query, facets=("brand",))
        assert (found.total.value, found.near, found.divider) == (0, len(found.hits), "没有完全符合的，以下相近")
        assert found.hits
        assert all(hit.near for hit in found.hits)
        assert found.facets["brand"] == ()
        assert found.understood.autopsy.causes
        first = engine.search(SearchRequest(query, size=1))
        assert first.understood.autopsy == found.understood.autopsy
        assert engine.search(SearchRequest("", cursor=first.next_cursor)).understood.autopsy is None
        assert listed(engine, query, near=False).hits == ()

    def test_a_shopper_moves_no_hit_over_it(self, opened: Open, engine: Engine, bar: float, query: str) -> None:  # 5
        neutral = listed(engine, query)
        for divider in (bar, 1.0):
            liked = next(hit for hit in neutral.hits if hit.near).source["title"]
            own = opened(divider, FakeTaste({"me": {liked: 1.0}}))
            mine = listed(own, query, user_id="me")
            assert {hit.id for hit in mine.hits} == {hit.id for hit in neutral.hits}
            assert [hit.near for hit in mine.hits] == sorted(hit.near for hit in mine.hits)
            assert mine.total.value == (neutral.total.value if divider == bar else 0)


def listed(engine: Engine, query: str, **given: object) -> SearchResponse:
    """The whole list."""
    return engine.search(replace(SearchRequest(query, size=1000), **given))  # type: ignore[arg-type]


def paged(engine: Engine, query: str, *, near: bool) -> list[Hit]:
    """The hits of all pages of seven."""
    page = engine.search(SearchRequest(query, size=7, near=near))
    hits = list(page.hits)
    while page.next_cursor:
        page = engine.search(SearchRequest("", size=7, cursor=page.next_cursor))
        hits += page.hits
    return hits


def relevance_of(hit: Hit) -> float:
    assert hit.relevance is not None
    return hit.relevance
