"""What a search meets at the gate of a service:

1. Under a long wait it is asked for cheaply; one that is remembered passes by those that wait, and liveness answers all
   the while. What is let in in full has its query encoded while it waits; nothing else has.
2. An address that was read before is not read again, and means the same.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import anyio
import pytest

from api.errors import Overloaded
from api.gate import Gate
from retrieval.deadline import Deadline
from tests.unit.api.test_observe import samples
from tests.unit.api.tiny_engine import TinyEngine, serving

SEARCH = "/v1/search?q=杯"


def test_what_is_remembered_passes_by(monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    running, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        if held:
            running.set()
            let_go.wait(10)

    class Seen(Gate):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            gates.append(self)

    held: list[bool] = []
    gates: list[Gate] = []
    monkeypatch.setattr("api.app.Gate", Seen)
    engine = TinyEngine(before=hold)
    monkeypatch.setattr("api.gate._FEW", 3)
    with serving(engine, max_concurrency=1, max_waiting=4, hurry_ms=0.001) as client:
        known = client.get(SEARCH).json()
        response = engine.search(engine.asked[0])
        monkeypatch.setattr(engine, "remembered", lambda request: response)
        held.append(True)
        waiting = [threading.Thread(target=client.get, args=(f"/v1/search?q={q}",)) for q in "甲乙丙丁"]
        for thread in waiting:
            thread.start()
            running.wait(10)
        until = time.monotonic() + 10
        while gates[0].waiting < 3 and time.monotonic() < until:
            time.sleep(0.001)
        try:
            again = client.get(SEARCH).json()
            assert client.get("/healthz").status_code == 200
        finally:
            let_go.set()
            for thread in waiting:
                thread.join()
        counted = samples(client.get("/metrics").text)
    differs = {"request_id", "took_ms"}
    assert {k: v for k, v in again.items() if k not in differs} == {k: v for k, v in known.items() if k not in differs}
    assert [request.hurried for request in engine.asked if request.query in "甲乙丙丁"] == [False] * 3 + [True]
    full = {request.query for request in engine.asked if not request.hurried}
    assert (len(engine.begun), {request.query for request in engine.begun}) == (4, full)
    assert (counted["xunhuo_search_pages_total", ("hit",)], counted["xunhuo_search_pages_total", ("miss",)]) == (1, 5)


def test_who_is_refused_begins_nothing() -> None:  # 1
    begun: list[str] = []
    gate = Gate(1, 0, lambda reason: None)

    async def ask(name: str) -> None:
        with suppress(Overloaded):
            await gate.run(lambda: time.sleep(0.05), Deadline(None), lambda: begun.append(name))

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for name in ("first", "refused"):
                group.start_soon(ask, name)

    anyio.run(all_of_them)
    assert begun == ["first"]


def test_an_address_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    engine = TinyEngine()
    url = "/v1/search?q=杯&price_max=100&brand=希禾&facets=all&user_id=u1"
    with serving(engine) as client:
        first = client.get(url)
        monkeypatch.setattr("api.routes.search.params_to_body", lambda params: 1 // 0)
        again = client.get(url)
        assert client.get(url + "&size=1").status_code == 500
    assert (first.status_code, again.status_code) == (200, 200)
    assert [replace(request, timeout_ms=None) for request in engine.asked] == [
        replace(engine.asked[0], timeout_ms=None)
    ] * 2
