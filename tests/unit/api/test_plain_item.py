"""The page of a product for browsers that run no script.

1. GET /?item= has the product in its <noscript> and in its title: price, facts, picture, and links to its shop, its
   category, and to what is like it; what is data is text. The list links to it.
2. What is not there is 404, in words; a service that is not ready is 503.
3. Where a search needs a key, the page says so and names nothing.
4. What goes with it is left out where it is not known, and never keeps the product back.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from api.plain import FAILED, LOCKED
from api.plain_item import GONE
from retrieval.errors import NotReady
from retrieval.keys.key import Role
from retrieval.mall.mall import Mall
from retrieval.wiring.options import mall_options
from tests import world
from tests.unit.api.auth.keyed import keyed
from tests.unit.api.test_plain import listed
from tests.unit.api.tiny_engine import CUP, ROBE, TinyEngine, serving
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.kiosk import ROWS, forbids

HOST = "img.shop.example"


class NotOpen(TinyEngine):
    """Has nothing published."""

    def product(self, document_id: str, timeout_ms: float | None = None, /) -> None:  # type: ignore[override]
        raise NotReady("not yet")


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("item")
    world.publish(folder, ROWS)
    engine = world.engine(folder)
    options = ApiOptions(request_timeout_ms=60_000)
    taste = Mall(engine, mall_options(world.settings(folder)), None, FakeTaste(), forbids)
    with TestClient(create_app(engine, options=options, close_engine=True, mall=taste)) as client:
        yield client


def test_the_product_is_there() -> None:  # 1, 4
    images = ["http://img.shop.example/a.jpg", "https://elsewhere.example/b.jpg", f"https://{HOST}/c.jpg"]
    odd = {
        **CUP,
        "title": "杯<script>",
        "shop": {"name": "杯子&铺"},
        "images": images,
        "attributes": {"容量": ["1L", "2L"]},
    }
    with serving(TinyEngine(odd, ROBE), image_hosts=(HOST,)) as client:
        text, whole = listed(client, "/?item=p1"), client.get("/?item=p1")
        assert listed(client, "/?q=杯").count('href="./?item=p1"') == 1
        robe = client.get("/", params={"item": "a/b 1"}).text
    assert all(part in unescape(text) for part in ("杯<script>", "¥89.9", "希禾", "杯子&铺", "容量", "1L、2L"))
    assert "<script" not in text
    assert f'src="https://{HOST}/c.jpg"' in text
    assert text.count("<img") == 1
    assert "category=%E5%AE%B6%E5%B1%85%2F%E6%B0%B4%E5%85%B7" in text
    assert "q=%E6%B0%B4%E5%85%B7&amp;shop=%E6%9D%AF%E5%AD%90%26%E9%93%BA" in text
    assert "<title>杯&lt;script&gt; - 寻货</title>" in whole.text
    assert "暂无价格" in robe


def test_what_is_like_it(mall: TestClient) -> None:  # 1
    text = listed(mall, "/?item=pot1")
    assert "相似的" in text
    similar = mall.get("/v1/products/pot1/similar", params={"size": 8}).json()["hits"]
    assert similar
    assert [f'href="./?item={hit["id"]}"' in text for hit in similar] == [True] * len(similar)


def test_what_is_not_there() -> None:  # 2
    with serving(TinyEngine()) as client:
        gone = client.get("/?item=p9")
    assert (gone.status_code, GONE in gone.text, "<title>没有这件商品" in gone.text) == (404, True, True)
    assert gone.headers["Cache-Control"] == "no-store"
    with serving(NotOpen()) as client:
        failed = client.get("/?item=p1")
    assert (failed.status_code, FAILED in failed.text, failed.headers["Retry-After"]) == (503, True, "1")


def test_it_asks_for_a_key(tmp_path: Path) -> None:  # 3
    with keyed(tmp_path, roles=(Role.SEARCH,)) as service:
        asked = [
            service.ask(role, "GET", "/", params={"item": id}) for role in (None, Role.SEARCH) for id in ("p1", "x")
        ]
    assert [(one.status_code, LOCKED in one.text, CUP["title"] in one.text) for one in asked] == [
        (200, True, False), (200, True, False), (200, False, True), (404, False, False),
    ]  # fmt: skip
    assert len({one.text for one in asked[:2]}) == 1
