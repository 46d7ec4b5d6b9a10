"""Where back comes to.

1. Back and reload show as many pages of the list as were there, at the same height; another list begins at its top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_page import expect, search

if TYPE_CHECKING:
    from playwright.sync_api import Page

DEEP = 4000
"""Pixels; far below a first page's beginning on a phone."""


def test_back_comes_to_the_same_place(phone: Page) -> None:
    cards = phone.locator("#grid > .card")
    search(phone, "保温杯")
    phone.locator("#more").click()
    expect(cards).to_have_count(48)
    phone.evaluate(f"scrollTo(0, {DEEP})")
    until(phone, f"history.state?.place?.y === {DEEP}")
    search(phone, "汉服")
    expect(cards).to_have_count(24)
    until(phone, "scrollY === 0")
    for go in (phone.go_back, phone.reload):
        go()
        expect(cards).to_have_count(48)
        until(phone, f"scrollY === {DEEP}")


def until(page: Page, holds: str) -> None:
    """Returns when an expression is true; `wait_for_function` would need a policy that allows eval."""
    for _ in range(200):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{holds}: {page.evaluate('[scrollY, history.state]')}")
