"""A slow or broken encoder costs the meaning, not the answer.

1. An encoder that does not answer in time is left out: the words answer while it still waits, and the answer says so.
2. The next pages are of that same list, also when the encoder has come back meanwhile; a new search has both again.
3. However many queries it holds up, the words go on answering.
4. An encoder that raises is left out in the same way, and only as long as it raises.
5. Where nothing is left to answer, the request ends with one clear error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

import pytest

from retrieval.engine import Engine
from retrieval.errors import DeadlineExceeded
from retrieval.protocols import Encoder
from retrieval.request import SearchRequest
from retrieval.types import FloatArray
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world
from tests.property.conftest import SEMANTIC_WEIGHT

QUERY, BUDGET_MS, PATIENCE_S = "保温杯 白色", 300.0, 60.0


class Moody:
    """The hashing encoder, asked for queries through `mood`, which may wait or raise."""

    def __init__(self, encoder: Encoder, mood: Callable[[], None]) -> None:
        self._encoder, self._mood = encoder, mood
        self.name, self.dim, self.fingerprint = encoder.name, encoder.dim, encoder.fingerprint

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self._mood()
        return self._encoder.encode_queries(texts)


@pytest.fixture
def let_go() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()  # whatever failed, no thread is left waiting


def moody_engine(mall: Path, mood: Callable[[], None]) -> Engine:
    settings = world.settings(mall, "search.threads=2", f"search.weights.hashing={SEMANTIC_WEIGHT}")
    encoder = Moody(world.encoder_of(settings), mood)
    return Engine(
        make_backend(settings), encoder, make_fuser_of(settings), engine_options(settings),
        make_understanding(settings), make_stages(settings),
    )  # fmt: skip


@pytest.fixture
def slow(mall: Path, let_go: Event) -> Iterator[Engine]:
    def wait() -> None:
        assert let_go.wait(PATIENCE_S)

    engine = moody_engine(mall, wait)
    yield engine
    let_go.set()
    engine.close()


def ids_of(engine: Engine, request: SearchRequest) -> list[str]:
    return [hit.id for hit in engine.search(request).hits]


def test_a_slow_encoder_is_left_out(slow: Engine, engine: Engine, let_go: Event) -> None:  # 1, 2
    words = ids_of(engine, SearchRequest(QUERY, size=1000, channels=("lexical",)))
    both = ids_of(engine, SearchRequest(QUERY, size=1000))
    assert words != both
    assert len(words) > 20
    first = slow.search(SearchRequest(QUERY, size=10, timeout_ms=BUDGET_MS))
    assert not let_go.is_set()
    assert first.degraded == ("semantic",)
    assert first.total.value == len(words)
    early = slow.search(SearchRequest("", cursor=first.next_cursor, size=5, timeout_ms=BUDGET_MS))
    let_go.set()
    late = slow.search(SearchRequest("", cursor=early.next_cursor, size=1000, timeout_ms=BUDGET_MS))
    assert early.degraded == late.degraded == ()  # what was left out is no longer asked for
    assert [hit.id for page in (first, early, late) for hit in page.hits] == words
    assert [hit.rank for page in (first, early, late) for hit in page.hits] == list(range(1, len(words) + 1))
    again = slow.search(SearchRequest(QUERY, size=1000, timeout_ms=PATIENCE_S * 1000))
    assert (again.degraded, [hit.id for hit in again.hits]) == ((), both)


def test_waiting_queries_do_not_hold_up_the_words(slow: Engine) -> None:  # 3
    for n in range(8):  # twice as many as there are threads
        answer = slow.search(SearchRequest(f"{QUERY} {n}", timeout_ms=BUDGET_MS))
        assert answer.degraded == ("semantic",)
        assert answer.hits


def test_an_encoder_that_raises(mall: Path, engine: Engine, caplog: pytest.LogCaptureFixture) -> None:  # 4
    broken = True

    def fail() -> None:
        if broken:
            raise RuntimeError("no memory left")

    moody = moody_engine(mall, fail)
    with caplog.at_level(logging.ERROR):
        answer = moody.search(SearchRequest(QUERY, size=1000))
    assert answer.degraded == ("semantic",)
    assert [h.id for h in answer.hits] == ids_of(engine, SearchRequest(QUERY, size=1000, channels=("lexical",)))
    assert "the semantic channel failed" in caplog.text
    assert "no memory left" in caplog.text
    broken = False
    answer = moody.search(SearchRequest(QUERY, size=1000))
    assert answer.degraded == ()
    assert [h.id for h in answer.hits] == ids_of(engine, SearchRequest(QUERY, size=1000))
    moody.close()


def test_nothing_answers_in_time(slow: Engine) -> None:  # 5
    with pytest.raises(DeadlineExceeded) as late:
        slow.search(SearchRequest(QUERY, channels=("semantic",), timeout_ms=BUDGET_MS))
    assert (late.value.field, bool(late.value.hint)) == ("timeout_ms", True)
