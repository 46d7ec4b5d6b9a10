"""What a profile says of documents:

1. A document has the part of an interest that it has, and none of another; the parts sum to the score.
2. A word says less in a long title, and one of another name of the same thing counts as that thing, once.
3. A stated dimension says nothing, nor a word that the query says; the others say what they said.
4. Categories, shops, price bands and single items are found, and an aversion is below 0.
5. Parts sum to the score to 1e-6 for any profile; 10,000 random ones.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

from retrieval.interest.profile import Dimension, Interest, Profile
from retrieval.interest.taste import Liking
from retrieval.profiles.score import liking
from retrieval.ranking.forward import ForwardRows
from tests.unit.retrieval.profiles.world import CATALOGUE, NOW, RECORDS, VOCABULARY, WEIGHTS

ITEMS = list(RECORDS)
ROWS = ForwardRows.decode(CATALOGUE.forward(np.arange(len(ITEMS))))
WORTH = WEIGHTS.score


def likes(*interests: tuple[Dimension, str, float]) -> Profile:
    return Profile("u", tuple(Interest(*one, 1, 1.0, 0.0) for one in interests), 1.0, NOW)


def said(profile: Profile, stated: frozenset[Dimension] = frozenset(), query: str = "") -> Liking:
    return liking(profile, ROWS, {"coffee": ITEMS.index("coffee")}, VOCABULARY, WORTH, stated, query)


def of(found: Liking, item: str) -> float:
    return float(found.scores[ITEMS.index(item)])


def test_parts() -> None:  # 1
    found = said(likes((Dimension.WORD, "露营", 0.8), (Dimension.WORD, "深烘", 0.5), (Dimension.WORD, "梦", 1.0)))
    assert [interest.value for interest in found.interests] == ["露营", "深烘"]
    assert (of(found, "tent") > 0, of(found, "coffee") > 0, of(found, "fridge")) == (True, True, 0.0)
    assert found.parts[ITEMS.index("tent")].tolist() == pytest.approx([of(found, "tent"), 0])
    assert said(likes()).parts.shape == (len(ITEMS), 0)


def test_words() -> None:  # 2
    found = said(likes((Dimension.AUDIENCE, "女", 1.0)))
    assert of(found, "dress") > 0 == of(found, "tie")
    words = np.diff(ROWS.starts)
    place, other = ITEMS.index("tent"), ITEMS.index("pill")
    both = said(likes((Dimension.WORD, "露营", 1.0)))
    expected = ((words[other] + 3) / (words[place] + 3)) ** 0.6
    assert of(both, "tent") / of(both, "pill") == pytest.approx(expected, rel=1e-5)


def test_stated() -> None:  # 3
    profile = likes((Dimension.BRAND, "希禾", 1.0), (Dimension.WORD, "碎花", 0.5))
    both = said(profile)
    brand_said = said(profile, frozenset({Dimension.BRAND}))
    assert 0 < of(brand_said, "skirt") < of(both, "skirt")
    assert of(brand_said, "dress") == of(both, "dress") > 0
    assert of(said(profile, query="碎花 裙"), "dress") == 0 < of(said(profile, query="碎花 裙"), "skirt")


@pytest.mark.parametrize(
    ("dimension", "value", "item"),
    [
        (Dimension.CATEGORY, "帐篷", "tent"), (Dimension.SHOP, "s9", "stove"), (Dimension.PRICE, "high", "gown"),
        (Dimension.PRICE, "low", "dress"), (Dimension.ITEM, "coffee", "coffee"), (Dimension.BRAND, "山风", "tent"),
    ],
)  # fmt: skip
def test_dimensions(dimension: Dimension, value: str, item: str) -> None:  # 4
    for weight in (0.5, -0.5):
        found = said(likes((dimension, value, weight)))
        assert np.flatnonzero(found.scores).tolist() == [ITEMS.index(item)]
        assert of(found, item) * weight > 0


def test_any_profile() -> None:  # 5
    rng = random.Random(5)
    words = ["露营", "碎花", "帐篷", "女士", "山风", "s9", "high", "coffee", "连衣裙", "无"]
    for _ in range(10_000):
        chosen = [
            (rng.choice(list(Dimension)), rng.choice(words), rng.uniform(-1, 1)) for _ in range(rng.randint(0, 6))
        ]
        found = said(likes(*dict.fromkeys(chosen)), frozenset(rng.sample(list(Dimension), rng.randint(0, 2))))
        assert np.allclose(found.parts.sum(axis=1, dtype=np.float64), found.scores, atol=1e-6)
        assert found.parts.any(axis=0).all()
