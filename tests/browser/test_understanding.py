"""What was understood of a query, on the page.

1. A wish said in words is a chip; taking it away changes the list and the URL, and it can be put back.
2. A wish that left too little is shown as relaxed; an order that was said is shown, and another can be chosen.
3. The pieces of a query are named; unfolded there are the weights of its words, its categories and its intent.
4. Another spelling says what was searched, and what was typed can be searched instead.
5. An empty answer says why, and each of its links leads to hits.
6. On a phone nothing of it scrolls sideways.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

from tests.browser.test_page import ids, prices, search, sideways, total

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect

CUPS = "保温杯100元以内"


def test_a_wish_is_a_chip(page: Page) -> None:  # 1
    all_cups = search(page, "保温杯")
    few = search(page, CUPS)
    assert 0 < few < all_cups
    assert max(prices(page)) <= 100
    chip = page.locator("#wishes button")
    expect(chip).to_have_text("¥100 以内 ✕")
    chip.click()
    expect(chip).to_have_text("＋ ¥100 以内")
    assert "ignore=price:3-9" in unquote(page.url)
    assert total(page) > few
    page.reload()
    expect(chip).to_have_text("＋ ¥100 以内")
    chip.click()
    expect(chip).to_have_text("¥100 以内 ✕")
    assert total(page) == few


def test_relaxed_and_ordered(page: Page) -> None:  # 2
    search(page, "保温杯 99999元以上")
    expect(page.locator("#wishes")).to_contain_text("已放宽：")
    search(page, "最便宜的保温杯")
    expect(page.locator("#sorts [aria-pressed=true]")).to_have_text("价格 ↑")
    assert prices(page) == sorted(prices(page))
    page.locator("#sorts button", has_text="综合").click()
    expect(page.locator("#sorts [aria-pressed=true]")).to_have_text("综合")
    expect(page.locator("#wishes .ignored")).to_be_visible()


def test_the_pieces_are_named(page: Page) -> None:  # 3
    search(page, "送妈妈的保温杯100元以内")
    reading = page.locator("#reading")
    assert re.sub(r"\s", "", reading.locator("summary").inner_text()) == "理解送妈妈人群的保温杯商品100元以内条件"
    reading.locator("summary").click()
    expect(reading).to_contain_text("每个词有多要紧")
    shares = [float(text) for text in reading.locator(".row small").all_inner_texts() if "%" not in text]
    assert max(shares) == 1.0
    strength = re.search(r"说清了 (\d+)%", reading.inner_text())
    assert strength is not None
    parts = [float(text.split()[-1]) for text in reading.locator(".parts-of > span").all_inner_texts()]
    assert sum(parts) == pytest.approx(int(strength[1]) / 100, abs=0.03)
    reading.locator(".row .link").first.click()
    expect(page.locator("#chips")).to_contain_text("分类：")


def correct(page: Page, correction: dict[str, Any]) -> None:
    """The answers of the server, with this correction where the spelling is not ignored."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        if "ignore=correction" not in route.request.url:
            body["understood"]["correction"] = correction
        route.fulfill(response=response, json=body)

    page.route("**/v1/search**", answer)


@pytest.mark.parametrize(
    ("action", "line", "link"),
    [
        ("replace", "已为您搜索“保温杯”，仍然搜索“保文杯”", "仍然搜索“保文杯”"),
        ("both", "也为您搜索了“保温杯”，只搜索“保文杯”", "只搜索“保文杯”"),
    ],
)
def test_a_correction_can_be_taken_back(page: Page, action: str, line: str, link: str) -> None:  # 4
    correct(page, {"text": "保温杯", "kind": "pinyin", "confidence": 0.9, "action": action})
    search(page, "保文杯")
    expect(page.locator("#spelling")).to_have_text(line)
    page.get_by_role("button", name=link).click()
    expect(page.locator("#spelling")).to_have_text("按原词“保文杯”搜索，恢复自动更正")
    page.get_by_role("button", name="恢复自动更正").click()
    expect(page.locator("#spelling")).to_have_text(line)


def test_an_offered_spelling_is_a_link(page: Page) -> None:  # 4
    correct(page, {"text": "保温杯", "kind": "pinyin", "confidence": 0.6, "action": "suggest"})
    search(page, "保文杯100元以内")
    expect(page.locator("#spelling")).to_have_text("您是不是要找 保温杯？")
    page.locator("#spelling .link").click()
    # What else was said is still meant.
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value("保温杯 100元以内")


def test_an_empty_answer_leads_out(page: Page) -> None:  # 5
    page.goto(f"/?q=保温杯&brand={quote('没有这个牌子')}&in_stock=true")
    cause = page.locator("#state .causes li", has_text="品牌：没有这个牌子")
    link = cause.locator(".link")
    expect(link).to_be_visible()
    promised = re.search(r"有 (\d+) 件", link.inner_text())
    assert promised is not None
    link.click()
    expect(page.locator(".card").first).to_be_visible()
    assert total(page) == int(promised[1])
    page.goto("/?q=" + quote("！！！"))
    expect(page.locator("#state .causes")).to_contain_text("没有可以搜索的字")
    page.locator("#state .examples button").first.click()
    expect(page.locator(".card").first).to_be_visible()
    assert ids(page)


def test_a_phone_shows_it_all(phone: Page) -> None:  # 6
    search(phone, "送妈妈的红色316不锈钢保温杯100元以内包邮七天无理由不要塑料")
    expect(phone.locator("#wishes button").first).to_be_visible()
    phone.locator("#reading summary").click()
    expect(phone.locator(".insight")).to_be_visible()
    assert sideways(phone) == 0
    phone.goto(f"/?q=保温杯&brand={quote('长' * 60)}")
    expect(phone.locator("#state .causes")).to_be_visible()
    assert sideways(phone) == 0
