"""Paid placements, over a real engine and the HTTP layer:

1. Whatever is paid for, the answer without its cards is the answer of a service for which nobody paid: hits, ranks,
   scores, totals, facets, cursors. Asked in any way.
2. Every card carries the label 广告 and who pays, is no hit, and is of a product that can be had; there are at most as
   many as set.
3. No card where nothing was found, where something is filtered or sorted, on a later page, before or after its time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from api.placements import LABEL, Placement
from retrieval.engine import Engine
from tests import world

MALL = world.products(120)
QUERIES = ("连衣裙", "保温杯", "蓝牙耳机", "绿茶 礼盒装", "qwertyuiop")
IDS = [row["id"] for row in MALL]
NOW = datetime.now(UTC)
PAST, LATER = NOW - timedelta(hours=1), NOW + timedelta(days=1)
MOST = 2
PATIENT = ApiOptions(request_timeout_ms=60_000)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("mall")
    world.publish(folder, MALL)
    opened = world.engine(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def free(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, options=PATIENT)) as client:
        yield client


def drawn(rng: random.Random) -> tuple[list[Placement], dict[str, Any]]:
    """Placements of all kinds, and a way to ask."""
    paid = [
        Placement(
            id=rng.choice("abc"),
            product_id=rng.choice([*IDS, "nowhere"]),
            advertiser="花田",
            queries=tuple(rng.sample(QUERIES, rng.randint(1, 3))),
            since=rng.choice([None, NOW - timedelta(days=1), LATER]),
            until=rng.choice([None, PAST, NOW + timedelta(days=2)]),
        )
        for _ in range(rng.randrange(9))
    ]
    ways = (("size", rng.randint(1, 20), 0.5), ("facets", "brand", 0.5), ("sort", "sales", 0.1), ("brand", "花田", 0.1))
    params = {"q": rng.choice(QUERIES)} | {name: value for name, value, often in ways if rng.random() < often}
    return paid, params


def answer(client: TestClient, params: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/v1/search", params=params).raise_for_status().json()
    return {name: value for name, value in body.items() if name not in ("took_ms", "request_id")}


@pytest.mark.parametrize("seed", range(40))
def test_paid_is_beside(engine: Engine, free: TestClient, seed: int) -> None:  # 1, 2, 3
    paid, params = drawn(random.Random(seed))
    options = ApiOptions(request_timeout_ms=60_000, placements=tuple(paid), sponsored=MOST)
    client = TestClient(create_app(engine, options=options))
    found, organic = answer(client, params), answer(free, params)
    cards = found.pop("sponsored")
    assert organic.pop("sponsored") == []
    assert found == organic
    running = {
        (each.id, each.product_id)
        for each in paid
        if params["q"] in each.queries and each.since != LATER and each.until != PAST
    }
    had = {row["id"] for row in MALL if row.get("stock") != 0}
    assert {(card["placement"], card["id"]) for card in cards} <= {pair for pair in running if pair[1] in had}
    assert all(card["label"] == LABEL == "广告" and card["advertiser"] == "花田" for card in cards)
    assert len(cards) <= MOST
    if "sort" in params or "brand" in params or not found["hits"] or found["hits"][0]["near"]:
        assert cards == []


def test_it_is_shown(engine: Engine, free: TestClient) -> None:  # 2, 3
    there = next(row["id"] for row in MALL if row.get("stock") == 40)
    paid = Placement(id="x", product_id=there, advertiser="花田", queries=(" 连衣裙",))
    with TestClient(create_app(engine, options=ApiOptions(request_timeout_ms=60_000, placements=(paid,)))) as client:
        first = client.get("/v1/search", params={"q": "连衣裙", "size": 2}).json()
        assert [(card["label"], card["id"]) for card in first["sponsored"]] == [("广告", there)]
        assert client.get("/v1/search", params={"cursor": first["next_cursor"]}).json()["sponsored"] == []
