"""The list under the search box, in a browser:

1. What is typed is completed; the arrows choose and say what is chosen, Enter searches it, Escape gives back what was
   typed.
2. Pinyin completes, too; a line within a category searches there.
3. An empty box shows what was searched here before and what many search, and forgets the first when told to.
4. On a phone each line is high enough for a thumb, and a tap searches it.
5. An empty box says what may be wanted next, and searches that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, open_page
from tests.browser.test_page import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

THUMB = 44
"""Pixels: target size of WCAG 2.2, level AAA."""


@pytest.fixture(scope="module")
def asked(shoppers: str) -> str:
    """The address of a service that has looked at what shoppers ask."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not httpx2.get(f"{shoppers}/v1/suggest/hot", timeout=PATIENCE_MS / 1000).json()["hot"]:
        assert time.monotonic() < ends
        time.sleep(0.1)
    return shoppers


@pytest.fixture
def page(browser: Browser, asked: str) -> Iterator[Page]:
    yield from open_page(browser, asked, DESKTOP)


@pytest.fixture
def phone(browser: Browser, asked: str) -> Iterator[Page]:
    yield from open_page(browser, asked, PHONE)


def options(page: Page) -> Locator:
    return page.locator("#suggestions [role=option]")


def typed(page: Page, text: str) -> list[str]:
    """What is suggested for a text that is typed, once just that is shown."""
    page.locator("#q").fill("")
    with page.expect_response(lambda answer: parse_qs(urlsplit(answer.url).query).get("q") == [text]) as answer:
        page.locator("#q").press_sequentially(text)
    found = [str(one["text"]) for one in answer.value.json()["suggestions"]]
    expect(options(page).locator("span")).to_have_text(found)
    return found


def test_arrows(page: Page) -> None:  # 1
    found = typed(page, "保")
    box = page.locator("#q")
    assert found
    assert all(text.startswith("保") for text in found)
    assert (box.get_attribute("aria-expanded"), box.get_attribute("role")) == ("true", "combobox")
    box.press("ArrowDown")
    chosen = page.locator("#suggestions [aria-selected=true]")
    assert (chosen.count(), chosen.get_attribute("id")) == (1, box.get_attribute("aria-activedescendant"))
    assert box.input_value() == found[0]
    box.press("Escape")
    assert (box.input_value(), box.get_attribute("aria-expanded")) == ("保", "false")
    box.press("ArrowDown")
    options(page).first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    assert box.input_value() == found[0]
    assert options(page).count() == 0


def test_pinyin_and_categories(page: Page) -> None:  # 2
    assert "连衣裙" in typed(page, "lyq")
    assert "保温杯" in typed(page, "bwb")
    inside = page.locator("#suggestions [role=option]", has_text="里搜").first
    inside.click()
    page.wait_for_url(lambda url: "category=" in url)


def test_history(page: Page) -> None:  # 3
    page.locator("#q").fill("保温杯")
    page.locator("#q").press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    page.goto("/")
    page.locator("#q").click()
    options(page).first.wait_for()
    assert page.locator("#suggestions .title").all_inner_texts() == ["搜索历史", "大家都在搜"]
    assert options(page).first.inner_text() == "保温杯"
    page.locator("#suggestions", has_text="清空").get_by_text("清空搜索历史").click()
    page.get_by_text("搜索历史", exact=True).wait_for(state="detached")
    assert page.locator("#suggestions .title").all_inner_texts() == ["大家都在搜"]


def test_on_a_phone(phone: Page) -> None:  # 4
    phone.locator("#q").click()
    typed(phone, "bao")
    boxes = [line.bounding_box() for line in options(phone).all()]
    assert all(box and box["height"] >= THUMB and box["x"] >= 0 for box in boxes)
    options(phone).first.click()
    phone.wait_for_url(lambda url: "q=" in url)


def test_shade(page: Page) -> None:  # 5
    page.locator("#q[data-shade]:not([data-shade=''])").wait_for()
    shade = page.locator("#q").get_attribute("placeholder")
    page.locator("#q").press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    assert page.locator("#q").input_value() == shade
