"""The operator's desk, in a real browser, over a service that asks for keys:

1. Without a key the page is there and shows nothing; the key that is typed in stays in the tab, and in no address.
2. A query is explained: its parts sum to the score.
3. A rule is previewed, published, and seen in the explorer; the version before is put back.
4. A take-down is tried out before it can be made; made, its product is in no answer; restored, it is back.
5. A set of queries is judged by two, by keyboard, neither sees a grade of the other before both are through; then the
   agreement is told.
6. Every page can be read and used by everybody, light and dark, and fits a phone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.server import SETTINGS, worker_app
from retrieval.keys.key import Role, new_key
from retrieval.keys.sqlite_store import SqliteKeyStore
from tests import leaks, world
from tests.browser.conftest import DESKTOP, PHONE, open_page, served
from tests.browser.test_access import faint, levels, nameless

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
PAGES = (
    "explore?q=保温杯",
    "rules",
    "takedowns",
    "listing",
    "generations",
    "unanswered",
    "fields",
    "judging",
    "reports",
    "words?name=synonyms",
)
CUP, OTHER = leaks.product_code(0), leaks.product_code(6)
RULE = f"rules:\n  - {{id: cup, name: 春天的杯子, when: {{query: 保温杯}}, pin: {{id: {OTHER}, at: 1}}}}\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of a service over a small mall, and the keys of two operators."""
    data: Path = tmp_path_factory.mktemp("mall")
    settings = world.settings(data, "search.timeout_ms=60000", "ranking.divider=0", "mall.least_shoppers=1")
    leaks.build(data, settings)
    store = SqliteKeyStore(settings.keys_file)
    told = []
    for name in ("小王", "小李"):
        key, text = new_key(name, Role.OPERATOR, time.time())
        store.add(key)
        told.append(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS, settings.model_dump_json())
        app = worker_app()
    for address in served(app):
        yield address, told


def at(page: Page, where: str) -> None:
    """Opens a page of the desk anew and waits until it is drawn.

    Of another hash alone the page hears after the browser says that it is there, and would still show the last one."""
    page.goto("about:blank")
    page.goto(f"/desk#{where}")
    settled(page)


def settled(page: Page) -> None:
    page.locator("#main:not([aria-busy])").wait_for()


def enter(page: Page, key: str) -> None:
    page.goto("/desk")
    page.get_by_role("button", name="密钥").click()
    page.locator("#key-text").fill(key)
    page.keyboard.press("Enter")
    expect(page.locator("#key")).to_be_hidden()
    settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


@pytest.fixture
def desk(browser: Browser, keys: tuple[str, list[str]]) -> Iterator[Page]:
    for page in open_page(browser, keys[0], DESKTOP):
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def explored(page: Page, query: str) -> list[str]:
    """The hits as the explorer shows them."""
    at(page, f"explore?q={query}")
    return page.locator("#page details summary").all_inner_texts()


def test_a_key_is_asked_for(desk: Page, keys: tuple[str, list[str]]) -> None:  # 1
    at(desk, "rules")
    expect(desk.locator("#key")).to_be_visible()
    expect(desk.locator("#page section")).to_have_count(0)
    desk.locator("#key-text").fill(keys[1][0])
    desk.keyboard.press("Enter")
    expect(desk.locator("#page textarea").first).to_have_value("rules: []\n")
    assert "xh_" not in desk.url
    assert desk.evaluate("localStorage.length") == 0


def test_rules_and_takedowns(desk: Page, keys: tuple[str, list[str]]) -> None:  # 2, 3, 4
    enter(desk, keys[1][0])
    assert OTHER not in explored(desk, "保温杯")[0]
    desk.locator("#page details summary").first.click()
    parts = desk.get_by_role("region", name="各部分").first.locator("td.number").all_inner_texts()
    score = desk.locator("#page details dd").first.inner_text()
    assert sum(float(part) for part in parts[::2]) == pytest.approx(float(score), abs=1e-3)
    assert parts[-1] == score

    at(desk, "rules")
    desk.locator("#page textarea").first.fill(RULE)
    press(desk, "预览")
    moved = desk.get_by_role("region", name="保温杯 的前十").locator("tbody tr").first
    expect(moved).to_contain_text(OTHER)
    assert moved.locator("td").nth(1).inner_text() == "1"
    press(desk, "发布")
    expect(desk.locator("#said")).to_have_text("第 1 版已经生效：1 条规则")
    assert OTHER in explored(desk, "保温杯")[0]
    expect(desk.get_by_role("region", name="生效的规则")).to_contain_text("春天的杯子")
    at(desk, "rules")
    press(desk, "撤掉所有规则")
    assert OTHER not in explored(desk, "保温杯")[0]

    at(desk, f"takedowns?kind=product&value={CUP}")
    expect(desk.get_by_role("button", name="下架", exact=True)).to_be_hidden()
    press(desk, "先试一试")
    expect(desk.get_by_role("region", name="会下架什么")).to_contain_text("商品 1")
    press(desk, "下架")
    expect(desk.get_by_role("region", name="现在下架的")).to_contain_text(f"product:{CUP}")
    assert not any(CUP in hit for hit in explored(desk, "保温杯"))
    at(desk, "takedowns")
    press(desk, f"恢复 product:{CUP}")
    expect(desk.get_by_role("region", name="谁做了什么")).to_contain_text("恢复")
    assert any(CUP in hit for hit in explored(desk, "保温杯"))


def graded(page: Page, key: str, digits: str) -> None:
    """Judges the set with the keyboard alone: so many documents are there."""
    enter(page, key)
    at(page, "judging?set=cups")
    assert "两位" not in page.locator("#page").inner_text()
    page.locator("fieldset input").first.focus()
    for digit in digits:
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    expect(page.locator("#page h2").first).to_have_text("评完了")


def test_two_judges(desk: Page, browser: Browser, keys: tuple[str, list[str]]) -> None:  # 5
    enter(desk, keys[1][0])
    at(desk, "judging")
    desk.get_by_label("名字").fill("cups")
    desk.get_by_label("每个词看前几件").fill("4")
    desk.get_by_label("搜索词，每行一个").fill("保温杯")
    press(desk, "做一份")
    expect(desk.locator("#said")).to_have_text("cups：1 个词，4 件商品")
    graded(desk, keys[1][0], "3333")
    for other in open_page(browser, keys[0], DESKTOP):
        graded(other, keys[1][1], "3330")
        expect(other.locator("fieldset")).to_have_count(1)
        at(other, "judging")
        expect(other.get_by_role("region", name="评判集")).to_contain_text("75% 相同")


def test_everybody_can_use_it(browser: Browser, keys: tuple[str, list[str]]) -> None:  # 6
    from tests.browser.test_axe import RUN, SOURCE

    sizes: tuple[tuple[Any, Any], ...] = ((DESKTOP, "light"), (PHONE, "dark"))
    for viewport, scheme in sizes:
        for page in open_page(browser, keys[0], viewport):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            enter(page, keys[1][0])
            for where in PAGES:
                at(page, where)
                page.evaluate(f"{SOURCE};0")
                assert (where, page.evaluate(RUN)) == (where, [])
                assert (where, faint(page)) == (where, [])
                assert (where, nameless(page)) == (where, [])
                found = levels(page)
                assert found[0] == 1, where
                assert all(after <= before + 1 for before, after in pairwise(found)), where
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where
