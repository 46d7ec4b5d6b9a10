"""The shopper's own order, on a small shop:

1. What is liked comes further in front, no further than the bound; the parts add up to the personal score, hits that
   moved say so, and those that moved up because of a liking have a sentence.
2. Who asks changes places alone: hits, total and facets are those of everybody, and one list is kept for all.
3. Nothing is read where it is not wanted, or not allowed, or of no use: each reason is said, and the answer is, but for
   that reason, the same to the byte for two shoppers of opposite taste.
4. Pages of a personal list are one list; they go on for the same shopper alone, as of the same time; the cursor names
   nobody.
5. Equal profiles give equal bytes.
6. What was seen before is taken along, and can be left behind.
7. Nothing crosses the divider: what stands above may move, what is near only where nothing is above; near-duplicates,
   what nobody looked at and lists by a column stay.
8. The gain of a hit is the relevance, fading with the score and made to fall, and the liking, cut at ±1, in their
   shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.answer import SearchResponse
from retrieval.cursor import decode_cursor
from retrieval.engine import Engine
from retrieval.errors import InvalidRequest
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension
from retrieval.lists.arrange import ArrangeOptions, arrange
from retrieval.lists.personal import gains_of, movable_of, neutral_gains
from retrieval.request import CameFrom, SearchRequest
from retrieval.types import Filters, Sort
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world
from tests.property.requests import stable_bytes
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.lists.test_arrange import scored
from tests.unit.retrieval.tiny_reader import Item, TinyReader

COLOURS = ("红色", "蓝色", "白色", "黑色")
NOW = 1_700_000_000.0
ASK = SearchRequest("保温杯", size=20, explain=True, facets=("brand",), now=NOW)
LIKES = {"red": {"红色": 0.9}, "blue": {"蓝色": 0.9}, "twin": {"红色": 0.9}, "hates": {"红色": -0.9}}


def rows() -> Iterable[world.Row]:
    for number in range(40):
        yield {"id": f"c{number:02d}", "title": f"{COLOURS[number % 4]} 保温杯 {number}号", "brand": f"牌{number % 3}"}
    yield {"id": "tent", "title": "红色 帐篷 露营", "category": ["户外", "帐篷"], "brand": "云野"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    world.publish(data_dir, rows())
    return data_dir


@pytest.fixture
def engines(shop: Path) -> Iterator[Any]:
    made: list[Engine] = []

    def make(taste: FakeTaste | None, *overrides: str) -> Engine:
        settings = world.settings(shop, *overrides)
        engine = Engine(
            make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
            make_understanding(settings), make_stages(settings), taste=taste,
        )  # fmt: skip
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


def ids(answer: SearchResponse) -> list[str]:
    return [hit.id for hit in answer.hits]


@pytest.mark.parametrize(
    ("divider", "sort", "movable"),
    [(0.0, Sort.RELEVANCE, 4), (0.5, Sort.RELEVANCE, 2), (0.4, Sort.RELEVANCE, 3), (1.0, Sort.RELEVANCE, 4),
     (0.5, Sort.PRICE_ASC, 0)],
)  # fmt: skip
def test_what_may_move(divider: float, sort: Sort, movable: int) -> None:  # 7
    nan = float("nan")
    of = scored([9, 8, 7, 6, 5, 4], relevance=[0.9, 0.8, 0.4, 0.1, 0.1, nan], groups=[7, 0, 0, 0, 7, 0])
    reader = TinyReader([Item(f"p{row}", price=row) for row in range(6)]).reader
    arranged = arrange(reader, of, sort, ArrangeOptions(True, 0, 0, divider))
    assert movable_of(arranged, 100) == movable
    assert movable_of(arranged, 1) == min(movable, 1)


@pytest.mark.parametrize("user", ["red", "blue"])
def test_what_is_liked_comes_first(engines: Any, user: str) -> None:  # 1
    engine = engines(FakeTaste(LIKES), "personal.widest=12")
    neutral, own = engine.search(ASK), engine.search(replace(ASK, user_id=user))
    [liked] = LIKES[user]
    assert own.personal.applied
    assert 0 < own.personal.shift <= 12
    assert ids(own) != ids(neutral)
    for hit in own.hits:
        assert abs(hit.rank - hit.neutral_rank) <= own.personal.shift
        assert hit.explain is not None
        parts = hit.explain.personal
        assert parts is not None
        assert parts.score == pytest.approx(sum(part.contribution for part in parts.interests), abs=1e-6)
        assert (hit.explain.placed == "personal") == (hit.rank != hit.neutral_rank)
        up = hit.rank < hit.neutral_rank and liked in hit.source["title"]
        assert hit.because == (f"因为你常看 {liked}" if up else None)
    assert sum(hit.neutral_rank - hit.rank for hit in own.hits if liked in hit.source["title"]) > 0
    assert {hit.id: hit.score for hit in own.hits if hit.id in ids(neutral)}.items() <= {
        hit.id: hit.score for hit in neutral.hits
    }.items()


def test_dislikes_go_behind(engines: Any) -> None:  # 1
    own = engines(FakeTaste(LIKES)).search(replace(ASK, user_id="hates"))
    assert sum("红色" in hit.source["title"] for hit in own.hits[:10]) == 0
    assert {hit.because for hit in own.hits} == {None}


def test_no_sentence_without_a_move(engines: Any) -> None:  # 1
    [first, *_] = engines(None).search(ASK).hits
    own = engines(FakeTaste({"u": {first.source["title"]: 0.9}})).search(replace(ASK, user_id="u"))
    assert own.personal.applied
    assert [(hit.rank, hit.because) for hit in own.hits if hit.id == first.id] == [(1, None)]


def test_only_places_change(engines: Any) -> None:  # 2
    engine = engines(FakeTaste(LIKES))
    every = replace(ASK, size=100)
    answers = [engine.search(replace(every, user_id=user)) for user in ("", "red", "blue")]
    assert len({frozenset(ids(answer)) for answer in answers}) == 1
    assert len({tuple(ids(answer)) for answer in answers}) == 3
    for answer in answers:
        assert (answer.total, answer.facets) == (answers[0].total, answers[0].facets)
        assert [hit.id for hit in sorted(answer.hits, key=lambda hit: hit.neutral_rank)] == ids(answers[0])
    assert engine.status()["lists_kept"] == 1


UNREAD: list[tuple[str, dict[str, Any]]] = [
    ("off", {"personalize": False}),
    ("sorted", {"sort": Sort.SALES}),
    ("said", {"query": "红色 保温杯 4号 xk-2000a"}),
    ("not_understood", {"understand": False}),
    ("nothing_to_order", {"query": "帐篷", "filters": Filters({"brand": ("云野",)})}),
]


@pytest.mark.parametrize(("why", "changes"), UNREAD)
def test_nothing_is_read(engines: Any, why: str, changes: dict[str, Any]) -> None:  # 3
    taste = FakeTaste(LIKES)
    engine = engines(taste)
    red, blue = (engine.search(replace(ASK, user_id=user, **changes)) for user in ("red", "blue"))
    assert (red.personal.applied, red.personal.why_not) == (False, why)
    assert (taste.asked, engine.status()["profiles_read"]) == ([], 0)
    assert stable_bytes(red) == stable_bytes(blue)
    assert ids(red) == ids(engine.search(replace(ASK, **changes)))


def test_consent(engines: Any) -> None:  # 3
    taste = FakeTaste(LIKES, forbidden=frozenset({"red", "blue"}))
    engine = engines(taste)
    red, blue = (engine.search(replace(ASK, user_id=user)) for user in ("red", "blue"))
    assert (red.personal.why_not, taste.asked, engine.status()["profiles_read"]) == ("no_consent", [], 0)
    assert stable_bytes(red) == stable_bytes(blue)
    assert ids(red) == ids(engine.search(ASK))


def test_other_reasons(engines: Any) -> None:  # 3
    engine = engines(FakeTaste({"far": {"龙井": 0.9}}))
    assert engine.search(ASK).personal.why_not == "nobody"
    assert engine.search(replace(ASK, user_id="cold")).personal.why_not == "cold"
    assert engine.search(replace(ASK, user_id="far")).personal.why_not == "no_match"
    assert engine.status()["profiles_read"] == 2
    assert engines(None).search(replace(ASK, user_id="red")).personal.why_not == "unavailable"


def test_pages(engines: Any) -> None:  # 4
    taste = FakeTaste(LIKES)
    engine = engines(taste)
    whole = engine.search(replace(ASK, user_id="red", size=100))
    answer = engine.search(replace(ASK, user_id="red", size=7))
    pages, cursor = [answer], answer.next_cursor
    while answer.next_cursor:
        answer = engine.search(SearchRequest("", cursor=answer.next_cursor, size=9, user_id="red"))
        pages.append(answer)
    assert [hit.id for page in pages for hit in page.hits] == ids(whole)
    assert {asked[2] for asked in taste.asked} == {NOW}
    assert cursor is not None
    order = decode_cursor(cursor).order
    assert order is not None
    assert (order.as_of, "red" in order.mark, len(order.mark)) == (NOW, False, 16)
    strangers: list[dict[str, Any]] = [{}, {"user_id": "blue"}, {"user_id": "red", "session_id": "s"}]
    for stranger in [*strangers, {"user_id": "red", "personalize": False}]:
        with pytest.raises(InvalidRequest, match="order of a shopper") as refused:
            engine.search(SearchRequest("", cursor=cursor, **stranger))
        assert refused.value.field == "cursor"


def test_a_neutral_list_stays_neutral(engines: Any) -> None:  # 4
    engine = engines(FakeTaste(LIKES))
    for first in (ASK, replace(ASK, user_id="cold")):
        cursor = engine.search(replace(first, size=7)).next_cursor
        assert cursor is not None
        rest = engine.search(SearchRequest("", cursor=cursor, size=100, user_id="red"))
        assert rest.personal.why_not == "frozen"
        assert ids(rest) == ids(engine.search(replace(ASK, size=100)))[7:]


def test_equal_profiles_equal_bytes(engines: Any) -> None:  # 5
    engine = engines(FakeTaste(LIKES))
    red, twin = (engine.search(replace(ASK, user_id=user, size=100)) for user in ("red", "twin"))
    assert red.personal.applied
    assert stable_bytes(red) == stable_bytes(twin)


def test_stated_dimensions_are_handed_on(engines: Any) -> None:
    taste = FakeTaste(LIKES)
    engines(taste).search(replace(ASK, user_id="red", filters=Filters({"brand": ("牌1",)})))
    assert taste.stated == [frozenset({Dimension.BRAND, Dimension.CATEGORY})]


def test_carry_over(engines: Any) -> None:  # 6
    seen = ShopperEvent("e1", NOW - 900, EventType.CLICK, "cold", item_id="c01", surface="feed")
    engine = engines(FakeTaste(events=(seen,)))
    own = engine.search(replace(ASK, user_id="cold"))
    taken = {(c.interest.dimension, c.interest.value): c for c in own.personal.carry_over}
    assert taken[(Dimension.BRAND, "牌1")].interest.weight == pytest.approx(0.5)
    assert (own.personal.applied, taken[(Dimension.BRAND, "牌1")].source) == (True, "feed")
    assert engine.search(replace(ASK, user_id="cold", carry_over=False)).personal.why_not == "cold"
    named = engine.search(replace(ASK, came_from=CameFrom("video", "c02")))
    assert {c.item for c in named.personal.carry_over} == {"c02"}
    for gone in (CameFrom("video", "tent"), CameFrom("video", "nowhere"), CameFrom("video", "c02", NOW - 9999)):
        assert engine.search(replace(ASK, came_from=gone)).personal.why_not == "cold"


def test_gains() -> None:  # 8
    relevance, scores = np.array([0.8, 0.9, 0.4, 0.4], np.float32), np.array([7, 7, 5, 6], np.float32)
    neutral = neutral_gains(relevance, scores, 2.0)
    assert neutral.tolist() == pytest.approx([0.8, 0.8, 0.4 / np.e, 0.4 / np.e])
    gains = gains_of(neutral, np.array([0.0, 0.5, -3.0, 0.0], np.float32), 0.25)
    assert gains.tolist() == pytest.approx([0.6, 0.6 + 0.125, 0.3 / np.e - 0.25, 0.3 / np.e])
