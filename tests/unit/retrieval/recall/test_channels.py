"""All channels at once, and in one journey where questions travel:

1. What will be asked is said once, with the query's vector, before anything is asked; the matches are those of a
   reader that answers at once. Vectors of documents are expected where ranking reads them and the query has one.
2. An encoder that hangs is given half of the time: then the words go alone, and the answer names what is missing.
3. An encoder that raises is left out in the same way, at once.
4. Where the journey itself fails, so does the request, with its reason.
5. What was found whole is remembered under its key, for these channels; without a key, or in part, nothing is.
6. A query without terms asks no channel that needs words.
7. Where no channel answers in time, that is said; one that fails for a known reason is left out and its reason logged.
8. A text is encoded ahead where meaning will be asked and there is one; once, whoever asks for it before and after its
   search waited for a thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded, NotReady
from retrieval.journeys import Expected, Upcoming
from retrieval.recall.asked import Asked
from retrieval.recall.channels import Channels
from retrieval.recall.lexical import LexicalOptions, LexicalRecall
from retrieval.recall.matches import Matches
from retrieval.recall.semantic import SemanticRecall, background_of
from retrieval.types import CHANNELS, FloatArray
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.tiny_reader import Item, TinyReader, direction

ITEMS = [Item("p1", "红色 红 色", 0), Item("p2", "蓝色 蓝 色", 40), Item("p3", "红色 红 色", 90)]
TEXT = built_in_analyzer().query("红色")
OPTIONS = LexicalOptions({"title": 1.0}, depth=10, enough=1, most=0.75, floor=0.2)


class Here(TinyReader):
    """As much more of a reader as the channels ask for; `told` is what it was told to expect."""

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(items)
        self.told: list[Expected] = []


class Away(Here):
    """One whose questions travel."""

    def expect(self, expected: Expected) -> None:
        self.told.append(expected)

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
def channels() -> Iterator[Callable[..., Channels]]:
    made: list[Channels] = []

    def make(encoder: Compass, kept: int = 0) -> Channels:
        made.append(Channels([SemanticRecall(encoder, 2), LexicalRecall(OPTIONS)], 7, threads=2, kept=kept))
        return made[-1]

    yield make
    for each in made:
        each.close()


def recalled(of: Channels, reader: Here, milliseconds: float | None = None) -> tuple[Matches, tuple[str, ...]]:
    asked = Asked(reader.reader, TEXT, background_of(reader.reader))
    return of.recall(asked, CHANNELS, Deadline.after_ms(milliseconds), "key")


def test_one_journey(channels: Callable[..., Channels]) -> None:  # 1
    far, near = Away(ITEMS), Here(ITEMS)
    (found, late), (expected, _) = (recalled(channels(Compass()), reader) for reader in (far, near))
    assert late == ()
    assert near.told == []
    (told,) = far.told
    assert told.counted == ()  # of one word there is one step
    assert (told.up_to, told.words.need, told.depth, told.near, told.first) == (1, 1, 10, 2, 7)
    assert told.vector is not None
    assert told.vector.tolist() == direction(0).tolist()
    for name in ("lexical", "semantic"):
        one, other = getattr(found, name), getattr(expected, name)
        assert one.candidates.rows.tolist() == other.candidates.rows.tolist()
    assert found.semantic is not None
    assert expected.semantic is not None
    assert (found.semantic.centre, found.semantic.unit) == (expected.semantic.centre, expected.semantic.unit)


def test_words_alone_travel_once_too(channels: Callable[..., Channels]) -> None:  # 1
    reader = Away(ITEMS)
    asked = Asked(reader.reader, TEXT, background_of(reader.reader))
    found, late = channels(Compass()).recall(asked, ("lexical",), Deadline(None), "key")
    assert (late, set(found.found)) == ((), {"lexical"})
    assert [(told.vector, told.depth) for told in reader.told] == [(None, 10)]


@pytest.mark.parametrize(("reads", "names", "expected"), [(True, CHANNELS, True), (False, CHANNELS, False),
                                                          (True, ("lexical",), False)])  # fmt: skip
def test_vectors_of_documents(
    channels: Callable[..., Channels], reads: bool, names: tuple[str, ...], expected: bool
) -> None:  # 1
    reader = Away(ITEMS)
    asked = Asked(reader.reader, TEXT, background_of(reader.reader), reads_vectors=reads)
    channels(Compass()).recall(asked, names, Deadline(None), "key")
    assert [told.vectors for told in reader.told] == [expected]


def test_an_encoder_that_hangs(channels: Callable[..., Channels]) -> None:  # 2
    let_go, reader = Event(), Away(ITEMS)
    hanging = channels(Compass(lambda: assert_true(let_go.wait(60))))
    started = time.monotonic()
    found, late = recalled(hanging, reader, milliseconds=600)
    spent = time.monotonic() - started
    let_go.set()
    assert (late, found.semantic) == (("semantic",), None)
    assert found.lexical is not None
    assert sorted(found.lexical.candidates.rows.tolist()) == [0, 2]
    assert [told.vector for told in reader.told] == [None]
    assert 0.25 <= spent < 0.6


def test_an_encoder_that_raises(channels: Callable[..., Channels], caplog: pytest.LogCaptureFixture) -> None:  # 3
    def fail() -> None:
        raise RuntimeError("no memory left")

    found, late = recalled(channels(Compass(fail)), Away(ITEMS))
    assert (late, found.semantic) == (("semantic",), None)
    assert found.lexical is not None
    assert "no memory left" in caplog.text


def test_a_journey_that_fails(channels: Callable[..., Channels]) -> None:  # 4
    class Lost(Away):
        def expect(self, *asked: object) -> None:
            raise NotReady("the cluster is gone")

    with pytest.raises(NotReady, match="gone"):
        recalled(channels(Compass()), Lost(ITEMS))


def assert_true(value: bool) -> None:
    assert value


def test_remembered(channels: Callable[..., Channels]) -> None:  # 5
    asked_of: list[str] = []
    broken = False

    def mood() -> None:
        asked_of.append("encoder")
        if broken:
            raise RuntimeError("no memory left")

    of, asked = channels(Compass(mood), kept=2), Asked(Here(ITEMS).reader, TEXT, background_of(Here(ITEMS).reader))
    first, _ = of.recall(asked, CHANNELS, Deadline(None), "a")
    again, late = of.recall(asked, CHANNELS, Deadline(None), "a")
    assert (again is first, late, len(asked_of)) == (True, (), 1)
    words, _ = of.recall(asked, ("lexical",), Deadline(None), "a")
    assert (words.semantic, set(words.found)) == (None, {"lexical"})
    of.recall(asked, CHANNELS, Deadline(None), None)
    of.recall(asked, CHANNELS, Deadline(None), None)
    assert len(asked_of) == 3
    broken = True
    assert of.recall(asked, CHANNELS, Deadline(None), "b")[1] == ("semantic",)
    broken = False
    assert of.recall(asked, CHANNELS, Deadline(None), "b")[1] == ()


def test_no_terms(channels: Callable[..., Channels]) -> None:  # 6
    reader = Here(ITEMS).reader
    asked = Asked(reader, built_in_analyzer().query(""), background_of(reader))
    assert channels(Compass()).recall(asked, CHANNELS, Deadline(None), "a") == (Matches({}), ())


def test_nobody_in_time(channels: Callable[..., Channels]) -> None:  # 7
    let_go, reader = Event(), Here(ITEMS)
    of = channels(Compass(lambda: assert_true(let_go.wait(60))))
    asked = Asked(reader.reader, TEXT, background_of(reader.reader))
    with pytest.raises(DeadlineExceeded) as late:
        of.recall(asked, ("semantic",), Deadline.after_ms(20), None)
    let_go.set()
    assert (late.value.field, bool(late.value.hint)) == ("timeout_ms", True)


def test_a_known_reason(channels: Callable[..., Channels], caplog: pytest.LogCaptureFixture) -> None:  # 7
    def fail() -> None:
        raise NotReady("the model is away")

    reader = Here(ITEMS)
    found, late = recalled(channels(Compass(fail)), reader)
    assert (set(found.found), late) == ({"lexical"}, ("semantic",))
    assert "the semantic channel failed: the model is away" in caplog.text
    with pytest.raises(NotReady, match="away"):
        channels(Compass(fail)).recall(
            Asked(reader.reader, TEXT, background_of(reader.reader)), ("semantic",), Deadline(None), None
        )


def test_ahead() -> None:  # 8
    encoded: list[list[str]] = []

    class Noting(Compass):
        def encode_queries(self, texts: Sequence[str]) -> FloatArray:
            encoded.append(list(texts))
            return super().encode_queries(texts)

    of = Channels([SemanticRecall(Noting(), 2), LexicalRecall(OPTIONS)], 7, threads=1, kept=0)
    for text, names in (
        ("红色", CHANNELS),
        ("", CHANNELS),
        ("蓝色", ("lexical",)),
        ("鞋", ("semantic",)),
        ("红色", CHANNELS),
    ):
        of.ahead((text,), names)
    many = [f"鞋{place}" for place in range(40)]
    of.ahead([*many, " 鞋0 "], CHANNELS)
    words = Channels([LexicalRecall(OPTIONS)], 7, threads=1, kept=0)
    words.ahead(("红色",), CHANNELS)
    of.close()
    words.close()
    assert encoded[:2] == [["红色"], ["鞋"]]
    assert [text for batch in encoded[2:] for text in batch] == many
    assert len(encoded) == 4  # no batch holds all of them, so the first is not late
