"""Searches from several threads while something happens to the cluster, and what became of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from retrieval.engine import Engine
from retrieval.errors import XunhuoError
from retrieval.request import SearchRequest

QUERIES = ("保温杯", "连衣裙", "纯棉", "白色", "蓝牙耳机")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ids` of the page; `error` in place of it; `degraded` channels; `seconds` it took."""

    query: str
    ids: tuple[str, ...]
    degraded: tuple[str, ...]
    error: str | None
    seconds: float


@dataclass(slots=True)
class Load:
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def answers(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.error is None and not outcome.degraded]

    def wrong(self, expected: dict[str, tuple[str, ...]]) -> list[Outcome]:
        """Whole answers that are not what they were before."""
        return [outcome for outcome in self.answers if outcome.ids != expected[outcome.query]]

    @property
    def slowest(self) -> float:
        return max(outcome.seconds for outcome in self.outcomes)


def ask(engine: Engine, query: str, timeout_ms: float) -> Outcome:
    started = time.monotonic()
    try:
        response = engine.search(SearchRequest(query, size=10, timeout_ms=timeout_ms))
    except XunhuoError as why:
        return Outcome(query, (), (), why.message, time.monotonic() - started)
    ids = tuple(hit.id for hit in response.hits)
    return Outcome(query, ids, response.degraded, None, time.monotonic() - started)


@contextmanager
def searching(engine: Engine, timeout_ms: float, threads: int = 4) -> Iterator[Load]:
    """Searches as long as the block runs; any other exception than an expected one ends the test."""
    load, done, broken = Load(), threading.Event(), list[BaseException]()

    def work(turn: int) -> None:
        try:
            while not done.is_set():
                load.outcomes.append(ask(engine, QUERIES[turn % len(QUERIES)], timeout_ms))
                turn += 1
        except BaseException as why:
            broken.append(why)

    workers = [threading.Thread(target=work, args=(turn,)) for turn in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield load
    finally:
        done.set()
        for worker in workers:
            worker.join()
    assert not broken, broken


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for it."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.1)
