"""A shopper's own order from end to end, by HTTP and on the command line:

1. Two shoppers of opposite taste get opposite orders: the service and `xunhuo search --user` the same one.
2. What was accepted counts in the next search; the profile says it in words, and an interest can be taken away.
3. `xunhuo interests` says what the service says, of one or of everybody.
4. Everything can be exported before the first rebuild, and the profile asks for a generation.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from starlette.testclient import TestClient

from api.server import SETTINGS, worker_app
from tests import world
from tests.e2e.command import HASHING, invoke

STYLES = ("法式", "复古")
SHOPPERS = {"red": range(0, 20, 2), "blue": range(1, 20, 2)}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mall")
    cups = ({"id": f"c{n:02d}", "title": f"{STYLES[n % 2]} 保温杯 {n}号"} for n in range(40))
    # What half of all titles say is nobody's interest.
    pans = ({"id": f"p{n:03d}", "title": f"不锈钢 炒锅 {n}号"} for n in range(400))
    world.publish(folder, [*cups, *pans])
    return folder


@pytest.fixture
def client(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with serving(data_dir, monkeypatch) as client:
        events = [click(user, item) for user, items in SHOPPERS.items() for item in items]
        client.post("/v1/events", json={"events": events}).raise_for_status()
        yield client


def serving(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv(SETTINGS, world.settings(data_dir).model_dump_json())
    return TestClient(worker_app(), base_url="http://127.0.0.1", client=("127.0.0.1", 50000))


def click(user: str, item: int) -> dict[str, Any]:
    at = time.time() - 3600 + item
    return {"id": f"{user}{item}", "ts": at, "type": "click", "user_id": user, "item_id": f"c{item:02d}"}


def search(client: TestClient, user: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/search", json={"query": "保温杯", "user_id": user, "size": 40}).json()
    return answer


def first(answer: dict[str, Any]) -> str:
    return "".join(hit["title"][0] for hit in answer["hits"][:5])


def test_opposite_tastes(client: TestClient, data_dir: Path) -> None:  # 1
    for user, colour in (("red", "法"), ("blue", "复")):
        answer = search(client, user)
        assert answer["personal"]["applied"]
        assert first(answer) == colour * 5
        command = invoke("search", "保温杯", "--user", user, "--size", "40", "--json", "--data-dir", data_dir, *HASHING)
        assert [hit["id"] for hit in command.json["hits"]] == [hit["id"] for hit in answer["hits"]]


def test_at_once(client: TestClient) -> None:  # 2
    assert search(client, "new")["personal"]["why_not"] == "cold"
    client.post("/v1/events", json={"events": [click("new", n) for n in range(1, 20, 2)]}).raise_for_status()
    assert first(search(client, "new")) == "复" * 5
    profile = client.get("/v1/users/new/profile").json()["profile"]
    assert any("复古" in sentence for sentence in profile["in_words"])
    blue = next(one for one in profile["interests"] if one["name"] == "复古")
    assert (blue["evidence"], len(blue["events"])) == (10, 5)
    client.delete(f"/v1/users/new/interests/{quote(blue['interest'])}").raise_for_status()
    left = client.get("/v1/users/new/profile").json()["profile"]["interests"]
    assert "复古" not in [one["name"] for one in left]
    assert any(orjson.loads(line)["record"] == "profile" for line in client.get("/v1/users/new/export").iter_lines())


def test_interests(client: TestClient, data_dir: Path) -> None:  # 3
    ask = ("interests", "--data-dir", data_dir, *HASHING)
    lines = [orjson.loads(line) for line in invoke(*ask, "--json").out.splitlines()]
    assert {"red", "blue"} <= {line["user_id"] for line in lines}
    told = client.get("/v1/users/red/profile").json()["profile"]["in_words"]
    assert next(line for line in lines if line["user_id"] == "red")["profile"]["in_words"] == told
    assert invoke(*ask, "red").out == f"red: {'；'.join(told)}\n"


def test_before_the_first_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    with serving(tmp_path, monkeypatch) as client:
        client.post("/v1/events", json={"events": [click("red", 1)]}).raise_for_status()
        lines = [orjson.loads(line)["record"] for line in client.get("/v1/users/red/export").iter_lines()]
        assert lines == ["choices", "event"]
        assert client.get("/v1/users/red/profile").json()["error"]["code"] == "not_ready"
