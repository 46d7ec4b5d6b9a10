"""The word space of a small shop:

1. Words of titles that share their neighbours are near: 铁锅 is nearer to 炒锅 than to 毛衣 or 手机.
2. Rarity is ln ((N + 1) / (n + 1)); of an unknown word ln (N + 1), of an empty space 0.
3. The same rows give the same bytes; bytes give the space back, as views of them; those of version 1 do, too; others
   are refused, and the rebuild named.
4. Memory is bounded: a space keeps at most so many words, and reads at least `titles` and less than twice as many.
5. No input breaks it: no rows, empty titles, one word.
6. A word is found where it is, whatever others begin like it.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.learning.word_learner import WordLearner
from retrieval.errors import GenerationError
from retrieval.ranking.forward import word_hash
from retrieval.ranking.word_space import STEPS, WordSpace
from tests.unit.retrieval.ranking.shop import TITLES, row, space

ARRAYS = ("words", "counts", "vectors", "characters", "character_counts")


def hashes(*words: str) -> np.ndarray:
    return np.array([word_hash(word) for word in words], np.uint32)


def test_neighbours() -> None:
    places = space().find(hashes("铁锅", "炒锅", "毛衣", "手机"))
    assert (places >= 0).all()
    near = space().cosines(places[:1], places[1:])[0]
    assert near[0] > 0.5 > max(near[1], near[2])


def test_unknown_words_are_near_nothing() -> None:
    alike = replace(space(), vectors=np.full_like(space().vectors, STEPS))
    known = alike.find(hashes("铁锅", "没有"))
    assert known[1] == -1
    assert (alike.cosines(known, known) > 0).tolist() == [[True, False], [False, False]]


def test_rarity() -> None:
    n = len(TITLES)
    expected = [math.log((n + 1) / 10), math.log(n + 1)]
    assert space().rarity(space().find(hashes("铁锅", "没有"))).tolist() == pytest.approx(expected, rel=1e-5)
    assert space().character_rarity("铁没").tolist() == pytest.approx(expected, rel=1e-5)
    assert WordSpace.empty().rarity(np.array([-1])).tolist() == [0.0]


@given(st.sets(st.integers(0, 2**32 - 1), max_size=300), st.sets(st.integers(2**32 - 2**9, 2**32 - 1), min_size=60))
def test_find(known: set[int], crowded: set[int]) -> None:
    """Words that begin alike, too, and whether few are asked or many."""
    words = sorted(known | crowded)
    of = replace(WordSpace.empty(), words=np.array(words, np.uint32))
    asked = [*words, *(word ^ 1 for word in words), 0, 2**32 - 1] * 2
    expected = [words.index(word) if word in known or word in crowded else -1 for word in asked]
    assert of.find(np.array(asked, np.uint32)).tolist() == expected
    assert [int(of.find(np.array([word], np.uint32))[0]) for word in asked[:20]] == expected[:20]


def test_bytes() -> None:
    learner = WordLearner(dimensions=8)
    learner.add([row(title) for title in TITLES])
    stored = space().to_bytes()
    assert learner.finish().to_bytes() == stored == learner.finish().to_bytes()
    for form in (stored, memoryview(stored)):
        assert same(WordSpace.from_bytes(form), space())
    assert WordSpace.from_bytes(WordSpace.empty().to_bytes()).documents == 0


def test_bytes_are_not_copied() -> None:
    stored = bytearray(space().to_bytes())
    again = WordSpace.from_bytes(memoryview(stored))
    assert all(np.shares_memory(getattr(again, name), np.frombuffer(stored, np.uint8)) for name in ARRAYS)


def test_bytes_of_version_1() -> None:
    old = io.BytesIO()
    np.savez_compressed(
        old, version=1, documents=space().documents, **{name: getattr(space(), name) for name in ARRAYS}
    )
    assert same(WordSpace.from_bytes(old.getvalue()), space())


def test_bad_bytes() -> None:
    stored = space().to_bytes()
    for damaged in (b"", b"nothing", b"PK nothing", stored[:10], stored[:-1], stored + b"x", b"Y" + stored[1:]):
        with pytest.raises(GenerationError, match="damaged") as caught:
            WordSpace.from_bytes(damaged)
        assert "rebuild" in str(caught.value.hint)
    with pytest.raises(GenerationError, match="version 9"):
        WordSpace.from_bytes(stored[:4] + b"\x09" + stored[5:])


def same(found: WordSpace, expected: WordSpace) -> bool:
    arrays = (np.array_equal(getattr(found, name), getattr(expected, name)) for name in ARRAYS)
    return found.documents == expected.documents and all(arrays)


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
