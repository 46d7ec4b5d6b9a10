"""What the rules of the shop say, in a real browser.

1. Banners, and where a rule leads, stand over the list, as text; without rules there are none.
2. Another query that was searched is said, and what was typed can be searched all the same.
3. A hit tells that a rule placed it, and a boost is called by the name of its rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_page import search

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
BANNERS = [{"id": "a", "text": "<b>年货节</b>", "link": None}, {"id": "b", "text": "满减", "link": "/sale"}]


def ruled(page: Page, **rules: Any) -> None:
    """Every answer to what is not sent as typed says this of rules, and its first hit was put there."""

    def answer(route: Route) -> None:
        given = route.fetch().json()
        if "ignore=rewrite" not in route.request.url:
            none: dict[str, Any] = {"version": 1, "rewritten": None, "redirect": None, "banners": [], "held": []}
            given["rules"] = none | rules
        first = given["hits"][0]
        first["pinned"], first["explain"]["placed"] = True, "pinned"
        first["explain"]["features"]["rule:home"] = 1.5
        first["explain"]["rules"] = [{"rule": "home", "name": "国货", "action": "boost", "points": 1.5}]
        route.fulfill(json=given)

    page.route("**/v1/search*", answer)


def test_banners(page: Page) -> None:  # 1, 3
    ruled(page, banners=BANNERS, redirect={"url": None, "channel": "年货"})
    search(page, "保温杯")
    assert page.locator("#banners > *").all_inner_texts() == ["去“年货”频道看看", "<b>年货节</b>", "满减"]
    assert page.locator("#banners a").get_attribute("href") == "/sale"
    assert "店铺的规则放在这里" in (page.locator("#grid .card").first.text_content() or "")
    assert "店铺的规则 国货" in (page.locator("#grid .card").first.text_content() or "")
    page.unroute("**/v1/search*")
    search(page, "连衣裙")
    expect(page.locator("#banners")).to_be_hidden()


def test_another_query(page: Page) -> None:  # 2
    ruled(page, rewritten="连衣裙")
    search(page, "保温杯")
    expect(page.locator("#spelling")).to_have_text("已为您搜索“连衣裙”，仍然搜索“保温杯”")
    page.locator("#spelling").get_by_text("仍然搜索").click()
    expect(page.locator("#spelling")).to_be_hidden()
    assert "ignore=rewrite" in page.url
