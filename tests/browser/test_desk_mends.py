"""What is mended at the desk is mended on the page:

1. A listing that was demoted is decided to be right: it leaves the queue, and its quality counts in the next search.
2. A query without an answer becomes a draft of a rule with one press; previewed and published, it has answers.
3. The same as a line of synonyms: the preview names the products that come, and once saved they are found.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.server import SETTINGS, worker_app
from cli.rebuild import run_rebuild
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.wiring.places import open_events
from tests import world
from tests.browser.conftest import DESKTOP, PATIENCE_MS, open_page, served
from tests.browser.test_desk import at, press, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect
LINK = {"id": "link", "title": "保温杯 补差价链接", "price": 9, "rating": 4.9, "reviews": 400, "stock": 5}
UNKNOWN, OTHER = "雪鸮", "貂熊"
"""Words that nothing in the mall has."""
SHOPPERS = 4


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over a mall with a demoted listing and queries that find nothing."""
    data: Path = tmp_path_factory.mktemp("troubled")
    settings = world.settings(data, "search.timeout_ms=60000", "api.edit_dictionaries=true")
    log = data / "queries.txt"
    log.write_text(f"{OTHER}\t9\n保温杯\t5\n", encoding="utf-8")
    goods = world.write(data / "goods.jsonl", [LINK, *world.products(200)])
    run_rebuild(settings, [goods], queries=[log])
    with closing(open_events(settings)) as events:
        for user in range(SHOPPERS):
            for query in (UNKNOWN, OTHER):
                ts = time.time() - 600
                events.add(
                    [ShopperEvent(f"{user}{query}", ts, EventType.SEARCH, f"u{user}", query=query, surface="search")]
                )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS, settings.model_dump_json())
        app = worker_app()
    yield from served(app)


@pytest.fixture
def desk(browser: Browser, troubled: str) -> Iterator[Page]:
    for page in open_page(browser, troubled, DESKTOP):
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def found(page: Page, query: str, **filters: str) -> list[str]:
    answer = page.request.get("/v1/search", params={"q": query, "near": "false", **filters})
    assert answer.ok, answer.text()
    return [hit["id"] for hit in answer.json()["hits"]]


def test_a_listing(desk: Page) -> None:  # 1
    best = {"quality": "95-100"}
    assert "link" not in found(desk, "补差价链接", **best)
    at(desk, "listing?decision=demote")
    expect(desk.get_by_role("region", name="要看的商品")).to_contain_text(LINK["title"])
    press(desk, f"没问题：{LINK['title']}")
    expect(desk.locator("#said")).to_have_text(f"{LINK['title']}：没问题")
    expect(desk.locator("#page")).not_to_contain_text(str(LINK["id"]))
    assert "link" in found(desk, "补差价链接", **best)
    at(desk, "listing?state=looked&decision=demote")
    expect(desk.get_by_role("region", name="要看的商品")).to_contain_text("没问题")


def test_a_rule(desk: Page) -> None:  # 2
    assert found(desk, UNKNOWN) == []
    at(desk, "unanswered?least=2")
    expect(desk.get_by_role("region", name="没结果的词")).to_contain_text(UNKNOWN)
    desk.get_by_label(f"{UNKNOWN} 改搜什么").fill("保温杯")
    press(desk, f"{UNKNOWN} 写成规则")
    expect(desk.locator("#page textarea").first).to_have_value(re.compile(UNKNOWN))
    settled(desk)
    press(desk, "预览")
    expect(desk.get_by_role("region", name=f"{UNKNOWN} 的前十").locator("tbody tr").first).to_contain_text("保温杯")
    press(desk, "发布")
    expect(desk.locator("#said")).to_contain_text("已经生效：1 条规则")
    assert found(desk, UNKNOWN) == found(desk, "保温杯")
    at(desk, "unanswered?least=2")
    mended = desk.get_by_role("region", name="没结果的词").locator("tbody tr", has_text=UNKNOWN)
    expect(mended).to_contain_text("有答案，没人点")


def test_synonyms(desk: Page) -> None:  # 3
    assert found(desk, OTHER) == []
    at(desk, "unanswered?least=2")
    desk.get_by_label(f"{OTHER} 改搜什么").fill("保温杯")
    press(desk, f"{OTHER} 写成同义词")
    expect(desk.locator("#page textarea").first).to_have_value(re.compile(OTHER))
    settled(desk)
    press(desk, "预览")
    row = desk.get_by_role("region", name="会变的搜索词").locator("tbody tr", has_text=OTHER)
    come = row.locator("td").nth(5).locator("li")
    expect(come.first).to_contain_text("保温杯")
    press(desk, "保存")
    expect(desk.locator("#said")).to_contain_text("第 1 版已经生效")
    ends = time.monotonic() + PATIENCE_MS / 1000
    while not found(desk, OTHER):  # editions are looked for by the clock
        assert time.monotonic() < ends
