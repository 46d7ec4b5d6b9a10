"""Who may search when many want to:

1. So many run at once and so many wait; the next is refused at once, with 503 and Retry-After.
2. Who would be answered only after their budget is refused at once; who is still waiting when it ends, then.
3. What work takes is learned from what it took; an idle gate lets everybody in, however long it took before.
4. Each refusal is counted with its reason; a place is free again whether work succeeds or fails.
5. Who is expected to wait longer than the patience is refused at once; the wait is what work takes, times those ahead,
   over the threads. From another wait on work is to be done cheaply. Eight for each thread are let in all the same, and
   in full: a page asks several things at once, and a small shop has a few clients.
6. While somebody is turned away, and half a second longer, one waits for each thread, however short its wait.
7. It is crowded with eight inside for each thread, or with one that waits while another was turned away just now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import anyio
import pytest

from api.errors import Overloaded
from api.gate import Gate
from retrieval.deadline import Deadline
from tests.unit.api.test_observe import samples
from tests.unit.api.tiny_engine import TinyEngine, serving

SEARCH = "/v1/search?q=杯"


def run(gate: Gate, work: Callable[[], object], *budgets_ms: float | None) -> list[object]:
    """What each of several gets, an answer or the class of its refusal: they come in this order, before any works."""
    got: list[object] = [None] * len(budgets_ms)

    async def one(i: int, budget: float | None) -> None:
        try:
            got[i] = await gate.run(work, Deadline.after_ms(budget))
        except (Overloaded, ZeroDivisionError) as error:
            got[i] = type(error)

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for i, budget in enumerate(budgets_ms):
                group.start_soon(one, i, budget)

    anyio.run(all_of_them)
    return got


@pytest.mark.parametrize(("running", "waiting"), [(1, 0), (1, 2), (3, 2)])
def test_so_many_and_not_one_more(running: int, waiting: int) -> None:  # 1, 4
    said: list[str] = []
    inside: list[int] = []
    most: list[int] = []
    together = threading.Event()

    def work() -> str:
        inside.append(1)
        most.append(len(inside))
        if len(inside) == running:
            together.set()
        together.wait(10)
        time.sleep(0.02)  # for one too many to be seen
        inside.pop()
        return "done"

    admitted = running + waiting
    gate = Gate(running, waiting, said.append)
    assert run(gate, work, *[None] * (admitted + 1)) == ["done"] * admitted + [Overloaded]
    assert said == ["full"]
    assert max(most) == running
    assert run(gate, work, None) == ["done"]


def test_it_is_told_at_once_when_to_come_back() -> None:  # 1, 4
    running, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        let_go.wait(10)

    with serving(TinyEngine(before=hold), max_concurrency=1, max_waiting=0) as client:
        first = threading.Thread(target=client.get, args=(SEARCH,))
        first.start()
        running.wait(10)
        try:
            answer = client.get(SEARCH)
            counted = samples(client.get("/metrics").text)
            assert client.get("/healthz").status_code == 200
        finally:
            let_go.set()
            first.join()
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], answer.headers["Retry-After"]) == (503, "overloaded", "1")
    assert counted["xunhuo_search_refused_total", ("full",)] == 1


def test_a_budget_that_cannot_be_kept_is_told_at_once() -> None:  # 2, 3
    said: list[str] = []
    gate = Gate(1, 10, said.append)
    gate.seconds = 60.0
    # The second would be done after 120 s, the fourth after 180.
    assert run(gate, lambda: "done", 300_000, 90_000, None, 300_000) == ["done", Overloaded, "done", "done"]
    assert said == ["budget"]
    assert gate.seconds > 30
    assert run(gate, lambda: "done", 30_000) == ["done"]


def test_a_budget_that_ends_while_waiting() -> None:  # 2
    said: list[str] = []
    begun: list[int] = []
    refused = threading.Event()

    def refuse(reason: str) -> None:
        said.append(reason)
        refused.set()

    def work() -> bool:
        begun.append(1)
        return refused.wait(10)

    assert run(Gate(1, 10, refuse), work, None, 30) == [True, Overloaded]
    assert said == ["late"]
    assert len(begun) == 1


@pytest.mark.parametrize(("running", "admitted"), [(1, 12), (2, 24)])
def test_nobody_waits_longer_than_the_patience(running: int, admitted: int) -> None:  # 5
    said: list[str] = []
    gate = Gate(running, 100, said.append, patience=1.15, hurry=0.95)
    gate.seconds = 0.1
    hurried: list[bool] = []

    async def one() -> None:
        hurried.append(gate.hurried)
        with suppress(Overloaded):
            await gate.run(lambda: time.sleep(0.02), Deadline(None))

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(admitted + 3):
                group.start_soon(one)

    anyio.run(all_of_them)
    # The n-th waits for n - running + 1 pieces of 0.1 s in so many threads.
    assert said == ["wait"] * 3
    assert hurried.index(True) == 10 * running
    assert (gate.waiting, gate.wait, gate.hurried) == (0, 0, False)


def test_a_few_are_let_in_on_a_slow_machine() -> None:  # 5
    said: list[str] = []
    refused = threading.Event()

    def refuse(reason: str) -> None:
        said.append(reason)
        refused.set()

    gate = Gate(1, 100, refuse, patience=0.001, hurry=0.001)
    gate.seconds = 30.0
    assert run(gate, lambda: refused.wait(10), *[None] * 9) == [True] * 8 + [Overloaded]
    assert said == ["wait"]


@pytest.mark.parametrize("running", [1, 2])
def test_the_queue_is_short_while_others_are_turned_away(running: int, monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    now = [100.0]
    monkeypatch.setattr("api.gate.monotonic", lambda: now[0])
    said: list[str] = []
    gate = Gate(running, 100, said.append)

    def at_once() -> list[object]:
        """What becomes of four for each thread that come at once."""
        return run(gate, lambda: True, *[None] * 4 * running)

    everybody = [True] * 4 * running
    assert at_once() == everybody
    gate.refuse("full")
    now[0] += 0.4
    short = [True] * 2 * running + [Overloaded] * 2 * running
    assert at_once() == short
    now[0] += 0.4  # of the last of these
    assert at_once() == short
    now[0] += 0.6
    assert at_once() == everybody
    assert said == ["full", *["wait"] * 4 * running]


def test_a_few_are_no_crowd() -> None:  # 7
    gate = Gate(1, 100, lambda reason: None)

    def crowded(count: int) -> list[bool]:
        """Whether it is, as each of `count` that come at once is at work; the first waits for the rest to be there."""
        seen: list[bool] = []

        def work() -> None:
            until = time.monotonic() + 10
            while not seen and gate.waiting < count - 1 and time.monotonic() < until:
                time.sleep(0.001)
            seen.append(gate.crowded)

        run(gate, work, *[None] * count)
        return seen

    assert crowded(8) == [True] + [False] * 7
    gate.refuse("full")
    gate._pressed_until += 60.0
    assert crowded(2) == [True, False]
    assert not gate.crowded


def test_what_is_expected_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    now = [0.0]
    monkeypatch.setattr("api.gate.perf_counter", lambda: now[0])
    gate = Gate(1, 0, lambda reason: None)
    for seconds in (5.0, 0.0, 0.0):
        run(gate, lambda seconds=seconds: now.append(now.pop() + seconds), None)  # type: ignore[misc]
    assert gate.seconds == pytest.approx(5 * 0.9 * 0.9)


def test_failing_work_leaves_its_place() -> None:  # 4
    gate = Gate(1, 0, lambda reason: None)
    for _ in range(3):
        assert run(gate, lambda: 1 // 0, None) == [ZeroDivisionError]
    assert run(gate, lambda: 1, None) == [1]
