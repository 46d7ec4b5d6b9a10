"""Categories and shops, with an address each.

1. The start page leads to categories, a category to those below it and to its own feed; the way up is on the page.
2. A shop on a card leads to its page: what sells there, its categories, and a search that stays in the shop.
3. Back comes to the list that one came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PHONE, open_page
from tests.browser.test_page import expect, search

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def mall_page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, PHONE)


def test_categories_and_shops(mall_page: Page) -> None:
    page = mall_page
    page.get_by_role("navigation", name="分类").get_by_role("link").first.click()
    way = page.get_by_role("navigation", name="位置")
    name = way.locator("[aria-current=page]").inner_text()
    expect(page.locator("#heading")).to_have_text(name)
    expect(page.locator("#offers .card").first).to_be_visible()
    page.get_by_role("navigation", name="子分类").get_by_role("link").first.click()
    way.get_by_role("link", name=name).click()
    expect(way.locator("[aria-current=page]")).to_have_text(name)
    search(page, "保温杯")
    link = page.locator("#grid .shop a").first
    shop = link.inner_text()
    link.click()
    expect(page.locator("#heading")).to_have_text(shop)
    expect(page.locator("#mall .rail", has_text="卖得最好").locator(".tiny").first).to_be_visible()
    expect(page.locator("#feed")).to_be_hidden()
    page.get_by_role("searchbox", name=f"在{shop}里搜").fill("杯")
    page.keyboard.press("Enter")
    expect(page.locator("#chips")).to_contain_text(f"店铺：{shop}")
    page.go_back()
    expect(page.locator("#heading")).to_have_text(shop)
    page.go_back()
    expect(page.locator("#heading")).to_contain_text("保温杯")
