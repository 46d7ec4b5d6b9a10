"""What a request must be before anything looks into it.

1. A body of exactly the bound passes, one byte more is refused, with a Content-Length or in chunks without one.
2. A false Content-Length changes nothing.
3. A body that is not declared to be JSON is refused, whatever it holds.
4. A path or parameter that is not UTF-8 is refused and named.
5. A body packed with gzip is the body unpacked, however it is cut; its bound holds for what is unpacked, too. What is
   no whole gzip is refused, and every other packing by its name.
6. Nothing looks into the request of a caller who went away in the middle of its body.
"""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator

import anyio
import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from api.errors import BodyTooLarge
from api.guard import RequestGuard, _unpacked, check_url
from retrieval.errors import InvalidRequest
from tests.unit.api.tiny_engine import TinyEngine, serving

BOUND = 1_000
JSON = {"content-type": "application/json"}


def packed_as(body: bytes) -> bytes:
    """gzip without a time in it, so that the names of the tests are the same in every worker."""
    return gzip.compress(body, mtime=0)


def body_of(length: int) -> bytes:
    empty = b'{"query": ""}'
    return empty[:-2] + b"a" * (length - len(empty)) + empty[-2:]


@pytest.mark.parametrize("chunk", [BOUND * 2, 7])
@pytest.mark.parametrize(("length", "status"), [(BOUND, 200), (BOUND + 1, 413), (BOUND * 50, 413)])
def test_the_bound_holds_however_the_body_is_sent(length: int, status: int, chunk: int) -> None:
    body = body_of(length)
    chunks = (body[i : i + chunk] for i in range(0, length, chunk))
    with serving(TinyEngine(), max_body_bytes=BOUND) as client:
        at_once = client.post("/v1/search", content=body, headers=JSON)
        streamed = client.post("/v1/search", content=chunks, headers=JSON)
    assert "content-length" not in streamed.request.headers
    assert (at_once.status_code, streamed.status_code) == (status, status)
    if status == 413:
        assert at_once.json()["error"]["field"] == streamed.json()["error"]["field"] == "body"


def test_a_false_length_is_no_way_around() -> None:
    with serving(TinyEngine(), max_body_bytes=BOUND) as client:
        answer = client.post("/v1/search", content=body_of(BOUND + 1), headers=JSON | {"content-length": "5"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "text/json",
        "text/vnd.x+json",
        "\xff",
    ],
)
def test_only_json_is_read(kind: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.post("/v1/search", content=b"{}", headers={b"content-type": kind.encode("latin-1")})
    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "content-type")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/vnd.x+json"])
def test_json_is_read_by_any_of_its_names(kind: str) -> None:
    with serving(TinyEngine()) as client:
        assert client.post("/v1/search", content=b"{}", headers={"content-type": kind}).status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        (b"/v1/%FF", b"", "path"),
        (b"/v1/%00", b"", "path"),
        (b"/", b"q=a&brand=%E4%BD", "brand"),
        (b"/", b"%FF=a", "\ufffd"),
        (b"/", b"=%FF", "url"),
        (b"/", b"q=\xff", "q"),
    ],
)
def test_what_is_not_utf8_is_named(path: bytes, query: bytes, field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_url(path, query)
    assert caught.value.field == field


def test_utf8_passes_encoded_or_not() -> None:
    check_url("/v1/products/杯".encode(), b"q=%E6%9D%AF&brand=" + "希禾".encode())


PACKED = {**JSON, "content-encoding": "gzip"}


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", " GZIP "])
@pytest.mark.parametrize("body", [body_of(13), body_of(BOUND)])
def test_gzip_is_unpacked(coding: str, body: bytes) -> None:  # 5
    packed = packed_as(body)
    members = packed_as(body[:5]) + packed_as(body[5:])
    engine = TinyEngine()
    with serving(engine, max_body_bytes=BOUND) as client:
        for content in (packed, members):
            answer = client.post("/v1/search", content=content, headers={**JSON, "content-encoding": coding})
            assert answer.status_code == 200
    assert {len(request.query) for request in engine.asked} == {len(body) - 13}


@pytest.mark.parametrize(
    "packed", [packed_as(body_of(BOUND + 1)), packed_as(b"0" * 100_000) * 3, packed_as(b"{}") * 60]
)
def test_the_bound_holds_for_what_is_unpacked(packed: bytes) -> None:  # 5
    with serving(TinyEngine(), max_body_bytes=BOUND) as client:
        answer = client.post("/v1/search", content=packed, headers=PACKED)
    assert (answer.status_code, answer.json()["error"]["field"]) == (413, "body")


@pytest.mark.parametrize("packed", [b"{}", packed_as(b"{}")[:-1], packed_as(b"{}") + b"x", b"\x1f\x8b"])
def test_what_is_no_gzip(packed: bytes) -> None:  # 5
    with serving(TinyEngine()) as client:
        answer = client.post("/v1/search", content=packed, headers=PACKED)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "body")


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_other_packings(coding: str) -> None:  # 5
    with serving(TinyEngine()) as client:
        answer = client.post("/v1/search", content=b"{}", headers={**JSON, "content-encoding": coding})
        assert client.get("/v1/search", headers={"content-encoding": coding}).status_code == 200
        plain = client.post("/v1/search", content=b"{}", headers={**JSON, "content-encoding": "identity"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (415, "content-encoding")
    assert plain.status_code == 200


@pytest.mark.parametrize("body", [b'{"query": "', b"{}"])
def test_who_goes_away_in_the_middle_is_not_answered(body: bytes) -> None:  # 6
    reached: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append((await receive())["body"])

    async def ask(*messages: Message) -> None:
        coming: Iterator[Message] = iter(messages)

        async def receive() -> Message:
            return next(coming)

        async def send(message: Message) -> None:
            raise AssertionError(message)

        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
        await RequestGuard(app, max_body_bytes=BOUND)(scope, receive, send)

    part: Message = {"type": "http.request", "body": body, "more_body": True}
    anyio.run(ask, part, {"type": "http.disconnect"})
    assert reached == []
    anyio.run(ask, part, {"type": "http.request", "body": b"!", "more_body": False})
    assert reached == [body + b"!"]


def test_no_more_is_unpacked_than_may_be() -> None:  # 5
    bomb = gzip.compress(b"0" * 50_000_000)

    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        _unpacked(bomb, Headers({"content-encoding": "gzip"}), len(bomb))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
