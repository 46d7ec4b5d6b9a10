"""The search page in a real browser, against a real server over a real index.

1. Typing a query shows its hits, their total and a count of all; examples on the empty page do the same.
2. Choosing a facet value gives as many documents as it counted; its chip takes it away again. Where the answer leaves
   values out, the facet says how many.
3. Sorting by price is monotone; a price range holds; loading more appends without a repeat.
4. The URL is the state: back, forward and reload show what was there.
5. Text is text: a query made of markup runs nothing and is shown as typed.
6. Every hit shows the parts of its score; an empty result and an error offer a way out.
7. On a phone nothing scrolls sideways and the filters are in a drawer; all works by keyboard.
8. The page loads nothing from elsewhere and breaks no policy of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect

ABOVE = "#grid > .card:not(.divider ~ .card) [data-price]"
"""Prices of what stands above the divider."""


def search(page: Page, query: str) -> int:
    """Types a query and gives the total that the page shows."""
    page.get_by_role("combobox", name="搜索商品").fill(query)
    page.keyboard.press("Enter")
    return total(page)


def total(page: Page) -> int:
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")
    return int(page.locator("#count b").inner_text().rstrip("+"))


def everything(page: Page) -> int:
    """How many hits the list has, those that are near among them."""
    near = re.search(r"另有 (\d+) 件相近", page.locator("#count").inner_text())
    return total(page) + int(near[1] if near else 0)


def ids(page: Page) -> list[str]:
    found: list[str] = page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.id)")
    return found


def further(page: Page, count: int) -> None:
    """Goes on in a list until so many hits are there: to its end, and by the button where it waits for one."""
    button = page.locator("#foot button")
    while (shown := len(ids(page))) < count:
        page.locator("#foot").scroll_into_view_if_needed()
        button.evaluate("button => button.click()")  # which does nothing while one is on its way
        expect(page.locator(".card").nth(shown)).to_be_attached()
        expect(button).to_be_enabled()  # none is on its way


def prices(page: Page) -> list[float]:
    shown = page.locator(ABOVE).evaluate_all("all => all.map(one => Number(one.dataset.price))")
    return [float(price) for price in shown]


def sideways(page: Page) -> int:
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond


def test_a_query_shows_its_hits(page: Page) -> None:
    expect(page.get_by_role("combobox", name="搜索商品")).to_be_focused()
    search(page, "保温杯")
    count = everything(page)
    assert count > 24
    assert len(ids(page)) == 24
    expect(page.locator(".card mark").first).to_contain_text("保温")
    expect(page.locator("#foot")).to_contain_text(f"已看 24 / {count} 件")
    assert "保温杯" in page.title()


def test_an_example_is_a_query(page: Page) -> None:
    page.get_by_role("button", name="汉服").click()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value("汉服")


def test_what_a_facet_leaves_out_is_said(page: Page) -> None:
    def cut(route: Route) -> None:
        answer = route.fetch().json()
        left_out = [("brand", None, 41), ("attributes", "颜色", 7), ("attributes", None, 9)]
        answer["facets_truncated"] = [{"facet": f, "attribute": a, "more": more} for f, a, more in left_out]
        route.fulfill(json=answer)

    page.route("**/v1/search*", cut)
    search(page, "保温杯")
    for button in page.locator("#panel button.more").all():
        if "展开" in button.inner_text():
            button.click()
    expect(page.locator("#panel [data-facet=brand] .cut")).to_have_text("还有 41 项没有列出")
    colours = page.locator("#panel [data-facet=attr]").filter(has=page.get_by_text("颜色", exact=True))
    expect(colours.locator(".cut")).to_have_text("还有 7 项没有列出")
    expect(page.locator("#panel .cut")).to_have_count(2)


@pytest.mark.parametrize("facet", ["brand", "category", "label", "service", "price"])
def test_a_facet_value_gives_what_it_counted(page: Page, facet: str) -> None:
    before = search(page, "保温杯")
    option = page.locator(f"#panel [data-facet={facet}] label").first
    count = int(option.locator("small").inner_text())
    option.click()
    chip = page.locator("#chips button").first
    expect(chip).to_be_visible()
    assert total(page) == count
    chip.click()
    expect(page.locator("#chips")).to_be_hidden()
    assert total(page) == before


def test_sorting_by_price_is_monotone(page: Page) -> None:
    search(page, "保温杯")
    for pressed, reverse in (("价格 ↑", False), ("价格 ↓", True)):
        page.locator("#sorts button", has_text="价格").click()
        expect(page.locator("#sorts [aria-pressed=true]")).to_have_text(pressed)
        total(page)
        shown = prices(page)
        assert len(shown) > 5
        assert shown == sorted(shown, reverse=reverse)


def test_a_price_range_holds(page: Page) -> None:
    search(page, "保温杯")
    page.get_by_label("最低价").fill("120")
    page.get_by_label("最高价").fill("60")
    page.keyboard.press("Enter")
    expect(page.locator("#chips")).to_contain_text("¥60–120")
    total(page)
    assert prices(page)
    assert all(60 <= price <= 120 for price in prices(page))


def test_a_list_goes_on_without_a_repeat(page: Page) -> None:
    search(page, "保温杯")
    count, first = everything(page), ids(page)
    further(page, count)
    all_ids = ids(page)
    assert all_ids[: len(first)] == first
    assert len(all_ids) == len(set(all_ids)) == count
    expect(page.locator("#foot [role=status]")).to_have_text(f"已看完全部 {count} 件")
    expect(page.locator("#foot button")).to_be_hidden()


def test_the_url_is_the_state(page: Page) -> None:
    search(page, "保温杯")
    cups = ids(page)
    page.get_by_text("仅看有货").first.click()
    expect(page.locator("#chips")).to_contain_text("仅看有货")
    in_stock = total(page)
    search(page, "汉服")
    robes = ids(page)
    page.go_back()
    expect(page.locator("#chips")).to_contain_text("仅看有货")
    assert total(page) == in_stock
    page.go_back()
    expect(page.locator("#chips")).to_be_hidden()
    total(page)
    assert ids(page) == cups
    page.go_back()
    expect(page.locator("#results")).to_be_hidden()
    for _ in range(3):
        page.go_forward()
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value("汉服")
    page.reload()
    expect(page.locator(".card").first).to_be_visible()
    assert ids(page) == robes


@pytest.mark.parametrize("parameter", ["q", "brand", "attr", "price_min"])
def test_markup_is_text(page: Page, parameter: str) -> None:
    attack = "<img src=x onerror=\"document.title='owned'\">"
    page.goto(f"/?q=杯&{parameter}={quote(attack)}" if parameter != "q" else f"/?q={quote(attack)}")
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")
    assert page.locator("img").count() == 0
    assert page.title() != "owned"
    shown = (
        page.get_by_role("combobox", name="搜索商品").input_value()
        if parameter == "q"
        else page.locator("#chips").inner_text()
    )
    # A chip shows an attribute as name：value.
    assert (attack.replace("=", "：", 1) if parameter == "attr" else attack) in shown


def test_a_hit_explains_its_score(page: Page) -> None:
    search(page, "保温杯")
    card = page.locator(".card").first
    card.locator("summary").click()
    parts = [float(text) for text in card.locator(".part p b").all_inner_texts()]
    whole = re.search(r"总分 ([\d.]+)", card.inner_text())
    assert whole is not None
    assert parts
    assert sum(parts) == pytest.approx(float(whole[1]), abs=1e-3)


def test_an_empty_result_offers_a_way_out(page: Page) -> None:
    page.goto(f"/?q=保温杯&brand={quote('没有这个牌子')}")
    expect(page.locator("#state")).to_contain_text("没有找到“保温杯”")
    page.get_by_role("button", name="清空筛选再找").click()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("#state")).to_be_hidden()


def test_an_error_says_what_to_do(page: Page) -> None:
    page.goto("/?q=保温杯&size=7&colour=1")
    expect(page.locator("#state")).to_contain_text("There is no such field: colour.")
    page.get_by_role("button", name="回到首页").click()
    expect(page.get_by_role("button", name="安化黑茶")).to_be_visible()


def test_a_lost_connection_can_be_retried(page: Page) -> None:
    page.route("**/v1/search**", lambda route: route.abort())
    page.get_by_role("button", name="汉服").click()
    expect(page.locator("#state")).to_contain_text("连不上服务")
    page.unroute("**/v1/search**")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".card").first).to_be_visible()


def test_a_phone_scrolls_one_way_and_filters_in_a_drawer(phone: Page) -> None:
    assert sideways(phone) == 0
    search(phone, "保温杯")
    assert sideways(phone) == 0
    expect(phone.locator("#side")).to_be_hidden()
    phone.get_by_role("button", name="筛选").click()
    option = phone.locator("#drawer [data-facet=brand] label").first
    count = int(option.locator("small").inner_text())
    option.click()
    expect(phone.locator("#done")).to_have_text(f"查看 {count} 件")
    phone.locator("#done").click()
    expect(phone.locator("#drawer")).to_be_hidden()
    assert total(phone) == count
    phone.locator(".card summary").first.click()
    assert sideways(phone) == 0
    phone.goto("/?q=" + quote("长" * 300))
    total(phone)
    assert sideways(phone) == 0


def test_the_keyboard_is_enough(page: Page) -> None:
    search(page, "保温杯")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="搜索商品")).to_be_focused()
    box = page.locator("#panel [data-facet=brand] input").first
    box.focus()
    key = box.get_attribute("data-key")
    page.keyboard.press("Space")
    expect(page.locator("#chips")).to_be_visible()
    total(page)
    expect(page.locator(f'[data-key="{key}"]')).to_be_focused()
    expect(page.locator(f'[data-key="{key}"]')).to_be_checked()
