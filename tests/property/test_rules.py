"""What holds for every list under any rules:

1. Rules that do not hold change nothing: the same bytes.
2. The pages of a list, whatever their sizes, are the list: each product once, ranked 1 to n, as many above the divider
   and under it as is said, and facets count what stands above.
3. A hidden product is nowhere. A pin stands at its place, or at the end of what stands above, unless it is hidden,
   buried, sold out, or does not pass the filters; of two for one place what counts first has it.
4. What is buried stands behind all that is not, above the divider and under it, and is not boosted.
5. An order by price or date is the same with and without pins, boosts and buried products.
6. A score is the sum of its parts, a boost among them, and boosts together add no more than they may.
7. A cursor goes on under the rules that its list was made with, whatever is published meanwhile.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.rules.publish import publish
from retrieval.answer import Hit, SearchResponse
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.engine import Engine
from retrieval.errors import CursorExpired
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.types import EVERYTHING, Filters, Sort
from tests import world
from tests.property.conftest import OpenEngine
from tests.property.requests import requests, satisfies, stable_bytes

MALL = world.products()
RECORDS = {row["id"]: row for row in MALL}
BRANDS = sorted({row["brand"] for row in MALL if "brand" in row})
MOST_POINTS = 5.0


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RuleBook]:
    journal = SqliteJournal(tmp_path_factory.mktemp("rules") / "journal.db")
    yield RuleBook(journal)
    journal.close()


@pytest.fixture(scope="module")
def ruled(open_engine: OpenEngine, book: RuleBook) -> Engine:
    return open_engine(rules=book)


def put(book: RuleBook, *rules: dict[str, Any]) -> None:
    document = {"rules": [{"id": f"r{place:02d}"} | rule for place, rule in enumerate(rules)]}
    publish(book, document, by="test", note="", now=0.0)


def pages(engine: Engine, request: SearchRequest, rng: random.Random) -> list[SearchResponse]:
    answers = [engine.search(request)]
    while cursor := answers[-1].next_cursor:
        answers.append(engine.search(SearchRequest("", cursor=cursor, size=rng.choice((1, 3, 40, 500)), explain=True)))
    return answers


def whole(engine: Engine, request: SearchRequest) -> list[Hit]:
    return list(engine.search(replace(request, size=1000)).hits)


def test_rules_that_do_not_hold(engine: Engine, ruled: Engine, book: RuleBook) -> None:  # 1
    never = {"hide": {"brand": BRANDS}, "filter": {"price": {"max": 0}}, "rewrite": "红茶"}
    late = {"from": "2999-01-01T00:00:00+00:00", "hide": {"brand": BRANDS}}
    put(book, {"when": {"query": "没有人这样问"}, **never}, late, {"enabled": False, "hide": {"brand": BRANDS}})
    for asked in requests(MALL, seed=21, count=40):
        full = replace(asked, size=10, explain=True, facets=("brand", "price"))
        assert stable_bytes(ruled.search(full)) == stable_bytes(engine.search(full)), asked


def test_any_rules(engine: Engine, ruled: Engine, book: RuleBook) -> None:  # 2, 3, 4, 5, 6
    rng, seen = random.Random(22), Counter[str]()
    for asked in requests(MALL, seed=23, count=60):
        before = whole(engine, replace(asked, sort=Sort.RELEVANCE))
        near_by = [hit.id for hit in before] or [row["id"] for row in MALL]
        pins = [
            (rng.choice((rng.choice(near_by), rng.choice(MALL)["id"])), rng.choice((1, 2, 2, 5, 40))) for _ in "123"
        ]
        hidden = {*rng.sample(near_by, min(2, len(near_by)))} if rng.random() < 0.5 else set()
        buried, boosted = rng.choice(BRANDS), rng.choice(BRANDS)
        put(
            book,
            *({"pin": {"id": id, "at": at}} for id, at in pins),
            *([{"hide": {"ids": sorted(hidden)}}] if hidden else []),
            {"bury": {"brand": buried}},
            {"boost": [{"points": 4, "products": {"brand": boosted}}, {"points": 3, "products": {"brand": boosted}}]},
        )
        answers = pages(ruled, replace(asked, size=min(asked.size, 100), explain=True, facets=("brand",)), rng)
        hits, first = [hit for answer in answers for hit in answer.hits], answers[0]
        total = first.total.value
        assert all((answer.total, answer.near) == (first.total, first.near) for answer in answers), asked
        assert [hit.rank for hit in hits] == list(range(1, total + first.near + 1)), asked
        assert len({hit.id for hit in hits}) == len(hits), asked
        assert [hit.near for hit in hits] == [False] * total + [True] * first.near, asked
        assert all(satisfies(dict(hit.source), asked.filters) for hit in hits), asked
        counted = Counter(hit.source["brand"] for hit in hits[:total] if "brand" in hit.source)
        assert {value.value: value.count for value in first.facets["brand"]} == counted, asked
        assert not hidden & {hit.id for hit in hits}, asked
        if first.sort is not Sort.RELEVANCE:
            plain = [hit.id for hit in whole(engine, asked) if hit.id not in hidden]
            assert [hit.id for hit in hits] == plain, asked
            seen["sorted"] += 1
            continue
        free = [(id, at) for id, at in dict(reversed(pins)).items() if may_be_pinned(id, first.filters, hidden, buried)]
        assert_pinned(hits, [pin for pin in dict.fromkeys(pins) if pin in free], total)
        seen["pinned"] += len(free)
        for part in (hits[:total], hits[total:]):
            last = [hit.source.get("brand") == buried for hit in part if not hit.pinned]
            assert last == sorted(last), asked
        for hit in hits:
            assert hit.explain is not None
            parts = sum(float(one["contribution"] or 0) for one in hit.explain.channels.values())
            assert hit.score == pytest.approx(parts + sum(hit.explain.features.values()), abs=1e-4)
            if hit.source.get("brand") == buried:
                assert [effect.action for effect in hit.explain.rules] == ["bury"], asked
            points = sum(effect.points for effect in hit.explain.rules)
            assert points <= MOST_POINTS
            seen["boosted"] += points == MOST_POINTS
    assert min(seen["sorted"], seen["pinned"], seen["boosted"]) > 8, seen


def may_be_pinned(id: str, filters: Filters, hidden: set[str], buried: str) -> bool:
    """Whether a pin may stand, from its record."""
    row = RECORDS[id]
    passes = satisfies(row, replace(filters, in_stock=True, without=(), having=(), also=()))
    return passes and id not in hidden and row.get("brand") != buried


def assert_pinned(hits: list[Hit], pins: list[tuple[str, int]], total: int) -> None:
    """Each stands at its place, or at the next free one, or at the end."""
    taken: dict[int, str] = {}
    for id, at in pins:
        while at in taken:
            at += 1
        taken[at] = id
    places = sorted(taken)
    for back, at in enumerate(reversed(places)):
        assert hits[min(at, total - back) - 1].id == taken[at]
    assert [hit.id for hit in hits if hit.pinned] == [taken[at] for at in places]


def test_a_filter_is_that_of_the_list(engine: Engine, ruled: Engine, book: RuleBook) -> None:  # 2
    put(book, {"filter": {"brand": BRANDS[:3]}}, {"filter": {"ids": [row["id"] for row in MALL[::2]]}})
    half, seen = {row["id"] for row in MALL[::2]}, 0
    for asked in requests(MALL, seed=24, count=40):
        if asked.filters.keywords.get("brand") or asked.filters != EVERYTHING:
            continue
        with_filter = replace(asked, filters=Filters({"brand": tuple(BRANDS[:3])}))
        plain = [hit.id for hit in whole(engine, with_filter) if hit.id in half]
        assert [hit.id for hit in whole(ruled, asked)] == plain, asked
        seen += len(plain)
    assert seen > 50


def test_a_cursor_keeps_its_rules(ruled: Engine, book: RuleBook) -> None:  # 7
    ask = SearchRequest("保温杯", size=5)
    put(book, {"when": {"query": "保温杯"}, "hide": {"brand": BRANDS[:2]}, "pin": {"id": MALL[3]["id"], "at": 7}})
    expected = whole(ruled, ask)
    first = ruled.search(ask)
    put(book, {"when": {"query": "保温杯"}, "bury": {"brand": BRANDS[2]}})
    assert [hit.id for hit in rest(ruled, first)] == [hit.id for hit in expected[5:]]
    assert ruled.search(ask).total.value > first.total.value
    put(book, {"when": {"query": "保温杯"}, "hide": {"brand": BRANDS[2]}})  # what is hidden since is not shown any more
    kept = [hit.id for hit in expected[5:] if hit.source.get("brand") != BRANDS[2]]
    assert [hit.id for hit in rest(ruled, first)] == kept
    assert len(kept) < len(expected[5:])


def rest(engine: Engine, answer: SearchResponse) -> list[Hit]:
    found: list[Hit] = []
    while cursor := answer.next_cursor:
        answer = engine.search(SearchRequest("", cursor=cursor, size=7))
        found += answer.hits
    return found


def test_rules_of_a_cursor_that_are_gone(ruled: Engine, open_engine: OpenEngine, tmp_path: Path) -> None:  # 7
    cursor = ruled.search(SearchRequest("保温杯", size=5)).next_cursor
    empty = SqliteJournal(tmp_path / "journal.db")
    other = open_engine(rules=RuleBook(empty))
    with pytest.raises(CursorExpired):
        other.search(SearchRequest("", cursor=cursor, size=5))
    empty.close()
