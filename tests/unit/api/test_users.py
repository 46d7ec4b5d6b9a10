"""/v1/users/{id}: what a shopper may ask for.

1. An export holds everything: choices and every event, as lines that can be loaded again.
2. Consent is kept; without it no event is kept and nothing is read, and what is held can still be exported and deleted.
3. An interest is taken away since now, or pinned; the later word counts.
4. Deletion takes all away, also what the shopper's sessions did before; asked again there is nothing.
5. Ids and values may hold slashes, colons and any script; what is no id or no interest is 400 and says why.
6. The profile is shown where there is one to show, and stands in the export.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.interest import ProfileOf
from api.interest_schema import ChoicesAnswer, DeletedAnswer, ProfileAnswer
from api.options import ApiOptions
from indexer.events.reading import read_event
from retrieval.interest.rights import MAX_CHOICES
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices
from tests.unit.api.tiny_engine import TinyEngine

WHO = "用户/1:甲"
USER = f"/v1/users/{quote(WHO, safe='')}"
EVENTS = [
    {"id": "e1", "ts": 1_714_521_600.5, "type": "click", "user_id": WHO, "session_id": "s1", "item_id": "p1"},
    {"id": "e0", "ts": 1_714_521_600, "type": "search", "session_id": "s1", "query": "红色 裙"},
    {"id": "e2", "ts": 1_714_521_700, "type": "order", "user_id": "u2", "item_id": "p2", "quantity": 3, "position": 0},
]


def running(store: SqliteEventStore, profile: ProfileOf | None = None) -> TestClient:
    options = ApiOptions(request_timeout_ms=60_000)
    app = create_app(TinyEngine(), options=options, close_engine=True, events=store, profile=profile)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def store(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


@pytest.fixture
def client(store: SqliteEventStore) -> Iterator[TestClient]:
    with running(store) as client:
        client.post("/v1/events", json={"events": EVENTS}).raise_for_status()
        yield client


def test_export(client: TestClient, store: SqliteEventStore) -> None:  # 1
    answer = client.get(f"{USER}/export")
    choices, *lines = [orjson.loads(line) for line in answer.content.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert choices == {"record": "choices", "user_id": WHO, "consent": True, "removed": {}, "pinned": []}
    assert [line["id"] for line in lines] == ["e0", "e1"]
    assert [read_event(line, 2e9) for line in lines] == [read_event(EVENTS[n], 2e9) for n in (1, 0)]
    nobody = client.get("/v1/users/nobody/export").content.splitlines()
    assert [orjson.loads(line)["record"] for line in nobody] == ["choices"]


def test_consent(client: TestClient, store: SqliteEventStore) -> None:  # 2
    answer = client.put(f"{USER}/consent", json={"consent": False})
    assert ChoicesAnswer.model_validate(answer.json()).consent is False
    sent = client.post("/v1/events", json={"events": [EVENTS[0] | {"id": "e9"}]}).json()
    assert sent["rejected"] == [{"index": 0, "field": "user_id", "reason": "no_consent"}]
    assert store.of_user(WHO) == []
    assert b'"e1"' in client.get(f"{USER}/export").content
    assert client.put(f"{USER}/consent", json={"consent": True}).json()["consent"] is True
    assert [event.id for event in store.of_user(WHO)] == ["e1"]
    for wrong in ({}, {"consent": 1}, {"consent": "no"}, {"consent": True, "x": 1}, [True]):
        assert client.put(f"{USER}/consent", json=wrong).json()["error"]["field"] == "consent"
    assert client.put(f"{USER}/consent", content=b"{").status_code == 415


def test_interests(client: TestClient, store: SqliteEventStore) -> None:  # 3
    name = "category:女装/连衣裙:法式"
    interest = f"{USER}/interests/{quote(name)}"
    assert client.put(f"{interest}/pin").json()["pinned"] == [name]
    answer = client.delete(interest).json()
    assert (list(answer["removed"]), answer["pinned"]) == ([name], [])
    assert store.choices(WHO) == Choices(removed=answer["removed"])
    assert answer["removed"][name] > 1.7e9
    client.put(f"{USER}/consent", json={"consent": True})
    again = client.put(f"{interest}/pin").json()
    assert (again["removed"], again["pinned"]) == ({}, [name])
    assert store.choices(WHO) == Choices(pinned=frozenset({name}))


def test_deletion(client: TestClient, store: SqliteEventStore, tmp_path: Path) -> None:  # 4
    client.put(f"{USER}/consent", json={"consent": False})
    assert DeletedAnswer.model_validate(client.delete(USER).json()).deleted == 2
    assert client.delete(USER).json()["deleted"] == 0
    assert [event.id for event in store.scan()] == ["e2"]
    for path in tmp_path.iterdir():
        assert WHO.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/users/%20"), ("DELETE", "/v1/users/" + "u" * 257), ("GET", "/v1/users/a%01b/export"),
     ("DELETE", "/v1/users/u1/interests/colour:红"), ("PUT", "/v1/users/u1/interests/brand:/pin"),
     ("DELETE", "/v1/users/u1/interests/brand"), ("DELETE", "/v1/users/u1/interests/brand:" + "x" * 300)],
)  # fmt: skip
def test_what_is_none(client: TestClient, method: str, path: str) -> None:  # 5
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")
    assert answer.json()["error"]["field"] in ("id", "interest")
    assert answer.json()["error"]["hint"]


def test_not_without_end(client: TestClient, store: SqliteEventStore) -> None:  # 5
    store.choose("u2", Choices(pinned=frozenset(f"word:{n}" for n in range(MAX_CHOICES))))
    assert client.put("/v1/users/u2/interests/word:x/pin").status_code == 400
    assert client.delete("/v1/users/u2/interests/word:1").status_code == 200


def test_profile(client: TestClient, store: SqliteEventStore) -> None:  # 6
    assert client.get(f"{USER}/profile").status_code in (404, 405)
    with running(store, lambda user: {"of": user}) as shown:
        answer = shown.get(f"{USER}/profile").json()
        assert ProfileAnswer.model_validate(answer).profile == {"of": WHO}
        assert answer["choices"] == {"consent": True, "removed": {}, "pinned": []}
        lines = shown.get(f"{USER}/export").content.splitlines()
        assert orjson.loads(lines[1]) == {"record": "profile", "of": WHO}
        assert len(lines) == 4
