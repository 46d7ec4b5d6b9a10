"""What is turned away before anything of it is read:

1. A search, by GET and by POST, where nobody is let in: 503 with Retry-After, as if it had been read, and nothing of it
   is; a page of another origin may read that. Everything else, and what is remembered, is let in.
2. Each is counted, with its reason; the log has a line a second that says how many.
3. An event loop that is late again and again lets no new search in, one that is later nothing that is remembered
   either; one late look is nothing. Where no more than a few want in, they are let in, however late it is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace

import anyio
import pytest
from starlette.testclient import TestClient

from api.headers import SECURITY
from api.lag import Lag
from tests.unit.api.test_observe import samples
from tests.unit.api.tiny_engine import TinyEngine, serving

SEARCH = "/v1/search?q=杯"
ORIGIN = "https://shop.example"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, TinyEngine]]:
    """A service that has answered one search, and lets nobody in any more."""
    engine = TinyEngine()
    with serving(engine, cors_origins=(ORIGIN,)) as client:
        known = client.get(SEARCH)
        response = engine.search(engine.asked[0])
        monkeypatch.setattr(engine, "remembered", lambda request: response)
        monkeypatch.setattr("api.gate.Gate.closed", property(lambda gate: "full" if gate._running > 1 else None))
        assert known.status_code == 200
        yield client, engine


def test_it_is_not_read(closed: tuple[TestClient, TinyEngine], monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    client, engine = closed
    monkeypatch.setattr("api.guard.check_url", lambda path, query: 1 // 0)
    before = len(engine.asked)
    headers = {"X-Request-ID": "mine", "Origin": ORIGIN}
    answers = [
        client.get("/v1/search?q=%ff", headers=headers), client.post("/v1/search", content=b"{", headers=headers)
    ]  # fmt: skip
    assert len(engine.asked) == before
    for answer in answers:
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["request_id"]) == (503, "overloaded", "mine")
        told = ("Retry-After", "Cache-Control", "X-Request-ID", "Access-Control-Allow-Origin")
        assert [answer.headers[name] for name in told] == ["1", "no-store", "mine", ORIGIN]
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY


def test_the_rest_is_let_in(closed: tuple[TestClient, TinyEngine]) -> None:  # 1
    client, _ = closed
    assert [client.get(path).status_code for path in (SEARCH, "/healthz", "/v1/other")] == [200, 200, 404]
    assert client.get("/v1/search?q=鞋").status_code == 503
    assert client.delete("/v1/search").status_code == 405


def test_it_is_counted(closed: tuple[TestClient, TinyEngine], caplog: pytest.LogCaptureFixture) -> None:  # 2
    client, _ = closed
    with caplog.at_level(logging.INFO, "xunhuo.access"):
        for _ in range(5):
            client.get("/v1/search?q=鞋")
    counted = samples(client.get("/metrics").text)
    assert counted["xunhuo_search_refused_total", ("full",)] == 5
    assert counted["xunhuo_http_requests_total", ("/v1/search", "503")] == 5
    assert counted["xunhuo_http_request_seconds_count", ("/v1/search",)] == 6
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "xunhuo.access"]
    assert [(line["route"], line["status"], line["turned_away"]) for line in lines[:1]] == [("/v1/search", 503, 1)]


def test_a_late_loop(monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    late, crowded = [0.0], [True]
    engine = TinyEngine()
    with serving(engine) as client:
        client.get(SEARCH)
        response = engine.search(engine.asked[0])
        monkeypatch.setattr(engine, "remembered", lambda request: response)
        monkeypatch.setattr("api.lag.Lag.seconds", property(lambda lag: late[0]))
        monkeypatch.setattr("api.gate.Gate.crowded", property(lambda gate: crowded[0]))
        found: list[tuple[int, int]] = []
        for late[0] in (0.02, 0.04, 0.07):
            new = client.get(f"/v1/search?q={late[0]}")
            found.append((new.status_code, client.get(SEARCH).status_code))
        crowded[0] = False
        few = client.get("/v1/search?q=few"), client.get(SEARCH)
        counted = samples(client.get("/metrics").text)
    assert [answer.status_code for answer in few] == [200, 200]
    assert found == [(200, 200), (503, 200), (503, 503)]
    assert counted["xunhuo_search_refused_total", ("lag",)] == 3


@pytest.mark.parametrize(
    ("late", "known"),
    [([0.1], 0.0), ([0.0, 0.1, 0.1], 0.0), ([0.0, 0.1, 0.3, 0.2], 0.1), ([0.3, 0.3, 0.3, 0.0], 0.0)],
)
def test_late_again_and_again(late: list[float], known: float, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    now, looks = [0.0], iter(late)

    async def sleep(seconds: float) -> None:
        if (more := next(looks, None)) is None:
            raise InterruptedError  # nobody looks any more
        now[0] += seconds + more

    monkeypatch.setattr("api.lag.time", SimpleNamespace(perf_counter=lambda: now[0]))
    monkeypatch.setattr("api.lag.anyio", SimpleNamespace(sleep=sleep))
    lag = Lag()
    with pytest.raises(InterruptedError):
        anyio.run(lag.watch)
    assert lag.seconds == pytest.approx(known)
