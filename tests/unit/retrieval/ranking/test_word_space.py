"""The word space of a small shop:

1. Words of titles that share their neighbours are near: 铁锅 is nearer to 炒锅 than to 毛衣 or 手机.
2. Rarity is ln ((N + 1) / (n + 1)); of an unknown word ln (N + 1), of an empty space 0.
3. The same rows give the same bytes; bytes give the space back; other bytes are refused.
4. Memory is bounded: a space keeps at most so many words, and reads at least `titles` and less than twice as many.
5. No input breaks it: no rows, empty titles, one word.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from indexer.learning.word_learner import WordLearner
from retrieval.errors import GenerationError
from retrieval.ranking.forward import word_hash
from retrieval.ranking.word_space import WordSpace
from tests.unit.retrieval.ranking.shop import TITLES, row, space


def hashes(*words: str) -> np.ndarray:
    return np.array([word_hash(word) for word in words], np.uint32)


def test_neighbours() -> None:
    places = space().find(hashes("铁锅", "炒锅", "毛衣", "手机"))
    assert (places >= 0).all()
    near = space().cosines(places[:1], places[1:])[0]
    assert near[0] > 0.5 > max(near[1], near[2])


def test_unknown_words_are_near_nothing() -> None:
    known = space().find(hashes("铁锅", "没有"))
    assert known[1] == -1
    assert (space().cosines(known, known)[:, 1] == 0).all()
    assert (space().cosines(known, known)[1] == 0).all()


def test_rarity() -> None:
    n = len(TITLES)
    expected = [math.log((n + 1) / 10), math.log(n + 1)]
    assert space().word_rarity(hashes("铁锅", "没有")).tolist() == pytest.approx(expected, rel=1e-5)
    assert space().character_rarity("铁没").tolist() == pytest.approx(expected, rel=1e-5)
    assert WordSpace.empty().word_rarity(hashes("铁锅")).tolist() == [0.0]


def test_bytes() -> None:
    learner = WordLearner(dimensions=8)
    learner.add([row(title) for title in TITLES])
    assert learner.finish().to_bytes() == space().to_bytes() == learner.finish().to_bytes()
    again = WordSpace.from_bytes(space().to_bytes())
    assert again.documents == space().documents
    assert np.array_equal(again.vectors, space().vectors)
    with pytest.raises(GenerationError, match="damaged"):
        WordSpace.from_bytes(b"nothing")


def test_bounds() -> None:
    learner = WordLearner(titles=10, words=5, dimensions=4)
    learner.add([row(title) for title in TITLES])
    found = learner.finish()
    assert 10 <= found.documents < 20
    assert len(found.words) == 5


@pytest.mark.parametrize("titles", [[], [""], ["锅"], ["", "", ""], ["锅", "锅", "锅"]])
def test_little_input(titles: list[str]) -> None:
    learner = WordLearner()
    learner.add([row(title) for title in titles])
    found = learner.finish()
    assert found.documents == len(titles)
    assert found.cosines(found.find(hashes("锅")), found.find(hashes("锅"))).shape == (1, 1)
