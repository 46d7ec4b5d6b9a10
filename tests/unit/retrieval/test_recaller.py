"""Both channels in one journey, where questions travel:

1. What will be asked is said once, with the query's vector, before anything is asked; the matches are those of a
   reader that answers at once.
2. An encoder that hangs is given half of the time: then the words go alone, and the answer names what is missing.
3. An encoder that raises is left out in the same way, at once.
4. Where the journey itself fails, so does the request, with its reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.errors import NotReady
from retrieval.journeys import Upcoming
from retrieval.recall.lexical import LexicalOptions
from retrieval.recaller import Recaller
from retrieval.results import Matches
from retrieval.types import CHANNELS, FloatArray, LexicalQuery
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.tiny_reader import Item, TinyReader, direction

ITEMS = [Item("p1", "红色 红 色", 0), Item("p2", "蓝色 蓝 色", 40), Item("p3", "红色 红 色", 90)]
TEXT = built_in_analyzer().query("红色")
OPTIONS = LexicalOptions({"title": 1.0}, depth=10, enough=1, most=0.75, floor=0.2)


class Here(TinyReader):
    """As much more of a reader as the recaller asks for; `told` is what it was told to expect."""

    manifest = SimpleNamespace(generation="g1", encoder="compass")

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(items)
        self.told: list[tuple[int, FloatArray | None, int, int]] = []


class Away(Here):
    """One whose questions travel."""

    def expect(
        self, steps: Sequence[tuple[LexicalQuery, int]], vector: FloatArray | None, depth: int, first: int
    ) -> None:
        self.told.append((len(steps), vector, depth, first))

    def announce(self, upcoming: Upcoming) -> None:
        """Nothing to fetch."""


class Compass:
    """Encodes every query as 0°, after `mood`, which may wait or raise."""

    name, dim, fingerprint = "compass", 2, "compass"

    def __init__(self, mood: Callable[[], None] = lambda: None) -> None:
        self._mood = mood

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([direction(0) for _ in texts])

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self._mood()
        return self.encode_documents(texts)


@pytest.fixture
def recaller() -> Iterator[Callable[[Compass], Recaller]]:
    made: list[Recaller] = []

    def make(encoder: Compass) -> Recaller:
        made.append(Recaller(encoder, OPTIONS, 2, 7, threads=2, kept=0))
        return made[-1]

    yield make
    for each in made:
        each.close()


def recalled(recaller: Recaller, reader: Here, milliseconds: float | None = None) -> tuple[Matches, tuple[str, ...]]:
    return recaller.recall(reader.reader, TEXT, CHANNELS, Deadline.after_ms(milliseconds), "key")


def test_one_journey(recaller: Callable[[Compass], Recaller]) -> None:  # 1
    far, near = Away(ITEMS), Here(ITEMS)
    (found, late), (expected, _) = (recalled(recaller(Compass()), reader) for reader in (far, near))
    assert late == ()
    assert near.told == []
    ((steps, vector, depth, first),) = far.told
    assert (steps, depth, first) == (2, 2, 7)
    assert vector is not None
    assert vector.tolist() == direction(0).tolist()
    for name in CHANNELS:
        one, other = getattr(found, name), getattr(expected, name)
        assert one.candidates.rows.tolist() == other.candidates.rows.tolist()
    assert found.semantic is not None
    assert expected.semantic is not None
    assert (found.semantic.centre, found.semantic.unit) == (expected.semantic.centre, expected.semantic.unit)


def test_an_encoder_that_hangs(recaller: Callable[[Compass], Recaller]) -> None:  # 2
    let_go, reader = Event(), Away(ITEMS)
    hanging = recaller(Compass(lambda: assert_true(let_go.wait(60))))
    started = time.monotonic()
    found, late = recalled(hanging, reader, milliseconds=600)
    spent = time.monotonic() - started
    let_go.set()
    assert (late, found.semantic) == (("semantic",), None)
    assert found.lexical is not None
    assert sorted(found.lexical.candidates.rows.tolist()) == [0, 2]
    assert [told[1] for told in reader.told] == [None]
    assert 0.25 <= spent < 0.6


def test_an_encoder_that_raises(recaller: Callable[[Compass], Recaller], caplog: pytest.LogCaptureFixture) -> None:  # 3
    def fail() -> None:
        raise RuntimeError("no memory left")

    found, late = recalled(recaller(Compass(fail)), Away(ITEMS))
    assert (late, found.semantic) == (("semantic",), None)
    assert found.lexical is not None
    assert "no memory left" in caplog.text


def test_a_journey_that_fails(recaller: Callable[[Compass], Recaller]) -> None:  # 4
    class Lost(Away):
        def expect(self, *asked: object) -> None:
            raise NotReady("the cluster is gone")

    with pytest.raises(NotReady, match="gone"):
        recalled(recaller(Compass()), Lost(ITEMS))


def assert_true(value: bool) -> None:
    assert value
