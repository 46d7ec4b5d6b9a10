"""What is paid for, in a real browser.

1. Paid cards stand in a place of their own, each with its label and who pays, as text; the list is as without them.
2. A card leads to its product; without cards there is no place for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_page import search

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect


def test_paid(page: Page) -> None:  # 1, 2
    search(page, "保温杯")
    expect(page.locator("#paid")).to_be_hidden()
    organic = page.locator("#grid .card").evaluate_all("cards => cards.map((card) => card.dataset.id)")

    def answer(route: Route) -> None:
        given = route.fetch().json()
        last: dict[str, Any] = given["hits"][-1]
        paid = {"label": "广告", "placement": "a1", "advertiser": "<b>花田</b>", "title": last["title"], "price": 9.9}
        given["sponsored"] = [paid | {"id": last["id"]}]
        route.fulfill(json=given)

    page.route("**/v1/search*", answer)
    page.reload()
    card = page.locator("#paid .paid-card")
    expect(card).to_have_count(1)
    assert card.locator(".by").inner_text().split() == ["广告", "<b>花田</b>"]
    assert page.locator("#grid .paid-card").count() == 0
    ids = page.locator("#grid .card").evaluate_all("cards => cards.map((card) => card.dataset.id)")
    assert ids == organic
    card.locator("a").click()
    expect(page.locator("#item .called")).to_have_text(card.locator("h3").inner_text())
