"""What is said in videos, on the page, against a service over a small demo mall with videos.

1. A card carries the moment in which its product is shown; a press opens the player at that second, where the line of
   that second stands out and the product on the screen, too; the moments that speak to the query are a press away.
2. Who asks how to choose sees videos first; who names a thing sees no video before the goods.
3. What can be searched after a video leads to a list that knows where it was come from; back leads into the video.
4. Back keeps the place: from a product to the second it was left at, from there to the list as it was.
5. A product on a screen has a badge with the price said, and its room says so, for as long as it is on air.
6. A product says where it is shown.
7. What was watched is kept, with how long.
8. All of it fits a phone, works by keyboard, and is readable for all.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest

from tests.browser.conftest import DESKTOP, PHONE, open_page
from tests.browser.test_access import faint, levels, nameless
from tests.browser.test_acts import kept, of
from tests.browser.test_page import ids, search, sideways
from tests.browser.test_shopper import be

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect


@dataclass(frozen=True, slots=True)
class Shown:
    """A product, and a moment in which a video shows it."""

    product: str
    title: str
    video: str
    start: float
    quote: str


@pytest.fixture
def page(browser: Browser, shoppers: str) -> Iterator[Page]:
    for opened in open_page(browser, shoppers, DESKTOP):
        # Nothing plays by itself for who wants no motion.
        opened.emulate_media(reduced_motion="reduce")
        yield opened


@pytest.fixture
def phone(browser: Browser, shoppers: str) -> Iterator[Page]:
    for opened in open_page(browser, shoppers, PHONE):
        opened.emulate_media(reduced_motion="reduce")
        yield opened


def shown_by(page: Page, mall: Path, kind: str = "video") -> Shown:
    """The first product of the feed that a video of this kind surely shows."""
    for line in (mall / "mall" / "videos.jsonl").read_text().splitlines():
        video = json.loads(line)
        marked = [one for one in video.get("products", ()) if "start" in one]
        if video["kind"] != kind or not marked:
            continue
        product = page.request.get(f"/v1/products/{marked[0]['product_id']}")
        found = page.request.get(f"/v1/products/{marked[0]['product_id']}/moments")
        here = [one for one in found.json().get("moments", ()) if one["video_id"] == video["id"] and one["at"] > 2]
        if product.ok and here:
            title = product.json()["product"]["title"]
            return Shown(marked[0]["product_id"], title, video["id"], here[0]["at"], here[0]["quote"])
    raise AssertionError(f"no {kind} shows anything")


def say(page: Page, room: str, state: str, **more: Any) -> None:
    body = {"state": state, "ts": time.time(), **more}
    assert page.request.post(f"/v1/live/{room}/state", data=body).ok


def watch(page: Page, shown: Shown) -> None:
    """Searches the product and opens its first moment."""
    search(page, shown.title)
    page.locator(f'.card[data-id="{shown.product}"] .moment').click()
    expect(page.locator("#watch-title")).to_be_visible()


def order(page: Page) -> list[str]:
    """What the grid holds, block by block."""
    found: list[str] = page.locator("#grid > *").evaluate_all("all => all.map(one => one.className.split(' ')[0])")
    return found


def test_a_moment_opens_the_player_at_its_second(page: Page, small_mall: Path) -> None:  # 1
    shown = shown_by(page, small_mall)
    search(page, shown.title)
    moment = page.locator(f'.card[data-id="{shown.product}"] .moment')
    expect(moment).to_contain_text(re.compile(r"\d:\d\d"))
    asked = re.search(r"t=([\d.]+)", moment.get_attribute("href") or "")
    assert asked is not None
    moment.click()
    expect(page.locator("#watch-title")).to_be_visible()
    assert f"video={shown.video}&t={asked[1]}" in page.url
    record = page.request.get(f"/v1/videos/{shown.video}").json()
    line = [one["text"] for one in record["segments"] if one["start"] <= float(asked[1]) + 0.01][-1]
    expect(page.locator(".line[aria-current] .saying")).to_contain_text(line)
    expect(page.locator(".words")).to_have_text(line)
    expect(page.locator(".shown .on a")).to_have_text(shown.title)
    page.locator("button.line").last.click()
    page.locator(".spots").get_by_role("button", name=re.compile(re.escape(line[:6]))).click()
    expect(page.locator(".words")).to_have_text(line)
    # Another line, another second.
    page.locator("button.line").first.click()
    expect(page.locator("button.line").first).to_have_attribute("aria-current", "true")
    assert f"video={shown.video}&t=" in page.url


def test_what_is_asked_decides_who_leads(page: Page, small_mall: Path) -> None:  # 2
    search(page, "保温杯怎么选")
    assert order(page)[0] == "clips"
    search(page, shown_by(page, small_mall).title)
    found = order(page)
    assert found[0] == "card"
    assert "card" not in found[found.index("clips") :] if "clips" in found else True


def test_what_to_search_after_it(page: Page, small_mall: Path) -> None:  # 3
    shown = shown_by(page, small_mall)
    watch(page, shown)
    chip = page.locator(".after button").nth(1)  # the first names a brand, too, and carries nothing
    text = chip.inner_text()
    chip.click()
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value(text)
    expect(page.locator("#watch")).to_be_hidden()
    expect(page.locator(".card").first).to_be_visible()
    assert f"came_from=video:{shown.video}" in unquote(page.url)
    expect(page.locator("#carried button")).to_contain_text("带着刚看过的：")
    page.go_back()
    expect(page.locator("#watch-title")).to_be_visible()
    expect(page.get_by_role("combobox", name="搜索商品")).to_have_value(shown.title)


def test_back_keeps_the_place(page: Page, small_mall: Path) -> None:  # 4
    shown = shown_by(page, small_mall)
    watch(page, shown)
    hits = ids(page)
    page.locator("button.line").last.click()
    words = page.locator(".words").inner_text()
    page.locator(".shown a").first.click()
    expect(page.locator("#item .called")).to_be_visible()
    expect(page.locator("#watch")).to_be_hidden()
    page.go_back()
    expect(page.locator("#item")).to_be_hidden()
    expect(page.locator(".words")).to_have_text(words)
    page.go_back()
    expect(page.locator("#watch")).to_be_hidden()
    assert ids(page) == hits
    page.go_forward()
    expect(page.locator(".words")).to_have_text(words)
    page.keyboard.press("Escape")
    expect(page.locator("#watch")).to_be_hidden()
    assert "#" not in page.url


def test_on_air_and_off_again(page: Page, small_mall: Path) -> None:  # 5
    shown = shown_by(page, small_mall, "live")
    say(page, shown.video, "on_air", product_id=shown.product, price=12.5)
    search(page, shown.title)
    badge = page.locator(f'.card[data-id="{shown.product}"] .onair')
    expect(badge).to_have_text("直播中¥12.5")
    badge.click()
    expect(page.locator("#watch-title")).to_be_visible()
    expect(page.locator(".about .badge")).to_have_text("直播中")
    expect(page.locator(".air")).to_contain_text("主播说 ¥12.5")
    expect(page.locator(".air a")).to_have_text(shown.title)
    say(page, shown.video, "on_air", product_id=None)
    expect(page.locator(".air")).to_contain_text("屏幕上没有商品")
    page.locator("#unwatch").click()
    page.locator("#home").click()
    expect(page.locator(f'.roomlet[data-id="{shown.video}"]')).to_contain_text("直播中")
    page.locator(f'.roomlet[data-id="{shown.video}"]').click()
    expect(page.locator(".about .badge")).to_have_text("直播中")
    say(page, shown.video, "off_air")
    expect(page.locator(".air")).to_contain_text("已经下播")
    expect(page.locator(".about .badge")).to_have_text("直播回放")
    page.keyboard.press("Escape")
    expect(page.locator("#rooms")).to_be_hidden()
    search(page, shown.title)
    expect(page.locator(".onair")).to_have_count(0)


def test_a_product_says_where_it_is_shown(page: Page, small_mall: Path) -> None:  # 6
    shown = shown_by(page, small_mall)
    page.goto(f"/?item={shown.product}")
    page.locator(".told-of .moment", has_text=shown.quote[:8]).first.click()
    expect(page.locator("#watch-title")).to_be_visible()
    page.go_back()
    expect(page.locator("#watch")).to_be_hidden()
    expect(page.locator("#item .called")).to_have_text(shown.title)


def test_what_was_watched_is_kept(page: Page, small_mall: Path) -> None:  # 7
    be(page, "viewer")
    page.locator("#leave").click()
    shown = shown_by(page, small_mall)
    watch(page, shown)
    page.locator("button.line").first.click()
    page.get_by_role("button", name="播放").click()
    expect(page.locator(".controls .time")).to_contain_text(re.compile(r"0:(0[2-9]|[1-5]\d) /"))
    page.locator("#unwatch").click()
    [event] = of(kept(page, "viewer", "video", watch=1), "watch")
    assert (event["item_id"], event["kind"], event["surface"], event["query"]) == (
        shown.video,
        "video",
        "video",
        shown.title,
    )
    assert 1 <= event["watch_s"] < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, small_mall: Path, scheme: Any) -> None:  # 8
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    live = shown_by(page, small_mall, "live")
    say(page, live.video, "on_air", product_id=live.product, price=12.5)
    page.reload()
    expect(page.locator(".roomlet").first).to_be_visible()
    assert faint(page) == []
    search(page, "保温杯怎么选")
    expect(page.locator(".clip").first).to_be_visible()
    assert faint(page) == []
    assert all(after <= before + 1 for before, after in zip(levels(page), levels(page)[1:], strict=False))
    page.locator(".clip h3 a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#watch-title")).to_be_visible()
    page.locator("button.line").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator("button.line").nth(2)).to_have_attribute("aria-current", "true")
    assert faint(page) == []
    assert nameless(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".clip h3 a").first).to_be_focused()
    page.goto(f"/#video={quote(live.video)}")
    expect(page.locator(".air a")).to_be_visible()
    assert faint(page) == []
    say(page, live.video, "off_air")


def test_a_phone_shows_it_all(phone: Page, small_mall: Path) -> None:  # 8
    search(phone, "保温杯怎么选")
    expect(phone.locator(".clip").first).to_be_visible()
    assert sideways(phone) == 0
    phone.locator(".clip h3 a").first.click()
    expect(phone.locator("#watch-title")).to_be_visible()
    assert phone.evaluate("document.querySelector('#clip').scrollWidth <= innerWidth")
    phone.goto("/#video=nothing")
    expect(phone.locator("#clip")).to_contain_text("没有这个视频")
