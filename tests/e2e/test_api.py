"""The service over a real index: what a caller sends and what comes back.

1. An answer has the described shape; a title's fragments, joined, are the title; contributions add up to the score.
2. GET and POST give the same answer, byte for byte but for time and request id; so do many callers at once.
3. Filters hold for every hit, and choosing a facet value gives as many documents as it counted.
4. Pages follow each other without a repeat or a gap; sorting by price is monotone.
5. A query beyond its bound is cut and says so; an empty one finds nothing; a cursor of a gone generation is 410.
6. Every hit can be fetched as a product.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer, ProductAnswer, SearchAnswer
from api.app import create_app
from api.options import ApiOptions
from retrieval.cursor import encode_cursor
from retrieval.engine import Engine
from retrieval.request import ListRequest, PageRequest
from retrieval.schema import PRODUCT
from retrieval.snapshot import Snapshot
from retrieval.types import Sort

PARAMETERS = {"labels": "label", "services": "service", "attributes": "attr"}
PAIRS: list[tuple[str, dict[str, Any]]] = [
    ("?q=保温杯", {"query": "保温杯"}),
    ("?q=送妈妈的保温杯&size=3&explain=true", {"query": "送妈妈的保温杯", "size": 3, "explain": True}),
    ("?q=汉服&sort=price_desc&facets=all", {"query": "汉服", "sort": "price_desc", "facets": list(PRODUCT.facets)}),
    (
        "?q=保温杯&price_min=30&price_max=120.5&in_stock=true",
        {"query": "保温杯", "filters": {"price": {"min": 30, "max": 120.5}, "in_stock": True}},
    ),
    ("?q=女装&channels=lexical&size=0", {"query": "女装", "channels": ["lexical"], "size": 0}),
    ("?q=", {}),
]


@pytest.fixture(scope="module")
def client(demo_engine: Engine) -> Iterator[TestClient]:
    # The budget is not what these tests are about, and the machine may be busy.
    options = ApiOptions(request_timeout_ms=60_000)
    with TestClient(create_app(demo_engine, options=options), raise_server_exceptions=False) as running:
        yield running


def search(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("took_ms", "request_id")}


@pytest.mark.parametrize("query", ["保温杯", "送妈妈的保温杯", "汉服", "没有这种东西 xyzzy", "🎁", "a" * 300])
def test_an_answer_has_the_described_shape(client: TestClient, query: str) -> None:
    answer = search(client, q=query, facets="all", explain=True)
    SearchAnswer.model_validate(answer)
    for hit in answer["hits"]:
        assert "".join(fragment["text"] for fragment in hit["highlights"]["title"]) == hit["title"]
        parts = hit["explain"]
        assert parts["score"] == hit["score"]
        contributions = [c["contribution"] for c in parts["channels"].values()] + list(parts["features"].values())
        assert sum(contributions) == pytest.approx(hit["score"], abs=1e-4)


@pytest.mark.parametrize(("url", "body"), PAIRS)
def test_get_and_post_agree(client: TestClient, url: str, body: dict[str, Any]) -> None:
    got, posted = client.get("/v1/search" + url), client.post("/v1/search", json=body)
    assert (got.status_code, posted.status_code) == (200, 200)
    assert stable(got.json()) == stable(posted.json())


def test_many_callers_at_once_get_the_same(client: TestClient) -> None:
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: stable(search(client, q="保温杯", facets="all")), range(24)))
    assert answers[0]["hits"]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("facet", PRODUCT.facets)
def test_a_facet_value_counts_what_choosing_it_gives(client: TestClient, facet: str) -> None:
    answer = search(client, q="保温杯", facets=facet, channels="lexical")
    assert answer["facets"][facet]
    for entry in answer["facets"][facet][:4]:
        value, count = entry["value"], entry["count"]
        if facet == "price":
            low, _, high = value.partition("-")
            chosen = {"price_min": low} | ({"price_max": high} if high else {})
        else:
            chosen = {PARAMETERS.get(facet, facet): value}
        filtered = search(client, q="保温杯", channels="lexical", size=100, **chosen)
        assert filtered["total"] == {"value": count, "relation": "eq"}


def test_filters_hold_for_every_hit(client: TestClient) -> None:
    brand = search(client, q="保温杯", facets="brand")["facets"]["brand"][0]["value"]
    answer = search(client, q="保温杯", brand=brand, price_min=30, price_max=150, in_stock=True, size=100)
    assert answer["filters"] == {"brand": [brand], "price": {"min": 30, "max": 150}, "in_stock": True}
    assert answer["hits"]
    for hit in answer["hits"]:
        assert hit["brand"] == brand
        assert 30 <= hit["price"] <= 150
        assert hit["fields"].get("stock") != 0


@pytest.mark.parametrize("sort", [sort.value for sort in Sort])
def test_pages_follow_each_other(client: TestClient, sort: str) -> None:
    answer = search(client, q="保温杯", sort=sort, size=7)
    hits, pages = list(answer["hits"]), 1
    while answer["next_cursor"]:
        answer = search(client, cursor=answer["next_cursor"], size=7)
        hits += answer["hits"]
        pages += 1
    assert pages > 2
    total = answer["total"]["value"]
    assert len({hit["id"] for hit in hits}) == len(hits) == total + answer["near"]
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    for side in (hits[:total], hits[total:]):
        prices = [hit["price"] for hit in side if hit["price"] is not None]
        if sort.startswith("price"):
            assert prices == sorted(prices, reverse=sort == "price_desc")


def test_a_long_query_is_cut_and_says_so(client: TestClient) -> None:
    bounded, longer = "保温杯" + "😀" * 125, "保温杯" + "😀" * 126
    exact, cut = search(client, q=bounded), search(client, q=longer)
    assert (exact["query"]["truncated"], cut["query"]["truncated"]) == (False, True)
    assert exact["query"]["text"] == cut["query"]["text"] == bounded
    assert [hit["id"] for hit in exact["hits"]] == [hit["id"] for hit in cut["hits"]]


@pytest.mark.parametrize("query", ["", " ", "　\t", "!?"])
def test_an_empty_query_finds_nothing(client: TestClient, query: str) -> None:
    answer = search(client, q=query)
    assert (answer["hits"], answer["total"], answer["query"]["match"]) == ([], {"value": 0, "relation": "eq"}, "none")


def test_a_cursor_of_a_gone_generation_is_gone(client: TestClient) -> None:
    cursor = encode_cursor(PageRequest(Snapshot("g-of-last-year"), ListRequest("杯")))
    answer = client.get("/v1/search", params={"cursor": cursor})
    error = ErrorAnswer.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (410, "cursor_expired", "cursor")


def test_every_hit_can_be_fetched(client: TestClient) -> None:
    for hit in search(client, q="保温杯", size=5)["hits"]:
        product = ProductAnswer.model_validate(client.get(f"/v1/products/{hit['id']}").json()).product
        assert (product["id"], product["title"]) == (hit["id"], hit["title"])
    assert client.get("/v1/products/no-such-product").status_code == 404
