"""What is done on the page is an event, kept by the service.

1. A search, what came into sight of its list, and a click are kept once each, with query, place, surface and visit.
2. Liked, put into the cart and not wanted are kept with the place where the thing was found; what is not wanted goes.
3. What was not sent yet is sent when the page is left; what did not arrive is sent again, and counts once.
4. Of nobody nothing is sent, and nobody is named in what is asked; of a guest no id is sent; without consent nothing.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import DESKTOP, PATIENCE_MS, open_page
from tests.browser.test_page import search, total
from tests.browser.test_shopper import be

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
IN_SIGHT = """() => new Promise((done) => {
  const cards = document.querySelectorAll(".card"), looking = new IntersectionObserver((all) => {
    looking.disconnect();
    done(all.filter((one) => one.intersectionRatio >= 0.5).length);
  }, { threshold: 0.5 });
  for (const card of cards) looking.observe(card);
})"""


@pytest.fixture
def page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


def kept(page: Page, user: str, surface: str, **least: int) -> list[dict[str, Any]]:
    """The events of somebody on a surface, once there are so many of each of these types."""

    def there() -> list[dict[str, Any]]:
        lines = map(json.loads, page.request.get(f"/v1/users/{user}/export").text().splitlines())
        return [one for one in lines if one["record"] == "event" and one["surface"] == surface]

    return once_there(page, there, least)


def once_there(page: Page, events: Callable[[], list[dict[str, Any]]], least: dict[str, int]) -> list[dict[str, Any]]:
    ends = time.monotonic() + PATIENCE_MS / 1000
    while True:
        found = events()
        types = Counter(one["type"] for one in found)
        if types >= Counter(least):
            return found
        assert time.monotonic() < ends, (types, least)
        page.wait_for_timeout(50)


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


def in_sight(page: Page) -> int:
    """How many cards are seen at least by half, once the page was told so, too: who observes later is told later."""
    seen: int = page.evaluate(IN_SIGHT)
    return seen


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
    events = kept(page, "one", "search", search=1, impression=4, click=1)
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
    events = kept(page, "two", "search", search=1, click=1, like=1, cart=1, hide=1)
    deeds = [one for one in events if one["type"] in {"click", "like", "cart", "hide"}]
    assert Counter(one["type"] for one in deeds) == Counter(["click", "like", "cart", "hide"])
    assert len({(one["item_id"], one["position"], one["query"]) for one in deeds}) == 1
    assert deeds[0]["position"] == 1


def test_leaving(page: Page) -> None:  # 3
    be(page, "three")
    page.locator("#leave").click()
    search(page, "保温杯")
    known = kept(page, "three", "search", search=1, impression=in_sight(page))
    # Impressions wait for company; here their time never comes.
    page.evaluate("window.setTimeout = () => 1")
    page.locator(".card").nth(12).scroll_into_view_if_needed()
    in_sight(page)
    assert len(kept(page, "three", "search")) == len(known)
    page.goto("/openapi.json")
    kept(page, "three", "search", impression=len(of(known, "impression")) + 1)


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
    with page.expect_response("**/v1/events"):  # to what is sent again
        search(page, "保温杯")
    events = kept(page, user, "search", search=1, impression=4)
    assert len(lost) == 1
    assert len({one["id"] for one in events}) == len(events)
    assert len(of(events, "search")) == 1


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
    once_there(page, lambda: found, {"click": 1, "impression": 1})
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
