"""Shown lists as numbers, on a small shop:

1. A row for each item in the catalogue; its columns are the own liking by dimension, with a stranger's, and the
   place, and the profile is that of the time of the list.
2. Lists that teach nothing are left out: of one known item, all wanted, or of a shopper of whom nothing is known.
3. What the words state is not asked of a profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from eval.interest.collect import ANY, DIMENSIONS, OWN, PLACE, Lesson, collect
from eval.interest.shown import ShownList
from retrieval.engine import Engine
from retrieval.interest.profile import Dimension
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste

WORD = DIMENSIONS.index(Dimension.WORD)
RED = ShownList("red", "s1", "保温杯", 7.0, {"c0": 0, "c1": 3, "gone": 1, "c2": 12}, {"c0"})
BLUE = ShownList("blue", "s2", "保温杯", 9.0, {"c0": 0, "c1": 1}, {"c1"})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    data_dir = tmp_path_factory.mktemp("shop")
    colours = ("红色", "蓝色", "白色", "黑色")
    world.publish(data_dir, [{"id": f"c{i}", "title": f"{colours[i % 4]} 保温杯 {i}号"} for i in range(12)])
    settings = world.settings(data_dir)
    engine = Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings),
    )  # fmt: skip
    yield engine
    engine.close()


def learned(engine: Engine, *lists: ShownList, taste: FakeTaste | None = None) -> list[Lesson]:
    taste = taste or FakeTaste({"red": {"红色": 0.9}, "blue": {"蓝色": 0.5}})
    return collect(engine, taste, lists)


def test_columns(engine: Engine) -> None:  # 1
    taste = FakeTaste({"red": {"红色": 0.9}, "blue": {"蓝色": 0.5}})
    red, blue = learned(engine, RED, BLUE, taste=taste)
    assert (red.user, blue.user) == ("red", "blue")
    assert red.list.gains.tolist() == [1, 0, 0]
    features = red.list.features
    assert features[:, OWN][:, WORD].tolist() == pytest.approx([0.9, 0, 0])
    assert features[:, ANY][:, WORD].tolist() == pytest.approx([0.9, 0.5, 0])
    assert np.argwhere(features[:, PLACE:]).tolist() == [[0, 0], [1, 3]]
    assert taste.asked == [("red", "s1", 7.0), ("blue", "s2", 9.0), ("blue", "s2", 9.0), ("red", "s1", 7.0)]


def test_nothing_to_learn(engine: Engine) -> None:  # 2
    cold = replace(RED, user_id="cold")
    one = replace(RED, places={"c0": 0, "gone": 1})
    every = replace(BLUE, places={"c1": 0, "gone": 1})
    assert learned(engine, cold, one, every, BLUE)[0].user == "blue"
    both = replace(BLUE, places={"c0": 0, "c1": 1, "gone": 2}, clicked={"c0", "c1"})
    assert len(learned(engine, cold, one, every, both, BLUE)) == 1


def test_what_is_stated(engine: Engine) -> None:  # 3
    taste = FakeTaste({"blue": {"蓝色": 0.5}}, dimension=Dimension.CATEGORY)
    assert learned(engine, replace(BLUE, query="保温杯"), taste=taste) == []
    assert learned(engine, replace(BLUE, query="蓝色"), taste=taste)
