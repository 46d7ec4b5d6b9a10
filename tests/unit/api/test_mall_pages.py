"""The routes of the pages of the mall, over a small one.

1. Each page has the described shape, and a feed that begins on one goes on at the feed.
2. What is not there is 404 with a hint; what cannot be asked is 400 and names the field.
3. Inside a shop one searches with the filter `shop`, which is the name that its page tells.
4. Without a mall there are no such routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.mall_page_schema import CampaignAnswerShape, CampaignsAnswerShape, ChannelsAnswerShape, ShopAnswerShape
from api.options import ApiOptions
from retrieval.mall.mall import Mall
from retrieval.rules.edition import Edition
from retrieval.rules.read import read_document
from retrieval.wiring.options import mall_options
from tests import world
from tests.unit.api.tiny_engine import TinyEngine, serving
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.kiosk import ROWS, forbids

CHANNELS, SHOPS, CAMPAIGN = "/v1/mall/channels", "/v1/mall/shops", "/v1/mall/campaigns"
CAMPAIGNS = [
    {
        "id": "sale",
        "name": "双11",
        "label": "价保",
        "words": "双11",
        "until": "2999-01-01",
        "products": {"category": "厨具"},
    },
    {"id": "welcome", "name": "新人", "label": "新人价", "segment": "new", "products": {"ids": ["tea1"]}},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("pages")
    world.publish(folder, ROWS)
    engine = world.engine(folder)
    rules = Edition.of(1, 1, read_document({"campaigns": CAMPAIGNS}).rules)
    mall = Mall(engine, mall_options(world.settings(folder)), None, FakeTaste(), forbids, rules=lambda: rules)
    app = create_app(engine, options=ApiOptions(request_timeout_ms=60_000), close_engine=True, mall=mall)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def get(client: TestClient, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_channels(client: TestClient) -> None:  # 1
    tree = get(client, CHANNELS)
    ChannelsAnswerShape.model_validate(tree, strict=True)
    assert (tree["category"], tree["path"], tree["feed"], tree["total"]) == (None, [], None, 8)
    assert [each["name"] for each in tree["channels"]] == ["厨具", "茶", "女装"]
    page = get(client, CHANNELS, category="厨具/杯", size=1)
    ChannelsAnswerShape.model_validate(page, strict=True)
    assert page["path"] == [{"category": "厨具", "name": "厨具"}, {"category": "厨具/杯", "name": "杯"}]
    assert (page["total"], page["facets"]["brand"]) == (2, [{"value": "恒温", "count": 2}])
    after = get(client, "/v1/mall/feed", cursor=page["feed"]["next_cursor"])
    assert {hit["id"] for hit in page["feed"]["hits"] + after["hits"]} == {"cup1", "cup2"}
    assert 'xunhuo_mall_feeds_total{outcome="nobody"}' in client.get("/metrics").text


def test_a_shop(client: TestClient) -> None:  # 1, 3
    page = get(client, f"{SHOPS}/s1", size=2)
    ShopAnswerShape.model_validate(page, strict=True)
    assert page["shop"] == {"id": "s1", "name": "恒温旗舰店", "kind": "旗舰店", "score": 4.9}
    assert [hit["id"] for hit in page["best_sellers"]] == ["cup1", "pot2"]
    everywhere, inside = (
        get(client, "/v1/search", q="锅", **asked) for asked in ({}, {"shop": page["shop"]["name"]})
    )  # fmt: skip
    assert {hit["id"] for hit in everywhere["hits"]} == {"pot1", "pot2"}
    assert [hit["id"] for hit in inside["hits"]] == ["pot2"]


def test_campaigns(client: TestClient) -> None:  # 1
    running = get(client, CAMPAIGN)
    CampaignsAnswerShape.model_validate(running)
    assert [(one["id"], one["segment"], one["total"]) for one in running["campaigns"]] == [
        ("sale", None, 4), ("welcome", "new", 1)
    ]  # fmt: skip
    page = get(client, f"{CAMPAIGN}/sale", size=3)
    CampaignAnswerShape.model_validate(page)
    assert ([hit["id"] for hit in page["hits"]], page["next_offset"]) == (["cup1", "pot1", "pot2"], 3)
    assert page["hits"][0]["source"] == "campaign"
    after = get(client, f"{CAMPAIGN}/sale", size=3, offset=3)
    assert ([hit["id"] for hit in after["hits"]], after["next_offset"]) == (["cup2"], None)
    assert get(client, f"{CAMPAIGN}/new")["campaign"]["id"] == "welcome"


@pytest.mark.parametrize(
    ("path", "params", "status", "field"),
    [
        (CHANNELS, {"category": "数码"}, 404, "category"), (CHANNELS, {"cat": "女装"}, 400, "cat"),
        (CHANNELS, {"size": 101}, 400, "size"), (CHANNELS, {"category": "a\0"}, 400, "category"),
        (f"{SHOPS}/nobody", {}, 404, "id"), (f"{SHOPS}/a/b", {}, 404, "id"), (f"{SHOPS}/s1", {"size": -1}, 400, "size"),
        (f"{SHOPS}/s1", {"q": "锅"}, 400, "q"), (f"{CAMPAIGN}/over", {}, 404, "id"),
        (f"{CAMPAIGN}/sale", {"offset": -1}, 400, "offset"), (CAMPAIGN, {"size": 3}, 400, "size"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(
    client: TestClient, path: str, params: dict[str, Any], status: int, field: str
) -> None:  # 2
    answer = client.get(path, params=params)
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (status, field)
    assert error["hint"]


def test_without_a_mall() -> None:  # 4
    with serving(TinyEngine()) as bare:
        assert bare.get(CHANNELS).status_code == 404
