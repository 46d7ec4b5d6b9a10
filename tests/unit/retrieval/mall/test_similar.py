"""Things like a thing, and with it, over a small shop:

1. With vectors they are the nearest by cosine, the best first; without them those that share its words. Both say how.
2. Never the thing itself, an offer of the same product, a copy of its title in its shop, or what is sold out.
3. What goes with it is what the crowd looked at and bought; where that is not known it is what is similar.
4. As many as asked for, ranked from 1; an unknown thing is not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.errors import NotFound
from retrieval.interest.event import EventType
from retrieval.mall.answer import By, FeedRequest, Found, Source
from retrieval.mall.mall import Mall
from retrieval.wiring import make_analyzer, open_engine
from retrieval.wiring.options import mall_options
from tests import world
from tests.unit.retrieval.mall.shop import did, open_mall

ROWS: list[world.Row] = [
    {"id": "tea", "title": "龙井茶 明前 特级", "category": ["食品", "茶"], "shop": {"name": "茶里"}, "spu_id": "s1"},
    {"id": "offer", "title": "龙井茶 特级", "shop": {"name": "别家"}, "spu_id": "s1"},
    {"id": "green", "title": "龙井茶 绿茶 明前", "category": ["食品", "茶"]},
    {"id": "cup", "title": "茶杯 陶瓷", "shop": {"name": "瓷家"}},
    {"id": "cup2", "title": "茶杯-陶瓷", "shop": {"name": "瓷家"}},
    {"id": "gone", "title": "龙井茶 明前", "stock": 0},
    {"id": "red", "title": "红茶 特级"},
    {"id": "dress", "title": "连衣裙"},
]
CROWD = [did(n, f"u{k}", item) for k in range(2) for n, item in enumerate(("tea", "dress", "gone", "offer"))]
CROWD += [did(n, f"w{k}", item, EventType.ORDER) for k in range(2) for n, item in enumerate(("cup", "red"))]


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Mall:
    folder = tmp_path_factory.mktemp("near")
    world.publish(folder, ROWS)
    return open_mall(folder, events=CROWD)


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    """The same shop without vectors."""
    folder: Path = tmp_path_factory.mktemp("words")
    settings = world.settings(folder, "encoder.name=none", "encoder.options={}")
    file = world.write(folder / "products.jsonl", ROWS)
    rebuild(
        world.plan(folder, file), EmbeddedBackend(folder), make_analyzer(settings), None, world.Quiet(),
        make_learner(settings),
    )  # fmt: skip
    engine = open_engine(settings)
    yield Mall(engine, mall_options(settings))
    engine.close()


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.hits]


def test_by_meaning(mall: Mall) -> None:  # 1, 2, 4
    found = mall.similar("tea", 20).found
    assert (found.by, {hit.source for hit in found.hits}) == (By.MEANING, {Source.SIMILAR})
    vectors = mall._generations.serving.reader.vectors(np.arange(len(ROWS))).astype(np.float64)
    cosines = {row["id"]: vectors[place] @ vectors[0] for place, row in enumerate(ROWS)}
    assert [hit.score for hit in found.hits] == pytest.approx([cosines[hit.id] for hit in found.hits], abs=2e-3)
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert set(ids(found)) == {"green", "red", "dress", "cup"} or set(ids(found)) == {"green", "red", "dress", "cup2"}
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4]
    assert ids(mall.similar("tea", 2).found) == ids(found)[:2]
    assert ids(mall.similar("tea", 0).found) == []


def test_by_words(wordy: Mall) -> None:  # 1, 2
    found = wordy.similar("tea", 20).found
    assert found.by is By.WORDS
    assert ids(found)[0] == "green"
    assert set(ids(found)) <= {"green", "red"}
    assert found.hits[0].score <= 1.0
    assert ids(wordy.similar("dress", 5).found) == []


def test_with_it(mall: Mall) -> None:  # 3
    tea, cup, green = (mall.also(id, 5) for id in ("tea", "cup", "green"))
    assert (tea.viewed.by, ids(tea.viewed)) == (By.EVENTS, ["dress"])
    assert (tea.bought.by, tea.bought) == (By.MEANING, mall.similar("tea", 5).found)
    assert (cup.bought.by, ids(cup.bought), cup.bought.hits[0].source) == (By.EVENTS, ["red"], Source.BOUGHT)
    assert green.viewed == green.bought == mall.similar("green", 5).found


def test_unknown(mall: Mall) -> None:  # 4
    for ask in (mall.similar, mall.also):
        with pytest.raises(NotFound, match="nothing"):
            ask("nothing", 5)


def test_the_feed_without_vectors(wordy: Mall) -> None:  # 1
    page = wordy.feed(FeedRequest(size=20))
    assert {hit.id for hit in page.hits} == {"tea", "green", "cup", "red", "dress"}
    assert page.next_cursor is None
