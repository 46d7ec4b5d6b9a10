"""Livestreams over HTTP:

1. A state is taken, shown in the answer, under its id and, on air, in the list, in the described shape.
2. The same state again is 200 and says that it changed nothing; a heartbeat keeps the product and its price.
3. `product_id: null` takes the product off the screen, and so does "".
4. What is late, or impossible, is 409 and says what is known and what is possible; nothing changes.
5. A body that makes no sense is 400 and names field and way out; it is never a 5xx, whatever is sent.
6. A time comes as seconds or ISO 8601; one that is too far ahead of the clock is 400.
7. A room that was silent for longer than the heartbeat is off air, says that it lapsed, and is in no list.
8. Where states are not taken, they are 403 with a way out, and nothing is kept; reading goes on.
9. An unknown room is 404; an id may hold slashes, and one that is too long or holds control characters is 400.
10. A store that cannot be read or written is 503 with the reason, never 500.
11. Without a store there are no such routes; the description names them, and its examples work.
12. A livestream that is withheld is nowhere to be read; its sender is answered all the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer
from api.app import create_app
from api.live_schema import OneRoomAnswer, RoomsAnswer, StateAnswer
from api.options import ApiOptions
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.videos.videos import Videos
from retrieval.wiring.options import video_options
from tests import spoken, world
from tests.unit.api.tiny_engine import TinyEngine, serving

HEARTBEAT = 3600.0
NOW = float(int(time.time()))
T = NOW - 100


def serve(place: Path, **options: Any) -> TestClient:
    store = SqliteLiveStore(place / "rooms.db", heartbeat=HEARTBEAT)
    given_options = ApiOptions(**{"accept_states": True, "request_timeout_ms": 60_000, **options})
    app = create_app(TinyEngine(), options=given_options, close_engine=True, live=store)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serve(tmp_path) as running:
        yield running


def put(client: TestClient, id: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/live/{id}/state", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    StateAnswer.model_validate(found)
    assert found.pop("request_id") == answer.headers["X-Request-ID"]
    return found


def failure(answer: Any) -> tuple[int, str, str | None]:
    error = ErrorAnswer.model_validate(answer.json()).error
    return answer.status_code, error.code, error.field


def on_air(client: TestClient) -> list[dict[str, Any]]:
    found: dict[str, Any] = client.get("/v1/live").json()
    RoomsAnswer.model_validate(found)
    return [room.model_dump(mode="json") for room in RoomsAnswer.model_validate(found).rooms]


def one(client: TestClient, id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/live/{id}").json()
    OneRoomAnswer.model_validate(found)
    del found["request_id"]
    return found


def test_a_state_is_taken(client: TestClient) -> None:  # 1
    assert on_air(client) == []
    shown = {"product_id": "p1", "since": T, "price": 89.9}
    room = {"id": "l1", "state": "on_air", "lapsed": False, "since": T, "ts": T, "product": shown}
    assert put(client, "l1", state="on_air", ts=T, product_id="p1", price=89.9) == room | {"changed": True}
    assert one(client, "l1") == room
    put(client, "l2", state="scheduled", ts=T)
    assert on_air(client) == [room]
    assert client.get("/v1/live").json()["accepts_states"] is True
    ended = put(client, "l1", state="off_air", ts=T + 1)
    assert ended == room | {"state": "off_air", "since": T + 1, "ts": T + 1, "product": None, "changed": True}
    assert on_air(client) == []
    assert put(client, "l1", state="replay", ts=T + 2)["state"] == "replay"


def test_the_same_again(client: TestClient) -> None:  # 2, 3
    first = put(client, "l1", state="on_air", ts=T, product_id="p1", price="89.90")
    assert put(client, "l1", state="on_air", ts=T, product_id="p1", price=89.9) == first | {"changed": False}
    beat = put(client, "l1", state="on_air", ts=T + 5)
    assert beat == first | {"ts": T + 5}
    assert put(client, "l1", state="on_air", ts=T, product_id="p1", price=89.9) == beat | {"changed": False}
    assert put(client, "l1", state="on_air", ts=T + 6, product_id=None)["product"] is None
    put(client, "l1", state="on_air", ts=T + 7, product_id=17)
    assert one(client, "l1")["product"] == {"product_id": "17", "since": T + 7, "price": None}
    assert put(client, "l1", state="on_air", ts=T + 8, product_id="")["product"] is None


def test_what_is_refused(client: TestClient) -> None:  # 4
    put(client, "l1", state="on_air", ts=T, product_id="p1")
    before = one(client, "l1")
    late = client.post("/v1/live/l1/state", json={"state": "off_air", "ts": T - 1})
    assert failure(late) == (409, "state_conflict", "ts")
    assert "older than what is known of l1" in late.json()["error"]["message"]
    assert "too late" in late.json()["error"]["hint"]
    impossible = client.post("/v1/live/l1/state", json={"state": "replay", "ts": T + 1})
    assert failure(impossible) == (409, "state_conflict", "state")
    assert impossible.json()["error"]["hint"] == "Possible: on_air, off_air."
    assert failure(client.post("/v1/live/l9/state", json={"state": "replay", "ts": T})) == (
        409,
        "state_conflict",
        "state",
    )
    assert one(client, "l1") == before


BAD: list[tuple[Any, str, str]] = [
    ({"state": "on_air"}, "ts", "openapi.json"),
    ({"ts": T}, "state", "openapi.json"),
    ({"state": "live", "ts": T}, "state", "openapi.json"),
    ({"state": "on_air", "ts": "yesterday"}, "ts", "openapi.json"),
    ({"state": "on_air", "ts": True}, "ts", "openapi.json"),
    ({"state": "on_air", "ts": -1}, "ts", "openapi.json"),
    ({"state": "on_air", "ts": T, "product": "p1"}, "product", "Did you mean product_id?"),
    ({"state": "on_air", "ts": T, "product_id": "p" * 257}, "product_id", "openapi.json"),
    ({"state": "on_air", "ts": T, "product_id": "p\n1"}, "product_id", "openapi.json"),
    ({"state": "on_air", "ts": T, "product_id": "p1", "price": -1}, "price", "openapi.json"),
    ({"state": "on_air", "ts": T, "price": 1}, "price", "Send the product_id"),
    ({"state": "off_air", "ts": T, "product_id": "p1"}, "product_id", "with on_air"),
    ({"state": "on_air", "ts": NOW + 1_000_000}, "ts", "At most 10 seconds"),
    ([], "body", "openapi.json"),
]


@pytest.mark.parametrize(("body", "field", "hint"), BAD)
def test_a_body_that_makes_no_sense(client: TestClient, body: Any, field: str, hint: str) -> None:  # 5
    answer = client.post("/v1/live/l1/state", json=body)
    assert failure(answer) == (400, "invalid_request", field)
    assert hint in answer.json()["error"]["hint"]
    assert failure(client.get("/v1/live/l1"))[0] == 404


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
bodies = st.dictionaries(st.sampled_from(["state", "ts", "product_id", "price", "x"]), anything, max_size=3).map(
    lambda changes: {"state": "on_air", "ts": T, "product_id": "p1", "price": 1.5} | changes
)
patient = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@patient
@given(body=bodies | anything)
def test_any_body(client: TestClient, body: Any) -> None:  # 5
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/live/l1/state", content=json.dumps(body), headers=headers)
    assert answer.status_code in (200, 400, 409), answer.text
    if answer.status_code != 200:
        assert ErrorAnswer.model_validate(answer.json()).error.field


def test_times(client: TestClient) -> None:  # 6
    text = datetime.fromtimestamp(T, UTC).isoformat()
    assert put(client, "l1", state="on_air", ts=text)["ts"] == T
    assert put(client, "l1", state="on_air", ts=T)["changed"] is False
    assert put(client, "l2", state="on_air", ts=T + 0.25)["ts"] == T + 0.25
    assert put(client, "l3", state="on_air", ts=time.time() + 5)["state"] == "on_air"
    assert failure(client.post("/v1/live/l4/state", json={"state": "on_air", "ts": time.time() + 15}))[0] == 400


def test_silence(client: TestClient) -> None:  # 7
    old = NOW - HEARTBEAT - 1
    shown = put(client, "l1", state="on_air", ts=old, product_id="p1")
    assert shown == {
        "id": "l1", "state": "off_air", "lapsed": True, "since": old + HEARTBEAT, "ts": old, "product": None,
        "changed": True,
    }  # fmt: skip
    assert on_air(client) == []
    assert put(client, "l1", state="replay", ts=NOW)["lapsed"] is False


def test_states_that_are_not_taken(tmp_path: Path) -> None:  # 8
    with serve(tmp_path, accept_states=False) as client:
        refused = client.post("/v1/live/l1/state", json={"state": "on_air", "ts": T})
        assert failure(refused) == (403, "forbidden", "id")
        assert "live.accept_states" in refused.json()["error"]["hint"]
        assert (on_air(client), client.get("/v1/live").json()["accepts_states"]) == ([], False)
        assert client.get("/v1/live/l1").status_code == 404
    assert not ApiOptions().accept_states


def test_ids(client: TestClient) -> None:  # 9
    put(client, "a/b%201", state="on_air", ts=T)
    assert one(client, "a/b%201")["id"] == "a/b 1"
    assert failure(client.get("/v1/live/l9")) == (404, "not_found", "id")
    for id in ("l" * 257, "l%091", "%20"):
        assert failure(client.post(f"/v1/live/{id}/state", json={"state": "on_air", "ts": T})) == (
            400, "invalid_request", "id",
        )  # fmt: skip
        assert client.get(f"/v1/live/{id}").status_code == 400


def test_a_store_that_is_broken(tmp_path: Path) -> None:  # 10
    (tmp_path / "rooms.db").write_bytes(b"no database " * 1000)
    with serve(tmp_path) as client:
        for answer in (
            client.post("/v1/live/l1/state", json={"state": "on_air", "ts": T}),
            client.get("/v1/live"),
            client.get("/v1/live/l1"),
        ):
            assert failure(answer)[:2] == (503, "storage")
            assert "take it away" in answer.json()["error"]["hint"]


def test_the_description(client: TestClient) -> None:  # 11
    described = client.get("/openapi.json").json()
    OpenAPI.model_validate(described)
    assert {"/v1/live", "/v1/live/{id}", "/v1/live/{id}/state"} <= set(described["paths"])
    responses = described["paths"]["/v1/live/{id}/state"]["post"]["responses"]
    assert {"200", "400", "403", "409", "503"} <= set(responses)
    for example in described["components"]["schemas"]["StateBody"]["examples"]:
        assert client.post("/v1/live/example/state", json=example).status_code == 200
    with serving(TinyEngine()) as without:
        assert without.get("/v1/live").status_code == 404
        assert "/v1/live" not in without.get("/openapi.json").json()["paths"]


def test_withheld(tmp_path: Path) -> None:  # 12
    spoken.build(tmp_path)
    engine = world.engine(tmp_path)
    store = SqliteLiveStore(tmp_path / "rooms.db", heartbeat=HEARTBEAT)
    videos = Videos(engine, video_options(world.settings(tmp_path)))
    app = create_app(
        engine, options=ApiOptions(accept_states=True, request_timeout_ms=60_000), close_engine=True, live=store,
        videos=videos,
    )  # fmt: skip
    with TestClient(app) as client:
        for room in ("l1", "v4", "new"):
            put(client, room, state="on_air", ts=T)
        assert [room["id"] for room in on_air(client)] == ["l1", "new"]
        assert failure(client.get("/v1/live/v4")) == (404, "not_found", "id")
