"""POST /v1/events.

1. The answer says what became of each event: accepted, duplicates, rejected with index, field and reason, clamped.
2. Bad events of every kind sink neither their batch nor the service: the others are kept.
3. Too many events and too long a body are 413, a body of another shape 400, another kind 415; nothing of them is kept.
4. Events of a shopper without consent are rejected, and those of a time that became counters.
5. A store that cannot write is 503 with the reason and what to do, never 500, and the events can be sent again.
6. What happened is counted in /metrics.
7. Any JSON as events, and any bytes as a body: never a 5xx, and every event is accounted for.
8. Without a store there is no such route; the description names the routes, and its example works.
9. What was accepted is there, by the same store and by another, when the answer comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.interest_schema import EventsAnswer
from api.options import ApiOptions
from indexer.sources.rejects import REASONS
from retrieval.errors import StorageError
from retrieval.interest.event import ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Added, Choices
from tests.unit.api.tiny_engine import TinyEngine, serving

CLICK = {"ts": 1_714_521_600, "type": "click", "user_id": "u1", "item_id": "p1"}
OPTIONS = ApiOptions(max_batch=10, max_batch_bytes=20_000, max_body_bytes=2_000, request_timeout_ms=60_000)
JSON = {"content-type": "application/json"}


@pytest.fixture
def store(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


@pytest.fixture
def client(store: SqliteEventStore) -> Iterator[TestClient]:
    app = create_app(TinyEngine(), options=OPTIONS, close_engine=True, events=store)
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


def post(client: TestClient, *events: object) -> dict[str, Any]:
    answer = client.post("/v1/events", json={"events": events})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    EventsAnswer.model_validate(found)
    assert found.pop("request_id") == answer.headers["X-Request-ID"]
    return found


def test_what_became_of_each(client: TestClient, store: SqliteEventStore, tmp_path: Path) -> None:  # 1, 9
    found = post(
        client, CLICK | {"id": "a"}, CLICK | {"id": "a"}, CLICK | {"type": "bought"}, CLICK | {"id": "b", "ts": 9e9},
        CLICK, CLICK, [], CLICK | {"user_id": None},
    )  # fmt: skip
    assert found == {
        "accepted": 3, "duplicates": 2, "clamped": [3],
        "rejected": [
            {"index": 2, "field": "type", "reason": "invalid_choice"},
            {"index": 6, "field": None, "reason": "not_an_object"},
            {"index": 7, "field": "user_id", "reason": "missing_field"},
        ],
    }  # fmt: skip
    other = SqliteEventStore(tmp_path / "events.db")
    assert len(store.of_user("u1")) == len(other.of_user("u1")) == 3
    other.close()
    assert post(client) == {"accepted": 0, "duplicates": 0, "rejected": [], "clamped": []}


BAD = [
    "null", "1", '"click"', "[]", "{}", '{"ts": NaN}', '{"query": "\\ud800"}', '{"query": "\\u0000"}', '{"ts": 1e999}',
    '{"id": 99999999999999999999999}', '{"a": ' * 200 + "1" + "}" * 200, '{"ts": "soon"}', '{"type": {}}',
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_event(client: TestClient, bad: str) -> None:  # 2
    body = f'{{"events": [{bad}, {json.dumps(CLICK)}]}}'
    answer = client.post("/v1/events", content=body.encode(), headers=JSON)
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == 1
    assert [each["index"] for each in answer.json()["rejected"]] == [0]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (json.dumps({"events": [CLICK] * 11}), 413, "events"), (json.dumps({"events": [CLICK], "x": 1}), 400, "body"),
        (" " * 20_001, 413, "body"), ("[]", 400, "events"), ("{}", 400, "events"), ('{"events": {}}', 400, "events"),
        ("", 400, "body"), ("{", 400, "body"), ("[" * 5_000, 400, "body"), ("9" * 5_000, 400, "body"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_taken(
    client: TestClient, store: SqliteEventStore, body: str, status: int, field: str
) -> None:  # 3
    answer = client.post("/v1/events", content=body.encode(), headers=JSON)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert answer.json()["error"]["hint"]
    assert [*store.scan()] == []


def test_bounds_of_other_routes_stay(client: TestClient) -> None:  # 3
    events = [CLICK | {"id": str(n), "query": "裙" * 90} for n in range(10)]
    assert post(client, *events)["accepted"] == 10
    assert client.post("/v1/search", json={"query": "裙" * 2_000}).status_code == 413
    assert client.post("/v1/events", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    assert client.get("/v1/events").status_code == 405


def test_refusals_of_the_store(client: TestClient, store: SqliteEventStore) -> None:  # 4
    store.choose("u2", Choices(consent=False))
    post(client, CLICK)
    store.prune(1_714_521_601)
    found = post(client, CLICK | {"user_id": "u2"}, CLICK, CLICK | {"ts": 1_714_521_602})
    assert (found["accepted"], found["duplicates"]) == (1, 0)
    assert found["rejected"] == [
        {"index": 0, "field": "user_id", "reason": "no_consent"}, {"index": 1, "field": "ts", "reason": "too_late"},
    ]  # fmt: skip


def test_a_store_that_cannot_write(tmp_path: Path) -> None:  # 5
    class Full(SqliteEventStore):
        full = True

        def add(self, events: Sequence[ShopperEvent]) -> Added:
            if self.full:
                raise StorageError("the disk is full", hint="free some space")
            return super().add(events)

    full = Full(tmp_path / "events.db")
    with TestClient(create_app(TinyEngine(), options=OPTIONS, events=full)) as client:
        answer = client.post("/v1/events", json={"events": [CLICK]})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "storage")
        assert answer.json()["error"]["hint"] == "free some space"
        full.full = False
        assert post(client, CLICK)["accepted"] == 1
    full.close()


def test_it_is_counted(client: TestClient) -> None:  # 6
    post(client, CLICK, CLICK, CLICK, {})
    text = client.get("/metrics").text
    for result, count in (("accepted", 1), ("duplicate", 2), ("rejected", 1)):
        assert f'xunhuo_events_total{{result="{result}"}} {count}.0' in text


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
names = st.sampled_from([*ShopperEvent.__slots__, "x"])
changed = st.dictionaries(names, anything, max_size=3).map(lambda changes: CLICK | changes)
patient = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def accounted(answer: Response, count: int) -> None:
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["accepted"] + found["duplicates"] + len(found["rejected"]) == count
    assert {each["reason"] for each in found["rejected"]} <= set(REASONS)


@patient
@given(events=st.lists(changed | anything, max_size=10))
def test_any_events(client: TestClient, events: list[Any]) -> None:  # 7
    body = json.dumps({"events": events}).encode("utf-8", "surrogatepass")
    accounted(client.post("/v1/events", content=body, headers=JSON), len(events))


@patient
@given(body=st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
def test_any_body(client: TestClient, body: bytes) -> None:  # 7
    assert client.post("/v1/events", content=body, headers=JSON).status_code in (200, 400, 413)


def test_the_description(client: TestClient) -> None:  # 8
    described = client.get("/openapi.json").json()
    OpenAPI.model_validate(described)
    paths = {path for path in described["paths"] if "users" in path or "events" in path}
    assert paths == {
        "/v1/events", "/v1/users/{id}", "/v1/users/{id}/export", "/v1/users/{id}/consent",
        "/v1/users/{id}/interests/{interest}", "/v1/users/{id}/interests/{interest}/pin",
    }  # fmt: skip
    body = described["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/v1/events", json=body).json()["accepted"] == 1
    with serving(TinyEngine()) as bare:
        assert bare.post("/v1/events", json=body).status_code == 404
