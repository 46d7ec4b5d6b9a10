"""What is done on the page is an event, kept by the service.

1. A search, what came into sight of its list, and a click are kept once each, with query, place, surface and visit.
2. Liked, put into the cart and not wanted are kept with the place where the thing was found; what is not wanted goes.
3. What was not sent yet is sent when the page is left; what did not arrive is sent again, and counts once.
4. Of nobody nothing is sent, and nobody is named in what is asked; of a guest no id is sent; without consent nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import DESKTOP, open_page
from tests.browser.test_page import search, total
from tests.browser.test_shopper import be

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect


@pytest.fixture
def page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


def kept(page: Page, user: str, count: int) -> list[dict[str, Any]]:
    """The events of somebody, once there are so many."""
    for _ in range(100):
        lines = page.request.get(f"/v1/users/{user}/export").text().splitlines()
        events = [one for one in map(json.loads, lines) if one["record"] == "event"]
        if len(events) >= count:
            return events
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(events)} of {count}: {Counter(one['type'] for one in events)}")


def of(events: list[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [one for one in events if one["type"] == type_]


def sent(page: Page) -> list[dict[str, Any]]:
    """Every event that leaves the page from now on."""
    found: list[dict[str, Any]] = []

    def look(request: Request) -> None:
        if request.url.endswith("/v1/events"):
            found.extend(json.loads(request.post_data or "{}")["events"])

    page.on("request", look)
    return found


def test_search_sight_and_click(page: Page) -> None:  # 1
    be(page, "one")
    page.locator("#leave").click()
    search(page, "保温杯")
    page.locator("#sorts button", has_text="销量").click()
    expect(page.locator("#sorts [aria-pressed=true]")).to_have_text("销量")
    page.locator("#sorts button", has_text="综合").click()
    expect(page.locator("#sorts [aria-pressed=true]")).to_have_text("综合")
    total(page)
    third = page.locator(".card").nth(2)
    item = third.get_attribute("data-id")
    third.locator(".title a").click()
    expect(page.locator("#item .lead")).to_be_visible()
    events = kept(page, "one", 6)
    assert [one["query"] for one in of(events, "search")] == ["保温杯"]
    [click] = of(events, "click")
    assert (click["item_id"], click["position"], click["surface"], click["query"]) == (item, 2, "search", "保温杯")
    seen = of(events, "impression")
    assert len(seen) >= 4
    assert {one["position"] for one in seen} >= {0, 1, 2, 3}
    assert len({one["session_id"] for one in events}) == 1
    assert all(one["session_id"] for one in events)


def test_deeds(page: Page) -> None:  # 2
    be(page, "two")
    page.locator("#leave").click()
    search(page, "汉服")
    item = page.locator(".card").nth(1).get_attribute("data-id")
    page.locator(".card .title a").nth(1).click()
    for text in ("喜欢", "加入购物车", "不感兴趣"):
        page.get_by_role("button", name=text, exact=True).click()
    expect(page.locator(".deeds button:enabled")).to_have_count(0)
    expect(page.locator(f'.card[data-id="{item}"]')).to_have_count(0)
    page.go_back()
    expect(page.locator("#item")).to_be_hidden()
    expect(page.locator("#grid .card").first).to_be_visible()
    events = kept(page, "two", 5)
    deeds = [one for one in events if one["type"] in {"click", "like", "cart", "hide"}]
    assert Counter(one["type"] for one in deeds) == Counter(["click", "like", "cart", "hide"])
    assert len({(one["item_id"], one["position"], one["query"]) for one in deeds}) == 1
    assert deeds[0]["position"] == 1


def test_leaving(page: Page) -> None:  # 3
    be(page, "three")
    page.locator("#leave").click()
    search(page, "保温杯")
    page.wait_for_timeout(2500)
    known = kept(page, "three", 5)
    # Impressions wait for company; here their time never comes.
    page.evaluate("window.setTimeout = () => 1")
    page.locator(".card").nth(12).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert len(kept(page, "three", 5)) == len(known)
    page.goto("/openapi.json")
    assert len(of(kept(page, "three", len(known) + 1), "impression")) >= len(known)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_connection(page: Page, arrived: bool) -> None:  # 3
    user = f"four-{arrived}"
    be(page, user)
    page.locator("#leave").click()
    lost: list[object] = []

    def once(route: Any) -> None:
        if lost:
            route.continue_()
            return
        # The page is not told whether it arrived.
        lost.append(route.fetch() if arrived else None)
        route.abort()

    page.route("**/v1/events", once)
    search(page, "保温杯")
    page.wait_for_timeout(6500)
    events = kept(page, user, 5)
    assert len(lost) == 1
    assert len({one["id"] for one in events}) == len(events)
    assert len(of(events, "search")) == 1
    page.unroute_all(behavior="ignoreErrors")


def test_nobody_and_guests(page: Page) -> None:  # 4
    found, asked = sent(page), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    search(page, "保温杯")
    page.locator(".card .title a").first.click()
    page.get_by_role("button", name="喜欢", exact=True).click()
    expect(page.locator(".deeds")).to_contain_text("喜欢（没有记录）")
    page.go_back()
    page.wait_for_timeout(1500)
    assert found == []
    assert [url for url in asked if "session_id" in url or "user_id" in url] == []
    page.locator("#who").click()
    page.locator("#people label", has_text="访客").click()
    page.locator("#leave").click()
    page.locator(".card .title a").nth(1).click()
    page.wait_for_timeout(1500)
    assert {one["type"] for one in found} >= {"click", "impression"}
    assert all("user_id" not in one for one in found)
    assert len({one["session_id"] for one in found}) == 1


def test_without_consent(page: Page) -> None:  # 4
    be(page, "five")
    page.get_by_role("switch").uncheck()
    expect(page.locator("#said")).to_contain_text("已关掉")
    page.locator("#leave").click()
    found = sent(page)
    search(page, "保温杯")
    page.reload()
    page.locator(".card .title a").first.click()
    page.get_by_role("button", name="喜欢", exact=True).click()
    expect(page.locator(".deeds")).to_contain_text("喜欢（没有记录）")
    page.wait_for_timeout(1500)
    assert found == []
