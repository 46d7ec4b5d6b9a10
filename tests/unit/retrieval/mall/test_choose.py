"""Which candidate comes next:

1. The best comes first; what is like those just shown comes later, as far as likeness counts.
2. At most so many of a shop or a brand stand in a stretch, also with places of the page before; unknown ones are free.
   Bounds of category and interest give way before those of shop and brand, and all before the page stays empty.
3. Near-duplicates of what was shown, now or before, do not come.
4. Places by chance come as often as said, from the sample evenly, and the propensities are the true frequencies.
5. Words are unit vectors; likeness of a title with itself is 1, of titles without a common word 0.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from configs.settings import load_settings
from retrieval.mall.choose import Field, choose, words_of
from retrieval.mall.columns import Columns
from retrieval.mall.options import FeedOptions
from retrieval.ranking.forward import ForwardRows, encode_forward
from retrieval.wiring import make_analyzer
from retrieval.wiring.options import mall_options
from tests.unit.retrieval.mall.test_shelf import columns

WORTH = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
OPTIONS = mall_options(load_settings()).feed


def options(**changes: Any) -> FeedOptions:
    plain = {
        "alike": 0.0,
        "explore": 0.0,
        "window": 4,
        "shop_most": 9,
        "brand_most": 9,
        "category_most": 9,
        "interest_most": 9,
    }
    return FeedOptions(**{name: (plain | changes).get(name, getattr(OPTIONS, name)) for name in FeedOptions.__slots__})


def order(
    of: Columns, size: int = 6, *, seed: int = 0, shown: list[int] = (), words: Any = None, sampled: Any = None,  # type: ignore[assignment]
    drawn: list[int] = (), interests: Any = None, worth: list[float] = WORTH, **changes: Any,  # type: ignore[assignment]
) -> list[Any]:  # fmt: skip
    """The candidates are the first rows of the columns, the rest were shown before."""
    many = len(worth)
    vectors = np.eye(len(of.quality), dtype=np.float32) if words is None else np.array(words, np.float32)
    keys = np.zeros(many, np.uint32) if interests is None else np.array(interests, np.uint32)
    before = np.array(shown, np.int64)
    in_sample = np.zeros(many, np.bool_) if sampled is None else np.array(sampled, np.bool_)
    field = Field(
        np.arange(many), np.array(worth, np.float32), np.array(drawn, np.int64), in_sample, int(in_sample.sum()),
        before, vectors[:many], vectors[before], (keys, np.zeros(len(before), np.uint32)), True,
    )  # fmt: skip
    return choose(field, of, size, options(**changes), np.random.default_rng(seed))


def places(*given: Any, **changes: Any) -> list[int]:
    return [one.at for one in order(*given, **changes)]


def test_the_best_and_the_unlike() -> None:  # 1
    same = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]
    assert places(columns(6)) == [0, 1, 2, 3, 4, 5]
    assert places(columns(6), alike=0.05, words=same) == [0, 1, 2, 3, 4, 5]
    assert places(columns(6), alike=0.4, words=same)[:2] == [0, 3]
    assert places(columns(7), alike=0.4, words=[*same, [1, 0]], shown=[6])[0] == 3
    assert places(columns(6), 2) == [0, 1]


def test_bounds() -> None:  # 2
    shops = columns(6, shops=[1, 1, 1, 2, 2, 0])
    assert places(shops, shop_most=1) == [0, 3, 5, 1, 2, 4]
    assert places(columns(8, shops=[1, 1, 2, 2, 3, 0, 1, 2]), 3, shop_most=1, shown=[6, 7]) == [4, 5, 0]
    both = columns(6, brands=[1, 1, 2, 2, 3, 3], categories=[5, 5, 5, 5, 5, 6])
    assert places(both, 3, brand_most=1, category_most=1) == [0, 5, 2]
    assert places(columns(6), 3, interests=[1, 1, 1, 2, 0, 0], interest_most=1) == [0, 3, 4]


def test_near_duplicates() -> None:  # 3
    assert places(columns(6, groups=[7, 7, 0, 0, 8, 8])) == [0, 2, 3, 4]
    assert places(columns(7, groups=[7, 7, 0, 0, 8, 8, 7]), shown=[6]) == [2, 3, 4]


@pytest.mark.parametrize("explore", [0.2, 0.5])
def test_propensities_are_frequencies(explore: float) -> None:  # 4
    first: Counter[int] = Counter()
    told: dict[int, float] = {}
    rounds = 4000
    for seed in range(rounds):
        drawn = np.random.default_rng(10_000 + seed).permutation([0, 3, 4, 5]).tolist()
        one = order(columns(6), 1, seed=seed, drawn=drawn, sampled=[1, 0, 0, 1, 1, 1], explore=explore)[0]
        first[one.at] += 1
        told[one.at] = one.propensity
    assert told[0] == pytest.approx(1 - explore + explore / 4)
    assert [told[at] for at in (3, 4, 5)] == [pytest.approx(explore / 4)] * 3
    for at, chance in told.items():
        assert first[at] / rounds == pytest.approx(chance, abs=0.025)
    assert {one.propensity for one in order(columns(6))} == {1.0}


def test_the_sample_gets_smaller() -> None:  # 4
    found = order(columns(6), 6, seed=3, drawn=[3, 4, 5], sampled=[0, 0, 0, 1, 1, 1], explore=0.5)
    left = 3
    for one in found:
        if one.explored:
            assert one.propensity >= 0.5 / left
        left -= one.at >= 3


def test_words() -> None:  # 5
    analyzer = make_analyzer(load_settings())
    titles = ["红色 连衣裙", "红色 连衣裙", "蓝牙耳机", ""]
    rows = ForwardRows.decode([encode_forward({"title": title}, analyzer) for title in titles])
    likeness = words_of(rows) @ words_of(rows).T
    assert likeness[0, 1] == pytest.approx(1.0)
    assert likeness[0, 2] == likeness[0, 3] == likeness[3, 3] == 0.0
