"""The start page and what it leads to, against a service that knows the shoppers of a small demo mall.

1. Somebody sees a feed of their own, somebody else another one; it goes on as it is scrolled, and by a button, without
   a repeat.
2. What is looked at and clicked there is kept with its place, its surface, and by which policy, how probably.
3. What was clicked there goes along into the next search.
4. A thing has an address and a page, opened beside by a middle click; it shows what is like it. Back comes to the very
   list that it was pressed in, with the focus there; of what is not there the page says so, with 404.
5. What else is searched with a query is a press away.
6. A service without a feed has a start page all the same.
7. All of it fits a phone, and is readable for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from demo.recommended import TASTES
from tests.browser.conftest import DESKTOP, PHONE, open_page
from tests.browser.test_access import faint, levels, nameless
from tests.browser.test_acts import kept, of
from tests.browser.test_page import ids, search, sideways
from tests.browser.test_shopper import be, become

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect

OUTDOOR, MOTHER = TASTES[:2]
PAGE = 24


@pytest.fixture
def page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


@pytest.fixture
def phone(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, PHONE)


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    yield from open_page(browser, address, DESKTOP)


def feed(page: Page) -> list[str]:
    """The ids of a feed that has come."""
    expect(page.locator("#feed")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#offers .card").first).to_be_visible()
    return ids(page)


def test_a_feed_of_ones_own(page: Page) -> None:  # 1
    everybodys = feed(page)
    expect(page.locator("#feed-title")).to_have_text("大家都在看")
    page.locator("#try").get_by_role("button", name=OUTDOOR).click()
    expect(page.locator("#feed-title")).to_have_text(f"为{OUTDOOR}挑的")
    mine = feed(page)
    expect(page.locator("#offers .because").first).to_contain_text(re.compile("因为你|看过|买"))
    expect(page.locator("#try")).to_be_hidden()
    page.locator("#offers summary").first.click()
    expect(page.locator("#offers .part").first).to_be_visible()
    become(page, MOTHER)
    expect(page.locator("#feed-title")).to_have_text(f"为{MOTHER}挑的")
    assert len({tuple(everybodys[:PAGE]), tuple(mine[:PAGE]), tuple(feed(page)[:PAGE])}) == 3


def test_it_goes_on(page: Page) -> None:  # 1
    first = feed(page)
    assert len(first) == PAGE
    page.locator("#end").scroll_into_view_if_needed()
    expect(page.locator("#offers .card").nth(PAGE)).to_be_visible()
    shown = len(feed(page))
    page.get_by_role("button", name="再看一些").press("Enter")
    expect(page.locator("#offers .card").nth(shown)).to_be_attached()
    everything = feed(page)
    assert everything[:PAGE] == first
    assert len(everything) == len(set(everything))


def test_what_is_done_there_is_kept(page: Page) -> None:  # 2, 3
    be(page, "stroller")
    page.locator("#leave").click()
    second = page.locator("#offers .card").nth(1)
    expect(second).to_be_visible()
    feed(page)
    item = second.get_attribute("data-id")
    second.locator(".title a").click()
    expect(page.locator("#item .lead")).to_be_visible()
    title = page.locator("#item .called").inner_text()
    events = kept(page, "stroller", "feed", click=1, impression=1)
    [click] = of(events, "click")
    assert (click["item_id"], click["position"], click["surface"]) == (item, 1, "feed")
    for one in (click, *of(events, "impression")):
        assert one["policy"].startswith("feed")
        assert 0 < one["propensity"] <= 1
    noun = page.request.get(f"/v1/products/{item}").json()["product"]["category"]
    search(page, (noun if isinstance(noun, str) else noun[-1]).split("/")[-1])
    expect(page.locator("#carried button")).to_contain_text("带着刚看过的：")
    assert title


def test_a_thing_and_what_goes_with_it(page: Page) -> None:  # 4
    offers = feed(page)
    called, link = page.locator("#item .called"), page.locator("#offers .title a").nth(2)
    title = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(called).to_have_text(title)
    page.go_back()
    expect(called).to_have_count(0)
    expect(link).to_be_focused()
    assert ids(page) == offers
    with page.context.expect_page() as opened:
        link.click(button="middle")
    expect(opened.value.locator("#item .called")).to_have_text(title)
    opened.value.close()
    link.click()
    expect(called).to_have_text(title)
    assert page.url.endswith(f"/?item={offers[2]}")
    page.reload()
    expect(called).to_have_text(title)
    expect(page).to_have_title(f"{title} - 寻货")
    tile = page.locator(".rail", has_text="相似的").locator("a").first
    like_it = tile.locator("span").first.inner_text()
    tile.click()
    expect(called).to_have_text(like_it)
    page.go_back()
    expect(called).to_have_text(title)
    answer = page.goto("/?item=nothing")
    assert answer
    assert answer.status == 404
    expect(page.locator("#item")).to_contain_text("没有这件商品")
    page.get_by_role("link", name="回到首页", exact=True).click()
    expect(page.locator("#offers .card").first).to_be_visible()


def test_what_else_is_searched(page: Page) -> None:  # 5
    # In a small mall few ask the same; which queries have others is the chance of its seed.
    things = ("保温杯", "跑鞋", "连衣裙", "牛仔裤", "茶叶", "炒锅", "猫粮", "面膜", "耳机", "奶瓶", "羽绒服", "坚果")
    asked = next(t for t in things if page.request.get("/v1/queries/related", params={"q": t}).json()["related"])
    search(page, asked)
    other = page.locator("#related button").first
    text = other.inner_text()
    other.click()
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value(text)
    expect(page.locator(".card").first).to_be_visible()


def test_no_feed(plain: Page) -> None:  # 6
    expect(plain.locator("#feed")).to_be_hidden()
    expect(plain.get_by_role("button", name="汉服")).to_be_visible()
    plain.locator("#who").click()
    assert plain.locator("#people b").all_inner_texts() == ["访客", "没有人"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, scheme: Any) -> None:  # 7
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    become(page, OUTDOOR)
    feed(page)
    assert faint(page) == []
    assert nameless(page) == []
    found = levels(page)
    assert (found[0], found.count(1)) == (1, 1)
    page.locator("#offers .title a").first.click()
    expect(page.locator(".rail").first).to_be_visible()
    assert faint(page) == []


def test_a_phone_shows_it_all(phone: Page) -> None:  # 7
    feed(phone)
    assert sideways(phone) == 0
    phone.locator("#offers .title a").first.click()
    expect(phone.locator(".rail").first).to_be_visible()
    assert sideways(phone) == 0
