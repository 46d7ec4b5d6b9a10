"""Where back comes to.

1. Back and reload show as many pages of the list as were there, at the same height; another list begins at its top.
2. Back from a product comes to the list as it was left, in the same place, and nothing is searched again; so it is in
   the feed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PATIENCE_MS, PHONE, open_page
from tests.browser.test_page import expect, further, ids, search

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DEEP = 4000
"""Pixels; far below a first page's beginning on a phone."""


def test_back_comes_to_the_same_place(phone: Page) -> None:
    cards = phone.locator("#grid > .card")
    search(phone, "保温杯")
    further(phone, 48)
    phone.evaluate(f"scrollTo(0, {DEEP})")
    until(phone, f"history.state?.place?.y === {DEEP}")
    count = phone.evaluate("history.state.place.cards")
    search(phone, "汉服")
    expect(cards).to_have_count(24)
    until(phone, "scrollY === 0")
    for go in (phone.go_back, phone.reload):
        go()
        expect(cards).to_have_count(count)
        until(phone, f"scrollY === {DEEP}")


@pytest.mark.parametrize("where", ["/?q=保温杯", "/"])
def test_back_from_a_product(browser: Browser, shoppers: str, where: str) -> None:
    for page in open_page(browser, shoppers, PHONE):
        page.goto(where)
        link = page.locator(".card .title a").nth(9)
        link.scroll_into_view_if_needed()
        page.evaluate("document.querySelectorAll('.card')[9].scrollIntoView()")
        until(page, "history.state?.place?.y === Math.round(scrollY)")
        shown, height = ids(page), page.evaluate("Math.round(scrollY)")
        asked = asked_from_now_on(page)
        link.click()
        expect(page.locator("#item .rail").first).to_be_visible()
        assert page.evaluate("scrollY") == 0
        page.go_back()
        until(page, f"Math.abs(scrollY - {height}) <= 1")
        expect(link).to_be_focused()
        assert ids(page)[: len(shown)] == shown
        assert [url for url in asked if "/v1/search" in url or "/v1/mall/feed" in url] == []


def asked_from_now_on(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def until(page: Page, holds: str) -> None:
    """Returns when an expression is true; `wait_for_function` would need a policy that allows eval."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(holds):
        assert time.monotonic() < ends, (holds, page.evaluate("[scrollY, history.state]"))
        page.wait_for_timeout(50)
