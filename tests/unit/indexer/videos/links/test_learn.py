"""Learning from known ranges:

1. What was learned gives the known paths more weight than no weights do, and more than a disturbed copy of itself.
2. A heavier penalty gives smaller weights; a very heavy one leaves those that there were before.
3. A video with given times teaches the path that they say, by the middles of its segments.
"""

from __future__ import annotations

import numpy as np

from indexer.videos.links.chain import believe
from indexer.videos.links.evidence import Floats
from indexer.videos.links.features import NAMES, weigh
from indexer.videos.links.learn import Lesson, learn, lessons, taught
from indexer.videos.links.weights import load_weights
from tests.unit.indexer.videos.links.paths import path_score
from tests.unit.indexer.videos.links.world import CHAT, CLIP, DRESS, TROUSERS, linker, say

BASKET = ("dress", "trousers", "clip")


def lesson(*parts: tuple[tuple[str, ...], int]) -> Lesson:
    """What is said, part after part, and which product of the basket each part shows."""
    (block,) = linker().blocks(say(*(line for lines, _ in parts for line in lines)), BASKET)
    return Lesson(block.features, [number for lines, number in parts for _ in lines])


LESSONS = [lesson((CHAT, -1), (DRESS, 0), (CLIP, 2)), lesson((TROUSERS, 1), (CHAT, -1), (DRESS, 0))]


def probability(weights: dict[str, Floats]) -> float:
    """ln of the probability of all known paths."""
    scores = [(weigh(each.features, weights), list(each.path)) for each in LESSONS]
    return sum(path_score(score, path) - believe(score).total for score, path in scores)


def size(weights: dict[str, Floats]) -> float:
    return sum(float(values @ values) for values in weights.values())


def test_what_is_learned_makes_the_known_paths_probable() -> None:
    penalty = 1.0
    learned = dict(learn(LESSONS, penalty))
    nothing = {group: np.zeros(len(names)) for group, names in NAMES.items()}
    assert probability(learned) > probability(nothing) + 1
    best = probability(learned) - penalty * size(learned) / 2
    rng = np.random.default_rng(0)
    for _ in range(5):
        other = {group: values + rng.normal(0, 0.05, len(values)) for group, values in learned.items()}
        assert probability(other) - penalty * size(other) / 2 < best


def test_a_heavier_penalty_gives_smaller_weights() -> None:
    assert size(dict(learn(LESSONS, 10.0))) < size(dict(learn(LESSONS, 1.0)))
    before = load_weights()
    after = taught(before, LESSONS, penalty=1e9)
    assert all(np.allclose(after.chain[group], before.chain[group], atol=1e-4) for group in NAMES)


def test_given_times_are_the_path() -> None:
    said = say(*CHAT, *DRESS, seconds=4.0)
    # the dress from second 12 to 20: the middles of segments 3 and 4 lie inside, that of 5 (22) does not
    (taught_by,) = lessons(linker(), said, BASKET, [("dress", 12.0, 20.0), ("unknown", 0.0, 4.0)])
    assert taught_by.path == [-1, -1, -1, 0, 0, -1]
