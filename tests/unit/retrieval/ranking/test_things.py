"""What titles sell, as directions:

1. A noun has the direction of the titles that sell it, weighed by how surely each of their nouns names things.
2. The longest end of a name that is known counts; a noun that nobody knows is of the kind of its last character.
3. Cosines are those of what is left when the middle of titles, and of queries, is taken away.
4. The same titles give the same bytes; bytes give the things back; others are refused, and the rebuild named.
5. Memory is bounded: at most so many nouns, and less than twice as many titles.
6. Nothing breaks it: no titles, none with a noun, a generation that learned nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.learning.thing_learner import ThingLearner
from retrieval.errors import GenerationError
from retrieval.late.query import QueryVectors
from retrieval.ranking.forward import word_hash
from retrieval.ranking.things import Meaning, Things
from retrieval.types import FloatArray

COVER, PHONE, PAN, MIDDLE = np.eye(4, dtype=np.float32)


class Encoder:
    """All queries are one."""

    name, dim, fingerprint = "one", 4, "one"

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        raise AssertionError

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return np.tile(MIDDLE, (len(texts), 1))


def learned(headness: float = 0.5, **bounds: int) -> Things:
    """Three titles each of phone covers, phones and pans; `headness` of 手机 where 手机壳 has 1."""
    learner = ThingLearner(**bounds)
    titles = [["手机", "壳"], ["手机"], ["炒锅"]]
    for _ in range(3):
        learner.add(titles, np.stack([COVER, PHONE, PAN]))
    things = learner.finish(["手机", "手机壳", "炒锅"], lambda noun: headness if noun == "手机" else 1.0, Encoder())
    assert things
    return things


def centred(vector: FloatArray) -> FloatArray:
    left = vector - (COVER + PHONE + PAN) / 3
    return left / np.linalg.norm(left)


def direction(things: Things, name: str) -> list[float]:
    found = things.direction(name)
    assert found is not None
    return [float(value) for value in found]


@pytest.mark.parametrize("headness", [1.0, 0.5, 0.1])
def test_directions(headness: float) -> None:  # 1
    things = learned(headness)
    assert direction(things, "手机壳") == pytest.approx(centred(COVER).tolist(), abs=1e-3)
    phone = centred(PHONE) + headness / (1 + headness) * centred(COVER)
    assert direction(things, "手机") == pytest.approx((phone / np.linalg.norm(phone)).tolist(), abs=1e-3)


def test_ends() -> None:  # 2
    things = learned()
    assert direction(things, "红色手机壳") == direction(things, "手机壳")
    assert direction(things, "平底锅") == direction(things, "锅") == direction(things, "炒锅")
    assert things.direction("毛衣") is None
    assert things.direction("") is None


def test_cosines() -> None:  # 3
    things, query = learned(), (PHONE + MIDDLE) / np.sqrt(2)
    meaning = Meaning(things, QueryVectors(query), np.stack([COVER, PHONE, PAN]))
    asked = (query - MIDDLE) / np.linalg.norm(query - MIDDLE)
    expected = [float(centred(vector) @ asked) for vector in (COVER, PHONE, PAN)]
    assert meaning.cosines().tolist() == pytest.approx(expected, abs=1e-6)
    likeness = meaning.likeness("炒锅")
    assert likeness is not None
    assert likeness.tolist() == pytest.approx([-0.5, -0.5, 1], abs=1e-3)
    assert meaning.likeness("毛衣") is None


def test_bytes() -> None:  # 4
    stored = learned().to_bytes()
    assert stored == learned().to_bytes() == Things.from_bytes(stored).to_bytes()
    for bad in (b"", stored[:-1], stored + b"0", b"PK" + stored[2:], stored[:4] + b"\x09" + stored[5:]):
        with pytest.raises(GenerationError, match="things") as refused:
            Things.from_bytes(bad)
        assert "rebuild" in str(refused.value.hint)


def test_bounds() -> None:  # 5
    assert word_hash("手机") in learned(nouns=1).nouns
    assert len(learned(nouns=1).nouns) == 2
    learner = ThingLearner(titles=5)
    learner.add([["手机"]] * 100, np.tile(PHONE, (100, 1)))
    assert 5 <= len(learner._kept) < 10


def test_little() -> None:  # 6
    assert ThingLearner().finish(["手机"], lambda noun: 1.0, Encoder()) is None
    learner = ThingLearner()
    learner.add([["5g"], []], np.stack([PHONE, PAN]))
    things = learner.finish(["手机"], lambda noun: 1.0, Encoder())
    assert things
    assert (len(things.nouns), things.queries.tolist()) == (0, [0, 0.5, 0.5, 0])
    nothing = Things.unlearned(np.stack([PHONE, PAN]))
    assert nothing.to_bytes() == things.to_bytes()
    assert Meaning(nothing, QueryVectors(PHONE), np.stack([PHONE, PAN])).cosines().tolist() == pytest.approx([1, -1])
    assert Things.unlearned(np.empty((0, 4), np.float32)).titles.tolist() == [0, 0, 0, 0]
