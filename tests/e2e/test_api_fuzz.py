"""Nothing a caller sends makes the service fail.

1. 2,000 malformed requests out of a seeded generator: each is a 4xx that names its code and its field.
2. Any JSON at all, any URL parameters, any text as a query, any bytes as a body: never a 5xx, and every 4xx
   names its code and field.
3. After all of that the service still answers as before.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from retrieval.engine import Engine

pytestmark = pytest.mark.slow

SEED = 20_260_301
MALFORMED = 2_000
MAX_BODY = 16_384
JSON = {"content-type": "application/json"}
VALID: dict[str, Any] = {
    "query": "送妈妈的保温杯",
    "filters": {
        "price": {"min": 10, "max": 99.9},
        "brand": ["希禾"],
        "category": ["厨具餐具"],
        "shop": ["甲"],
        "labels": ["国货"],
        "services": ["运费险"],
        "attributes": {"颜色": ["红"]},
        "in_stock": True,
    },
    "sort": "sales",
    "size": 5,
    "facets": ["brand"],
    "explain": True,
    "channels": ["lexical"],
    "timeout_ms": 900,
}
WRONG: dict[str, list[Any]] = {
    "query": [None, 1, [], {}, True, "a\0b"],
    "filters": [None, 1, [], "a", {"price": 1}, {"price": []}, {"brand": "a"}, {"brand": [1]}, {"brand": [""]}],
    "sort": [None, 1, "best", "", "RELEVANCE", []],
    "size": [-1, 101, 1.5, "5", True, [], 10**30, -(10**30)],
    "cursor": [1, "", "x", "AAAA", "\ud83d\ude00", "a" * 9_000, [], {}],
    "facets": [None, "brand", ["colour"], [1], [[]], {}],
    "explain": [None, 1, "true", []],
    "channels": [None, [], "lexical", ["x"], [None]],
    "timeout_ms": [0, -1, "5", True, 10**9, []],
}
PARAMETERS = [
    "size=-1", "size=101", "size=x", "size=", "size=1e9", "sort=best", "sort=", "price_min=x", "price_min=nan", "q=%ff",
    "price_min=9&price_max=1", "price_max=inf", "price_max=-1", "attr=x", "attr==x", "attr=x=", "in_stock=maybe",
    "q=%00", "facets=x", "facets=all,brand", "channels=x", "channels=", "cursor=x", "cursor=", "timeout_ms=1",
    "timeout_ms=x", "brand=", "q=a&q=b", "size=1&size=2", "query=a", "filters=1", "%ff=1", "__proto__=1", "q=%c3%28",
    "brand=%ed%a0%80",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(demo_engine: Engine) -> Iterator[TestClient]:
    options = ApiOptions(request_timeout_ms=60_000, max_body_bytes=MAX_BODY)
    with TestClient(create_app(demo_engine, options=options), raise_server_exceptions=False) as running:
        yield running


def wrong_value(client: TestClient, rng: random.Random) -> Response:
    name = rng.choice(list(WRONG))
    body = VALID | {name: rng.choice(WRONG[name])}
    return client.post("/v1/search", content=json.dumps(body).encode(), headers=JSON)


def unknown_key(client: TestClient, rng: random.Random) -> Response:
    body = json.loads(json.dumps(VALID))
    place = rng.choice([body, body["filters"], body["filters"]["price"]])
    place["".join(rng.choices("abz_红.[]\n'\"<", k=rng.randint(0, 200))) + "?"] = rng.choice([1, None, [], {}])
    return client.post("/v1/search", content=json.dumps(body).encode(), headers=JSON)


def broken_text(client: TestClient, rng: random.Random) -> Response:
    body = json.dumps(VALID, ensure_ascii=rng.random() < 0.5).encode()
    cut = rng.randrange(1, len(body))
    junk = rng.choice([b"", b"\xff", b"\x01", b"\x00", b"\xed\xa0\x80", b"\xc3"])
    # Without its end it is no JSON; with its end, the junk in it is no UTF-8 or no character JSON allows.
    return client.post("/v1/search", content=body[:cut] + junk + (body[cut:] if junk else b""), headers=JSON)


def broken_number(client: TestClient, rng: random.Random) -> Response:
    number = rng.choice(["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "01", "+1", "0x10", "1_0", "--1", "1."])
    name = rng.choice(["size", "timeout_ms", "price"])
    return client.post("/v1/search", content=f'{{"query": "杯", "{name}": {number}}}'.encode(), headers=JSON)


def nested(client: TestClient, rng: random.Random) -> Response:
    opening, closing = rng.choice([("[", "]"), ('{"filters":', "}"), ('{"a":', "}"), ('[{"a":', "}]")])
    depth = rng.randint(2, MAX_BODY // (len(opening) + len(closing)) - 2)
    return client.post("/v1/search", content=(opening * depth + "1" + closing * depth).encode(), headers=JSON)


def too_long(client: TestClient, rng: random.Random) -> Response:
    length = MAX_BODY + rng.randint(1, 60_000)
    if rng.random() < 0.5:
        return client.post("/v1/search", content=b" " * length, headers=JSON)
    return client.post("/v1/search", content=iter([b" " * 4_096] * (length // 4_096 + 1)), headers=JSON)


def wrong_parameter(client: TestClient, rng: random.Random) -> Response:
    wrong = rng.sample(PARAMETERS, rng.randint(1, 3))
    return client.get("/v1/search?" + "&".join(wrong))


def wrong_place(client: TestClient, rng: random.Random) -> Response:
    tail = "".join(rng.choices("abz/.%_-~红", k=rng.randint(1, 30)))
    path = rng.choice(["/v1/search/", "/v1/product/", "/v1/products/none-", "/v2/", "/.."]) + quote(tail)
    if rng.random() < 0.3:
        path = "/v1/products/" + rng.choice(["%ff", "%00", "%ed%a0%80", "none-%F0%9F%98%80"])
    return client.request(rng.choice(["GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]), path)


def wrong_kind(client: TestClient, rng: random.Random) -> Response:
    kind = rng.choice(["", "text/plain", "application/xml", "multipart/form-data; boundary=x", ";;;", "json", "\xff"])
    body = rng.choice([b"", b"{}", b"a=b", b"--x--", b"\xff\xfe"])
    return client.post("/v1/search", content=body, headers={b"content-type": kind.encode("latin-1")})


MAKERS: list[Callable[[TestClient, random.Random], Response]] = [
    wrong_value, unknown_key, broken_text, broken_number, nested, too_long, wrong_parameter, wrong_place, wrong_kind,
]  # fmt: skip


def check_error(answer: Response) -> None:
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field", "hint", "request_id"}
    assert error["code"]
    assert error["message"]
    assert error["field"]
    assert error["request_id"] == answer.headers["X-Request-ID"]


def test_malformed_requests_are_refused_by_name(client: TestClient) -> None:
    rng = random.Random(SEED)
    before = client.get("/v1/search?q=保温杯").json()["hits"]
    for number in range(MALFORMED):
        maker = rng.choice(MAKERS)
        answer = maker(client, rng)
        assert 400 <= answer.status_code < 500, (number, maker.__name__, answer.request.url, answer.text)
        check_error(answer)
    assert before
    assert client.get("/v1/search?q=保温杯").json()["hits"] == before


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from([*VALID, *VALID["filters"], "min", "max", "x"])
patient = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(answer: Response) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        check_error(answer)


@patient
@given(body=st.dictionaries(fields, anything | st.dictionaries(fields, anything, max_size=3), max_size=4) | anything)
def test_any_json(client: TestClient, body: Any) -> None:
    check(client.post("/v1/search", content=json.dumps(body).encode("utf-8", "surrogatepass"), headers=JSON))


@patient
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", "application/json;x"]))
def test_any_bytes(client: TestClient, body: bytes, kind: str) -> None:
    check(client.post("/v1/search", content=body, headers={"content-type": kind}))


@patient
@given(query=st.binary(max_size=60))
def test_any_url(client: TestClient, query: bytes) -> None:
    check(client.get("/v1/search?" + quote(query, safe="%&=+;")))


@patient
@given(query=st.text(max_size=300))
def test_any_text_can_be_searched(client: TestClient, query: str) -> None:
    answer = client.get("/v1/search", params={"q": query})
    check(answer)
    assert answer.status_code == (400 if "\0" in query else 200)


@patient
@given(cursor=st.text(st.sampled_from("ABCDxyz019-_=%"), max_size=80), size=st.integers(0, 100))
def test_any_cursor(client: TestClient, cursor: str, size: int) -> None:
    check(client.get("/v1/search", params={"cursor": cursor, "size": size}))
