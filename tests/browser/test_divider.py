"""The divider of a list in a real browser.

1. It stands once, before the first hit that is near, and says so; the count names both parts. Loading more adds no
   second one.
2. Where nothing is above, it stands before the first hit with the ways out, and what they offer is taken; on a phone
   nothing scrolls sideways.
3. Without anything near there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_page import further, ids, search, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
WAY: dict[str, Any] = {"kind": "constraint", "text": "“¥10 以内”没有商品符合", "hits_without": 9,
       "action": {"ignore": ["price:3-8"], "drop_filters": [], "query": None}}  # fmt: skip
MOOT: dict[str, Any] = {"kind": "no_match", "text": "没有商品符合这个说法", "hits_without": None,
        "action": {"ignore": [], "drop_filters": [], "query": None}}  # fmt: skip


def divided(page: Page, above: int, causes: list[dict[str, Any]] | None = None) -> None:
    """Every answer has so many hits above the divider, and its other hits under it."""

    def answer(route: Route) -> None:
        given = route.fetch().json()
        everything = given["total"]["value"] + given["near"]
        given["total"]["value"], given["near"], given["blocks"] = above, everything - above, []
        given["divider"] = ("以下相近" if above else "没有完全符合的，以下相近") if everything > above else None
        for hit in given["hits"]:
            hit["near"] = hit["rank"] > above
        if causes is not None:
            given["understood"]["autopsy"] = {"causes": causes, "suggestions": []}
        route.fulfill(json=given)

    page.route("**/v1/search*", answer)


def in_order(page: Page) -> list[str]:
    """What stands in the list: ``|`` for the divider, ``.`` for a card."""
    of: Callable[[str], Any] = page.locator("#grid > .card, #grid > .divider").evaluate_all
    return list(of("all => all.map(one => one.matches('.card') ? '.' : '|')"))


def test_it_stands_before_what_is_near(page: Page) -> None:  # 1
    divided(page, 2)
    assert search(page, "保温杯") == 2
    line = page.get_by_role("heading", name="以下相近", exact=True)
    expect(line).to_be_visible()
    assert in_order(page) == ["."] * 2 + ["|"] + ["."] * 22
    expect(page.locator("#count")).to_contain_text("件相近")
    further(page, 48)
    assert in_order(page).count("|") == 1
    assert len(set(ids(page))) == len(ids(page))


def test_it_may_stand_on_a_later_page(page: Page) -> None:  # 1
    divided(page, 30)
    search(page, "保温杯")
    assert in_order(page) == ["."] * 24
    further(page, 48)
    assert in_order(page)[:49] == ["."] * 30 + ["|"] + ["."] * 18


def test_nothing_is_above(phone: Page) -> None:  # 2
    divided(phone, 0, [WAY, MOOT])
    search(phone, "保温杯 10元以内")
    expect(phone.get_by_role("heading", name="没有完全符合的，以下相近")).to_be_visible()
    assert in_order(phone)[:2] == ["|", "."]
    expect(phone.locator("#count")).to_contain_text("没有完全符合的")
    expect(phone.locator("#state")).to_be_hidden()
    expect(phone.locator("#grid .causes li")).to_have_count(1)
    assert sideways(phone) == 0
    phone.unroute("**/v1/search*")
    phone.get_by_role("button", name="去掉它，有 9 件").click()
    expect(phone.locator("#grid .divider")).to_have_count(0)
    assert "ignore=price" in phone.url


def test_without_anything_near(page: Page) -> None:  # 3
    divided(page, 10_000)
    search(page, "保温杯")
    assert in_order(page) == ["."] * 24
