"""Queries asked in every way, on a small shop:

1. For nobody no profile is read; for who asks, and with a fixed weight, the own one is, as of the time of the query;
   shuffled, that of another shopper as of that one's time.
2. As served a hit moves no further than the bound; with a fixed weight the whole list is ordered by what is liked.
3. A stranger is somebody else, as warm or cold, the same for the same seed; where there is nobody else it is nobody.
4. What cannot be measured is an error: a refused query, an engine that knows no shoppers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from configs.settings import load_settings
from eval.personal.types import NEUTRAL, PERSONAL, SHUFFLED, Asked, ShopperQuery
from eval.personal.ways import WEIGHTS, ask_all, fixed, strangers, ways_of
from retrieval.engine import Engine
from retrieval.errors import InputError
from retrieval.interest.bound import shift_of
from retrieval.interest.kept import counted
from retrieval.lists.personal import PersonalOptions
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of, personal_options
from retrieval.wiring.places import make_backend
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste

LIKES = {"red": {"红色": 0.9}, "blue": {"蓝色": 0.9}}
ACTS = {"1": 9, "2": 9}


def query(qid: str, user: str, ts: float = 1e9, text: str = "保温杯") -> ShopperQuery:
    return ShopperQuery(qid, text, user, f"s{qid}", ts, "category")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    colours = ("红色", "蓝色", "白色", "黑色")
    world.publish(data_dir, [{"id": f"c{i:02d}", "title": f"{colours[i % 4]} 保温杯 {i}号"} for i in range(40)])
    return data_dir


@pytest.fixture
def taste() -> FakeTaste:
    return FakeTaste(LIKES)


def opened(shop: Path, taste: FakeTaste | None) -> Engine:
    settings = world.settings(shop, "personal.widest=12")
    return Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings), taste=taste,
    )  # fmt: skip


@pytest.fixture
def answers(shop: Path, taste: FakeTaste) -> Iterator[tuple[Asked, ...]]:
    engine = opened(shop, taste)
    ways = ways_of(engine, personal_options(world.settings(shop, "personal.widest=12")))
    yield ask_all(ways, [query("1", "red", 1e9), query("2", "blue", 2e9)], ACTS, seed=0)
    engine.close()


def reds(asked: Asked, way: str) -> int:
    return sum("红色" in title for title in asked.shown[way].titles)


def test_who_is_asked_about(answers: tuple[Asked, ...], taste: FakeTaste) -> None:  # 1
    one, other = ("red", "s1", 1e9), ("blue", "s2", 2e9)
    assert taste.asked == [one, other, *[one] * 9, other, one, *[other] * 9]
    first, second = answers
    assert first.shown[NEUTRAL].ids == second.shown[NEUTRAL].ids
    assert first.shown[SHUFFLED].ids == second.shown[PERSONAL].ids != first.shown[PERSONAL].ids
    assert second.shown[SHUFFLED].ids == first.shown[PERSONAL].ids


def test_the_bound(answers: tuple[Asked, ...]) -> None:  # 2
    red = answers[0]
    own, free = red.shown[PERSONAL], red.shown[fixed(0.9)]
    assert 0 < own.shift <= 12
    assert all(abs(rank - place) <= own.shift for place, rank in enumerate(own.neutral_ranks, start=1))
    assert own.applied
    assert own.moved == sum(rank != place for place, rank in enumerate(own.neutral_ranks, start=1)) / 10 > 0
    assert reds(red, fixed(0.9)) == 10 > reds(red, PERSONAL) >= reds(red, NEUTRAL)
    assert free.shift == 40


def test_fixed_weights_do_not_heed_the_intent() -> None:  # 2
    changed: list[PersonalOptions] = []

    class Recorded:
        search = None

        def trying(self, personal: PersonalOptions) -> Recorded:
            changed.append(personal)
            return self

    ways = ways_of(cast("Engine", Recorded()), engine_options(load_settings()).personal)
    assert [one.weight for one in changed] == list(WEIGHTS)
    assert list(ways) == [NEUTRAL, PERSONAL, SHUFFLED, *map(fixed, WEIGHTS)]
    for one in changed:
        assert shift_of(1.0, 0.01, 40, one.bound) == 40
        assert counted({"product_match": np.array([1.0, 0.0], np.float32)}, 1.0, one.keep).tolist() == [1, 1]


def test_strangers() -> None:  # 3
    asked = [Asked(query(str(i), f"u{i % 6}"), 0 if i % 6 < 2 else 9, {}) for i in range(60)]
    warmth = {one.query.qid: one.warmth for one in asked}
    found = strangers(asked, seed=1)
    assert len(found) == 60
    for one in asked:
        other = found[one.query.qid]
        assert other is not None
        assert other.user_id != one.query.user_id
        assert warmth[other.qid] == one.warmth
    assert found == strangers(asked[::-1], seed=1)
    assert found != strangers(asked, seed=2)


def test_nobody_else() -> None:  # 3
    assert strangers([Asked(query("1", "u"), 9, {}), Asked(query("2", "u"), 9, {})], 0) == {"1": None, "2": None}


def test_a_refused_query(shop: Path, taste: FakeTaste) -> None:  # 4
    engine = opened(shop, None)
    ways = ways_of(engine, personal_options(world.settings(shop)))
    with pytest.raises(InputError, match="knows no shoppers"):
        ask_all(ways, [query("1", "red")], ACTS, seed=0)
    engine.close()
