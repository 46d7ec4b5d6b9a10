"""Every path with every method:

1. What the description names is answered with a status that it names; everything else with 405, in the shape of
   errors, and `Allow` names what there is.
2. HEAD is GET without its body, wherever there is GET.
3. The metrics come as the kind of text that the description says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer
from api.app import create_app
from api.options import ApiOptions
from indexer.dictionary.preview import Preview
from retrieval.dictionaries.files import FILES
from retrieval.dictionaries.versions import Version
from retrieval.live.sqlite_store import SqliteLiveStore
from tests.unit.api.tiny_engine import TinyEngine

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class Shelf:
    """One version of everything."""

    def current(self, name: str) -> int:
        return 0

    def versions(self, name: str) -> list[Version]:
        return [Version(0, None, 1)]

    def text(self, name: str, version: int | None = None) -> str:
        return ""

    def put(self, name: str, text: str, **_: Any) -> int:
        return 1


class TinyDesk:
    store: Any = Shelf()

    def overview(self) -> list[Any]:
        return []

    def preview(self, name: str, text: str) -> Preview:
        return Preview((), 0, 0, 0, (), {}, 0, 0, {})


@pytest.fixture(scope="module", params=[True, False], ids=["editable", "read only"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    options = ApiOptions(edit_dictionaries=request.param, accept_states=request.param)
    live = SqliteLiveStore(tmp_path_factory.mktemp("live") / "rooms.db", heartbeat=90.0)
    app = create_app(TinyEngine(), options=options, desk=TinyDesk(), live=live)
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


def places(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every described path, filled in, with its operations; and those that are not described."""
    for path, operations in described["paths"].items():
        if "{name}" in path:
            for name in FILES:
                yield path.replace("{name}", name), operations
        else:
            yield path.replace("{id}", "p1"), operations
    for path in ("/", "/openapi.json"):
        yield path, {"get": {"responses": {"200": {}}}}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("body", [b"", b"{}", b"\xff"])
def test_every_path_with_every_method(client: TestClient, method: str, body: bytes) -> None:  # 1
    for path, operations in places(client.get("/openapi.json").json()):
        answer = client.request(method, path, content=body, headers={"content-type": "application/json"})
        operation = operations.get("get" if method == "HEAD" else method.lower())
        if operation is None:
            assert (path, answer.status_code) == (path, 405)
            assert {each.lower() for each in answer.headers["Allow"].split(", ")} - {"head"} == set(operations)
            if method != "HEAD":
                assert ErrorAnswer.model_validate(answer.json()).error.code == "method_not_allowed"
        else:
            assert str(answer.status_code) in operation["responses"], (path, answer.text)


def test_head_is_get_without_its_body(client: TestClient) -> None:  # 2
    for path in ("/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/search?q=杯", "/v1/products/p1"):
        got, head = client.get(path), client.head(path)
        assert (path, head.status_code, head.content) == (path, 200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
    missing = client.head("/v1/products/p9")
    assert (missing.status_code, missing.content) == (404, b"")


def test_metrics_are_text(client: TestClient) -> None:  # 3
    described = client.get("/openapi.json").json()["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
    assert list(described) == ["text/plain"]
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=")
