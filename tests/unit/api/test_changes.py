"""/v1/admin/products: changes as they come over HTTP.

1. A batch is an array or JSON lines, with or without a byte order mark; each result is told, bad ones beside good ones,
   in the shape that is described. The key and the name of whoever asks go along.
2. What is no batch at all, or too large, is refused before anything is taken.
3. One patch, one delete: 200, 404 for what is not there, 400 for what cannot be taken. An id may hold slashes.
4. Compaction is asked for as often as the settings say, and never where they say 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.changes_schema import ChangeAnswer, ChangesAnswer
from api.options import ApiOptions
from indexer.changes.writer import Outcome
from tests.unit.api.tiny_engine import TinyEngine

BATCH, ONE = "/v1/admin/products:batch", "/v1/admin/products/"


class Taker:
    """Takes what has a price, knows no p9, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[object], str, str]] = []

    def apply(self, given: Sequence[object], *, key: str = "", by: str = "", dry_run: bool = False) -> list[Outcome]:
        self.asked.append(([*given], key, by))
        return [self.outcome(place, each) for place, each in enumerate(given, 1)]

    def outcome(self, place: int, change: Any) -> Outcome:
        name, op = change.get("id", ""), change.get("op", "")
        if name == "p9":
            return Outcome(name, op, problem=("id", "not_found", "there is no such product"))
        if op == "patch" and not isinstance(change.get("price"), int | float):
            return Outcome(name, op, problem=("price", "wrong_type", "must be a number"))
        return Outcome(name, op, place)


@pytest.fixture
def taker() -> Taker:
    return Taker()


@pytest.fixture
def client(taker: Taker) -> Iterator[TestClient]:
    options = ApiOptions(max_changes=3, max_changes_bytes=2_000)
    with TestClient(create_app(TinyEngine(), options=options, writer=taker)) as client:
        yield client


GIVEN = [{"op": "patch", "id": "p1", "price": 2}, {"op": "patch", "id": "p9"}, {"op": "delete", "id": "p3"}]
LINES = b'{"op":"patch","id":"p1","price":2}\n\n{"op":"patch","id":"p9"}\r\n{"op":"delete","id":"p3"}'


@pytest.mark.parametrize("body", [str(GIVEN).replace("'", '"').encode(), LINES, b"\xef\xbb\xbf" + LINES])
def test_a_batch(client: TestClient, taker: Taker, body: bytes) -> None:  # 1
    answer = client.post(BATCH, content=body, headers={"Idempotency-Key": "k"})
    found = ChangesAnswer.model_validate(answer.json())
    assert (answer.status_code, found.applied, found.rejected, found.position) == (200, 2, 1, 3)
    assert [(each.id, each.status, each.position) for each in found.results] == [
        ("p1", "applied", 1), ("p9", "rejected", None), ("p3", "applied", 3),
    ]  # fmt: skip
    assert found.results[1].error
    assert found.results[1].error.reason == "not_found"
    assert taker.asked == [(GIVEN, "k", "")]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [(b"", 400, "body"), (b"5", 400, "body"), (b'"x"', 400, "body"), (b"[1", 400, "body"), (b'{"a":1}\n{', 400, "body"),
     ("[]".encode("utf-16"), 400, "body"), (b"[1,2,3,4]", 413, "body"), (b"[" + b" " * 2_000 + b"]", 413, "body")],
)  # fmt: skip
def test_no_batch(client: TestClient, taker: Taker, body: bytes, status: int, field: str) -> None:  # 2
    answer = client.post(BATCH, content=body)
    assert (answer.status_code, answer.json()["error"]["field"], taker.asked) == (status, field, [])


def test_a_long_key(client: TestClient, taker: Taker) -> None:  # 2
    answer = client.post(BATCH, content=LINES, headers={"Idempotency-Key": "k" * 101})
    assert (answer.status_code, answer.json()["error"]["field"], taker.asked) == (400, "idempotency-key", [])


def test_one(client: TestClient, taker: Taker) -> None:  # 3
    answer = client.patch(ONE + "a/b", json={"price": 2.5}, headers={"Idempotency-Key": "one"})
    found = ChangeAnswer.model_validate(answer.json())
    assert (found.id, found.op, found.status, found.position) == ("a/b", "patch", "applied", 1)
    assert taker.asked == [([{"price": 2.5, "op": "patch", "id": "a/b"}], "one", "")]
    assert client.delete(ONE + "p3").json()["op"] == "delete"
    cases: list[tuple[Callable[[], Any], int, str]] = [
        (lambda: client.patch(ONE + "p9", json={"price": 1}), 404, "id"),
        (lambda: client.delete(ONE + "p9"), 404, "id"),
        (lambda: client.patch(ONE + "p1", json={"price": "x"}), 400, "price"),
        (lambda: client.patch(ONE + "p1", json={"id": "p2"}), 400, "body"),
        (lambda: client.patch(ONE + "p1", content=b"no"), 400, "body"),
    ]
    for send, status, field in cases:
        refused = send()
        assert (refused.status_code, refused.json()["error"]["field"]) == (status, field)


@pytest.mark.parametrize(("minutes", "asked"), [(0.00001, True), (0.0, False)])
def test_compaction(minutes: float, asked: bool) -> None:  # 4
    times: list[int] = []
    options = ApiOptions(compact_minutes=minutes)
    with TestClient(create_app(TinyEngine(), options=options, compact=lambda: times.append(1))) as client:
        for _ in range(5):
            client.get("/healthz")
    assert bool(times) == asked
