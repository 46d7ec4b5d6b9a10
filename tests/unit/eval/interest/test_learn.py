"""Worths learned from lists whose clicks are drawn from a known law:

1. The worths found have the ratio that made the clicks, and the scale of those before; one that draws nothing is 0.
2. What a stranger's profile draws as well is not learned; a stranger in the place of the own profile explains nothing,
   nor does chance, on shoppers that were not learned from.
3. Too few lists, or clicks that no interest draws, are refused.
"""

from __future__ import annotations

import numpy as np
import pytest

from configs.settings import INTEREST
from eval.interest.collect import ANY, DIMENSIONS, OWN, PLACE, WIDTH, Lesson
from eval.interest.learn import learn
from retrieval.errors import InputError
from retrieval.interest.profile import Dimension
from retrieval.profiles.weights import load_interest
from retrieval.ranking.train import TrainingList

WORD, BRAND = DIMENSIONS.index(Dimension.WORD), DIMENSIONS.index(Dimension.BRAND)
BEFORE = load_interest(INTEREST / "weights.yaml").score.model_copy(
    update={**dict.fromkeys(DIMENSIONS, 0.0), "word": 0.3, "brand": 0.4}
)
"""Both likings deviate by 1 in these lists, so that all of it does by 0.5."""


def lessons(count: int, *, own: float = 1.0, any_profile: float = 0.0) -> list[Lesson]:
    """Lists of ten with one click, drawn by exp (2 · own · word + own · brand + the first places)."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(count):
        features = np.zeros((10, WIDTH), np.float32)
        features[:, [WORD, BRAND]] = rng.normal(size=(10, 2))
        common = rng.normal(size=10)
        features[:, WORD] += any_profile * common
        features[:, ANY] = features[:, OWN]
        features[:, ANY][:, [WORD, BRAND]] += rng.normal(size=(10, 2))
        features[:, ANY][:, WORD] += any_profile * common
        features[:, PLACE:] = np.eye(10)
        drawn = own * (2 * features[:, WORD] + features[:, BRAND]) - 0.2 * np.arange(10) + any_profile * 3 * common
        chances = np.exp(drawn - drawn.max())
        gains = np.zeros(10, np.float32)
        gains[rng.choice(10, p=chances / chances.sum())] = 1
        found.append(Lesson(f"u{number % 50}", TrainingList(features, gains)))
    return found


def test_known_worths() -> None:  # 1
    found = learn(lessons(1000), BEFORE, folds=2)
    word, brand = found.worth[Dimension.WORD], found.worth[Dimension.BRAND]
    assert word / brand == pytest.approx(2, rel=0.15)
    assert np.hypot(word, brand) == pytest.approx(0.5, rel=0.05)
    assert found.worth[Dimension.SHOP] == 0
    assert (found.lists, found.shoppers) == (1000, 50)


def test_strangers() -> None:  # 2
    taste = learn(lessons(400), BEFORE, folds=2)
    assert taste.own.low is not None
    assert taste.own.low > 0.3
    assert taste.stranger.high is not None
    assert taste.stranger.high < 0
    no_taste = learn(lessons(600, own=0.0, any_profile=1.0), BEFORE, folds=2)
    assert abs(no_taste.own.mean) < 0.05 * taste.own.mean


def test_held_out() -> None:  # 2
    noise, rng = lessons(100, own=0.0), np.random.default_rng(1)
    for one in noise:
        one.list.features[:, OWN] = rng.normal(size=(10, len(DIMENSIONS)))
    assert learn(noise, BEFORE, folds=2).own.mean < -0.01


def test_refused() -> None:  # 3
    with pytest.raises(InputError, match="too few"):
        learn(lessons(99), BEFORE)
    with pytest.raises(InputError, match="no interest draws a click"):
        learn(lessons(200, own=-1.0), BEFORE, folds=2)
