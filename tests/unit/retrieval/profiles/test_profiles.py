"""Profiles over a store of events, in a service:

1. Two shoppers of opposite taste get opposite orders, each hit that moved up says why, and the parts are the score.
2. What was just kept counts in the next search; an event of another shopper has nothing read again.
3. Without consent nothing is read, and the order is everybody's; consent that is given again brings it back.
4. What was hidden goes behind, what is due comes back, and no sentence shows an id.
5. A generation without words still teaches brands and categories, and one without vectors has profiles, too.
6. Other dictionaries count from the next profile on.
7. When the mall of a service learns, the profiles learn what is bought again, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.rebuild import rebuild
from retrieval.answer import SearchResponse, WhyNeutral
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.engine import Engine
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.profile import Dimension
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices
from retrieval.profiles.intervals import BUYERS
from retrieval.profiles.profiles import Profiles
from retrieval.profiles.vocabulary import Vocabulary
from retrieval.request import SearchRequest
from retrieval.wiring import make_analyzer, open_engine
from retrieval.wiring.interest import open_profiles
from retrieval.wiring.mall import make_mall
from tests import world

DAY = 86_400.0
NOW = 1_700_000_000.0
ASK = SearchRequest("保温杯", size=40, explain=True, now=NOW)
COLOURS = ("红色", "蓝色")


def rows() -> Iterator[world.Row]:
    for number in range(40):
        colour = COLOURS[number % 2]
        yield {
            "id": f"c{number:02d}", "title": f"{colour} 保温杯 {number}号", "category": ["厨具", colour],
            "brand": f"{colour}牌", "shop": {"id": f"s-{number % 2}", "name": f"{colour}小店"},
        }  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    world.publish(data_dir, rows())
    return data_dir


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteEventStore]:
    store = SqliteEventStore(tmp_path / "events.db")
    store.add([*clicks("red", range(0, 20, 2)), *clicks("blue", range(1, 20, 2))])
    yield store
    store.close()


@pytest.fixture
def profiles(shop: Path, store: SqliteEventStore) -> Profiles:
    return open_profiles(world.settings(shop), store)


@pytest.fixture
def engine(shop: Path, profiles: Profiles) -> Iterator[Engine]:
    engine = open_engine(world.settings(shop), profiles)
    yield engine
    engine.close()


def clicks(user: str, items: range, days: float = 2) -> list[ShopperEvent]:
    return [event(user, EventType.CLICK, f"c{item:02d}", NOW - days * DAY + item) for item in items]


def event(user: str, of: EventType, item: str, ts: float) -> ShopperEvent:
    return ShopperEvent(f"{user}-{of}-{item}-{ts}", ts, of, user, f"{user}-s", item)


def colours(answer: SearchResponse) -> str:
    return "".join(hit.source["title"][0] for hit in answer.hits)


def test_opposite_tastes(engine: Engine) -> None:  # 1
    neutral, red, blue = (engine.search(replace(ASK, user_id=user)) for user in ("", "red", "blue"))
    assert not neutral.personal.applied
    for own, colour in ((red, "红"), (blue, "蓝")):
        assert own.personal.applied
        assert own.personal.why_not is None
        assert colours(own)[:5] == colour * 5
        for hit in own.hits:
            assert hit.explain
            assert hit.explain.personal
            parts = hit.explain.personal.interests
            assert sum(part.contribution for part in parts) == pytest.approx(hit.explain.personal.score, abs=1e-6)
            if hit.rank < hit.neutral_rank and hit.source["title"].startswith(colour):
                assert hit.because
                assert colour in hit.because


def test_at_once(engine: Engine, store: SqliteEventStore, profiles: Profiles) -> None:  # 2
    assert engine.search(replace(ASK, user_id="new")).personal.why_not is WhyNeutral.COLD
    reads = profiles.reads
    store.add(clicks("other", range(4)))
    engine.search(replace(ASK, user_id="new"))
    assert profiles.reads == reads
    store.add(clicks("new", range(1, 9, 2)))
    assert colours(engine.search(replace(ASK, user_id="new"))).startswith("蓝")
    assert profiles.reads == reads + 1


def test_consent(engine: Engine, store: SqliteEventStore, profiles: Profiles) -> None:  # 3
    store.choose("red", Choices(consent=False))
    answer = engine.search(replace(ASK, user_id="red"))
    assert answer.personal.why_not is WhyNeutral.NO_CONSENT
    assert (profiles.reads, engine.status()["profiles_read"]) == (0, 0)
    assert [hit.id for hit in answer.hits] == [hit.id for hit in engine.search(ASK).hits]
    assert profiles.shown("red", engine.serving.reader, NOW) == {}
    store.choose("red", Choices())
    assert engine.search(replace(ASK, user_id="red")).personal.applied


def test_belongings(engine: Engine, store: SqliteEventStore, profiles: Profiles) -> None:  # 4
    first = engine.search(ASK).hits[0].id
    store.add([event("hides", EventType.HIDE, first, NOW - DAY)])
    store.add([event("buys", EventType.ORDER, "c38", NOW - days * DAY) for days in (90, 60, 30)])
    store.add([event("buys", EventType.CLICK, "c36", NOW - days * DAY) for days in (90, 60, 30)])
    assert engine.search(replace(ASK, user_id="hides")).hits[0].id != first
    due = next(hit for hit in engine.search(replace(ASK, user_id="buys")).hits if hit.id == "c38")
    assert due.explain
    assert due.explain.personal
    assert next(p for p in due.explain.personal.interests if p.dimension is Dimension.ITEM).contribution > 0
    for user in ("hides", "buys"):
        shown = profiles.shown(user, engine.serving.reader, NOW)
        spoken = [*shown["in_words"], *(hit.because or "" for hit in engine.search(replace(ASK, user_id=user)).hits)]
        assert any("保温杯" in sentence for sentence in spoken)
        assert not any(sign in sentence for sentence in spoken for sign in ("c38", "c36", first, "s-0", "s-1"))


def test_without_words_or_vectors(tmp_path: Path, store: SqliteEventStore) -> None:  # 5
    of = world.settings(tmp_path, "encoder.name=none")
    file = world.write(tmp_path / "products.jsonl", rows())
    rebuild(world.plan(tmp_path, file), EmbeddedBackend(tmp_path), make_analyzer(of), None, world.Quiet())
    profiles = open_profiles(of, store)
    with closing(open_engine(of, profiles)) as engine:
        reader = engine.serving.reader
        red = profiles.profile("red", "", reader, NOW)
        assert red
        assert {i.dimension for i in red.interests} >= {Dimension.CATEGORY, Dimension.BRAND, Dimension.SHOP}
        ids = ("c00", "c01")
        rows_of = np.array([reader.row_of(id) for id in ids], np.int64)
        liked = profiles.score(red, reader, rows_of, frozenset(), "").scores
        assert liked[0] > 0 == liked[1]


def test_dictionaries(engine: Engine, profiles: Profiles) -> None:  # 6
    assert profiles.shown("red", engine.serving.reader, NOW)["interests"]
    profiles.use(Vocabulary(sensitive=frozenset({"保温杯"})))
    assert not profiles.shown("red", engine.serving.reader, NOW)["interests"]


def test_the_mall_learns(engine: Engine, shop: Path, store: SqliteEventStore, profiles: Profiles) -> None:  # 7
    red = [event(f"b{n}", EventType.ORDER, "c00", NOW - 100 * DAY) for n in range(BUYERS)]
    store.add([*red, event("last", EventType.ORDER, "c01", NOW - DAY)])

    def weight() -> float:
        profile = profiles.profile("b0", "", engine.serving.reader, NOW)
        assert profile
        return next(i.weight for i in profile.interests if i.dimension is Dimension.CATEGORY)

    assert weight() > 0
    make_mall(world.settings(shop), engine, store, profiles).refresh()
    assert weight() == -1
