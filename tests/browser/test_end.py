"""The end of a list, near which the next page comes by itself.

1. The next page is fetched before the end is reached, and said to who listens; the feed does the same.
2. After a few pages by itself the button takes over, so that what stands below can be reached; a press gives a page,
   with the focus on its first card, and some more by themselves.
3. A page that does not come leaves the list as it is: the reason and a second try stand at its end, and nothing is
   asked meanwhile. Where a cursor is too old the list is loaded anew.
4. Without an observer the button does it all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import DESKTOP, open_page
from tests.browser.test_page import expect, ids, search
from tests.browser.test_place import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGE, BY_ITSELF = 24, 4
"""Cards of a page, and how many pages come before the button takes over: api/web/end.js."""
BOTTOM = "scrollTo(0, document.documentElement.scrollHeight)"
CARDS = "document.querySelectorAll('#grid > .card').length"
OLD = {"error": {"code": "cursor_expired", "message": "old", "field": "cursor", "hint": None, "request_id": "1"}}


@pytest.fixture
def mall_page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


def test_it_comes_by_itself_and_then_by_the_button(page: Page) -> None:  # 1, 2
    search(page, "杯")
    expect(page.locator("#grid > .card")).to_have_count(PAGE)
    for pages in range(2, BY_ITSELF + 2):
        page.evaluate(BOTTOM)
        until(page, f"{CARDS} === {PAGE * pages}")
    said, button = page.locator("#foot [role=status]"), page.locator("#foot button")
    expect(said).to_contain_text(f"已看 {PAGE * (BY_ITSELF + 1)} / ")
    page.evaluate(BOTTOM)
    page.wait_for_timeout(500)
    assert len(ids(page)) == PAGE * (BY_ITSELF + 1)
    expect(button).to_have_text("加载更多")
    button.press("Enter")
    expect(page.locator("#grid > .card").nth(PAGE * (BY_ITSELF + 1))).to_be_focused()
    assert len(ids(page)) == len(set(ids(page)))


def test_a_page_that_does_not_come(page: Page) -> None:  # 3
    search(page, "杯")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "cursor=" in request.url else None)
    page.route("**/v1/search?*cursor=*", lambda route: route.abort())
    page.evaluate(BOTTOM)
    said, button = page.locator("#foot [role=status]"), page.locator("#foot button")
    expect(said).to_have_text("没有加载出来：连不上服务。")
    assert len(ids(page)) == PAGE
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(BOTTOM)
    page.wait_for_timeout(300)
    assert len(asked) == 1
    page.unroute("**/v1/search?*cursor=*")
    expect(button).to_have_text("再试一次")
    button.press("Enter")
    expect(page.locator("#grid > .card").nth(PAGE)).to_be_focused()
    page.route("**/v1/search?*cursor=*", lambda route: route.fulfill(status=410, json=OLD))
    page.evaluate(BOTTOM)
    expect(button).to_have_text("重新加载")
    expect(said).to_contain_text("商品刚刚更新过")
    button.press("Enter")
    until(page, f"{CARDS} === {PAGE}")
    expect(said).to_contain_text(f"已看 {PAGE} / ")


def test_the_feed(mall_page: Page) -> None:  # 1
    expect(mall_page.locator("#offers .card")).to_have_count(PAGE)
    mall_page.evaluate(BOTTOM)
    expect(mall_page.locator("#offers .card").nth(PAGE)).to_be_attached()
    expect(mall_page.locator("#end [role=status]")).to_contain_text("已看 ")


def test_without_an_observer(page: Page) -> None:  # 4
    page.add_init_script("window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };")
    page.goto("/?q=杯")
    button = page.locator("#foot button")
    expect(button).to_have_text("加载更多")
    page.evaluate(BOTTOM)
    page.wait_for_timeout(300)
    assert len(ids(page)) == PAGE
    button.click()
    until(page, f"{CARDS} === {2 * PAGE}")
