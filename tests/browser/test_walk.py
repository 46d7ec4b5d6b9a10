"""The whole mall in one walk, as a shopper and then as its operator, on a desktop and on a phone.

1. Suggestion → search → a chip taken back → a facet → the third page → a moment → its product → one like it → the shop
   → an interest taken away → no personal order any more; then, at the desk, a rule is previewed and published, and seen
   on the page. Wherever the walk comes nothing scrolls sideways, and there is one first heading.

`XUNHUO_TEST_SHOTS` names a folder for a picture of every step.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.server import SETTINGS, worker_app
from configs.settings import load_settings
from demo.recommended import TASTES
from tests.browser.conftest import DESKTOP, PHONE, QUICK, open_page, served
from tests.browser.test_access import levels
from tests.browser.test_desk import press, settled
from tests.browser.test_page import further, ids, sideways, total
from tests.browser.test_shopper import become
from tests.browser.test_videos import shown_by

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
SAID = "送妈妈的保温杯100元以内"
VIEWS = {"desktop": (DESKTOP, TASTES[0]), "phone": (PHONE, TASTES[1])}
"""How it is looked at, and by whom: one who switched something off stays so."""


@pytest.fixture(scope="module")
def own_data(small_mall: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a mall whose rules are nobody else's."""
    return shutil.copytree(small_mall, tmp_path_factory.mktemp("walk"), dirs_exist_ok=True)


@pytest.fixture(scope="module")
def own_mall(own_data: Path) -> Iterator[str]:
    """Its address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS, load_settings(overrides=QUICK, data_dir=own_data).model_dump_json())
        app = worker_app()
    yield from served(app)


@dataclass
class Walk:
    """Where the walk is, and what was seen on the way."""

    page: Page
    data: Path
    folder: Path | None
    name: str
    shopper: str
    steps: list[str] = field(default_factory=list)

    def seen(self, step: str, whole: bool = True) -> None:
        """A step is done: how the page looks, and what holds of every page."""
        self.steps.append(step)
        if self.folder:
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=self.folder / f"{self.name}-{len(self.steps):02}-{step}.png")
        if whole:
            assert (step, sideways(self.page)) == (step, 0)
            assert (step, levels(self.page).count(1)) == (step, 1)


@pytest.fixture(params=VIEWS)
def walk(request: Any, browser: Browser, own_data: Path, own_mall: str) -> Iterator[Walk]:
    folder = Path(os.environ["XUNHUO_TEST_SHOTS"]) if os.environ.get("XUNHUO_TEST_SHOTS") else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    view, shopper = VIEWS[request.param]
    for page in open_page(browser, own_mall, view):
        page.on("dialog", lambda dialog: dialog.accept())
        yield Walk(page, own_data, folder, request.param, shopper)


def test_the_whole_walk(walk: Walk) -> None:  # 1
    suggestion_and_search(walk)
    chip_facet_and_third_page(walk)
    moment_product_and_shop(walk)
    interests(walk)
    desk(walk)
    assert len(walk.steps) == 15


def suggestion_and_search(walk: Walk) -> None:
    page = walk.page
    expect(page.locator("#offers .card").first).to_be_visible()
    walk.seen("start")
    become(page, walk.shopper)
    expect(page.locator("#feed-title")).to_contain_text(walk.shopper)
    walk.seen("feed")
    page.locator("#q").press_sequentially("bwb")
    option = page.locator("#suggestions [role=option]", has_text="保温杯").first
    option.wait_for()
    walk.seen("suggestions")
    option.click()
    page.wait_for_url(lambda url: "q=" in url)
    assert total(page) > 0
    walk.seen("search")


def chip_facet_and_third_page(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("combobox", name="搜索商品").fill(SAID)
    page.keyboard.press("Enter")
    chip = page.locator("#wishes button").first
    expect(chip).to_be_visible()
    walk.seen("chips")
    chip.click()
    expect(page.locator("#wishes .ignored").first).to_be_visible()
    before = total(page)
    if walk.name == "phone":
        page.get_by_role("button", name="筛选").click()
    page.get_by_text("仅看有货").first.click()
    expect(page.locator("#chips")).to_contain_text("仅看有货")
    assert 48 < total(page) < before
    if walk.name == "phone":
        walk.seen("drawer")
        page.locator("#done").click()
    else:
        walk.seen("facet")
    further(page, 49)
    found = ids(page)
    assert len(found) == len(set(found))
    walk.seen("third-page")


def moment_product_and_shop(walk: Walk) -> None:
    page = walk.page
    shown = shown_by(page, walk.data)
    page.get_by_role("combobox", name="搜索商品").fill(shown.title)
    page.keyboard.press("Enter")
    page.locator(f'.card[data-id="{shown.product}"] .moment').click()
    expect(page.locator("#watch-title")).to_be_visible()
    walk.seen("moment", whole=False)
    page.locator("#watch .shown a").first.click()
    called = page.locator("#item .called")
    expect(called).to_be_visible()
    similar = page.locator(".rail", has_text="相似的").locator("a")
    expect(similar.first).to_be_visible()
    walk.seen("product")
    like_it = similar.first.locator("span").first.inner_text()
    similar.first.click()
    expect(called).to_have_text(like_it)
    expect(similar.first).to_be_visible()
    walk.seen("similar")
    page.locator("#item .shop a").click()
    expect(page.locator("#mall .rail").first).to_be_visible()
    walk.seen("shop")


def interests(walk: Walk) -> None:
    page = walk.page
    page.locator("#who").click()
    first = page.get_by_role("button", name=re.compile("^去掉：")).first
    label = first.get_attribute("aria-label") or ""
    walk.seen("interests", whole=False)
    first.click()
    expect(page.locator("#said")).to_have_text(f"已去掉“{label.removeprefix('去掉：')}”")
    page.get_by_role("switch").uncheck()
    expect(page.locator("#said")).to_contain_text("已关掉")
    walk.seen("switched-off", whole=False)
    page.locator("#leave").click()
    page.get_by_role("combobox", name="搜索商品").fill("保温杯")
    page.keyboard.press("Enter")
    expect(page.locator("#personal")).to_contain_text("你关掉了按喜好排序")


def desk(walk: Walk) -> None:
    page = walk.page
    pinned, label = ids(page)[5], f"walk-{walk.name}"
    rule = f"rules:\n  - {{id: {label}, name: 走一遍, when: {{query: 保温杯}}, pin: {{id: {pinned}, at: 1}}}}\n"
    page.goto("/desk#rules")
    settled(page)
    page.locator("#page textarea").first.fill(rule)
    press(page, "预览")
    expect(page.get_by_role("region", name="保温杯 的前十").locator("tbody tr").first).to_contain_text(pinned)
    walk.seen("rule-previewed")
    press(page, "发布")
    expect(page.locator("#said")).to_contain_text("已经生效：1 条规则")
    page.goto("/?q=保温杯")
    expect(page.locator("#grid .card").first).to_have_attribute("data-id", pinned)
    walk.seen("rule-on-the-page")
