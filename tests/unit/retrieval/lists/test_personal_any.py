"""The shopper's own order below the engine, 10,000 lists, likings and bounds drawn at random:

1. Membership: the hits are those of everybody, each with its own score, relevance and features.
2. Bound: no hit stands further than the bound from its neutral place, and what may not move does not.
3. Ledger: the neutral places give back the neutral order exactly, and the parts of each hit sum to its score to 1e-6;
   they moved with the hit.
4. Off-switch: without a liking, or with a weight of 0, the order is everybody's.
5. A hit that leaves a word out, of a query that said all, is not lifted: it passes none that keeps the words, has at
   least its relevance and is not disliked.
"""

from __future__ import annotations

import numpy as np

from retrieval.interest.kept import KeepOptions, counted
from retrieval.interest.profile import Dimension, Interest
from retrieval.interest.taste import Liking
from retrieval.lists.arrange import Arranged, Placed, code_of
from retrieval.lists.personal import gains_of, moved, neutral_gains
from retrieval.lists.score import Scored
from retrieval.types import Match

CASES = 10_000
FADE = 6.0
INTERESTS = tuple(Interest(Dimension.WORD, str(n), 0.5, 1, 1.0, 0.0) for n in range(3))


def arranged(rng: np.random.Generator, size: int) -> Arranged:
    relevance = np.sort(rng.random(size, np.float32))[::-1]
    none = np.zeros(size, np.uint32)
    scored = Scored(
        rng.permutation(size), 10 * relevance, {}, {}, relevance, none.astype(np.uint64), none, none, Match.ALL, True,
        {"brand_match": rng.integers(0, 2, size).astype(np.float32)}, np.arange(size),
    )  # fmt: skip
    return Arranged(scored, np.full(size, code_of(Placed.SCORE), np.uint8), size, "eq")


def test_any_list() -> None:
    rng = np.random.default_rng(12)
    changed = 0
    for _ in range(CASES):
        size = int(rng.integers(2, 24))
        may, shift = int(rng.integers(2, size + 1)), int(rng.integers(0, size + 2))
        neutral = arranged(rng, size)
        features = {"brand_match": neutral.list.features["brand_match"][:may]}
        parts = (rng.normal(0, 0.5, (may, 3)) * (rng.random((may, 3)) < 0.4)).astype(np.float32)
        strength, weight = float(rng.random()), float(rng.choice([0.0, 0.3, 0.5, 1.0]))
        liking = Liking(INTERESTS, parts).lifting(counted(features, strength, KeepOptions(0.2, 0.35)))
        for_all = neutral_gains(neutral.list.relevance[:may], neutral.list.scores[:may], FADE)
        gains = gains_of(for_all, liking.scores, weight)
        own = moved(neutral, gains, liking, shift)
        assert own.neutral is not None
        assert own.liking is not None
        back = np.argsort(own.neutral)
        assert sorted(own.neutral.tolist()) == list(range(size))  # 1
        for name in ("rows", "scores", "relevance", "parts_at"):
            assert np.array_equal(getattr(own.list, name)[back], getattr(neutral.list, name))  # 1, 3
        distance = np.abs(own.neutral - np.arange(size))
        assert distance.max() <= shift  # 2
        assert not distance[may:].any()
        first = own.neutral[:may]
        assert np.array_equal(own.liking.parts, liking.parts[first])  # 3
        assert np.allclose(own.liking.parts.sum(axis=1, dtype=np.float64), liking.scores[first], atol=1e-6)
        if not liking.parts.any() or not weight:
            assert not distance.any()  # 4
        changed += bool(distance.any())
    assert changed > CASES / 4


def test_what_leaves_a_word_out() -> None:  # 5
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        size = int(rng.integers(2, 24))
        neutral = arranged(rng, size)
        features = neutral.list.features
        liking = Liking(INTERESTS, rng.normal(0, 0.5, (size, 3)).astype(np.float32))
        liking = liking.lifting(counted(features, 0.9, KeepOptions(0.2, 0.35)))
        for_all = neutral_gains(neutral.list.relevance, neutral.list.scores, FADE)
        own = moved(neutral, gains_of(for_all, liking.scores, 0.5), liking, size)
        assert own.neutral is not None
        place = np.argsort(own.neutral)
        keeps = features["brand_match"] == features["brand_match"].max()
        for kept in np.flatnonzero(keeps & (liking.scores >= 0)):
            behind = np.flatnonzero(~keeps[kept:]) + kept
            assert (place[behind] > place[kept]).all()
