"""A shopper at the page, against a service that knows the shoppers of a small demo mall.

1. Six shoppers named by their taste, a guest, nobody, and any id can be chosen, even while the six are asked for; the
   choice outlives a reload.
2. Two shoppers see the same list in two orders: each hit says both places, why, and parts that add up.
3. What everybody sees is one press away, and nobody sees it from the first.
4. What we think somebody likes is shown with its evidence; it can be confirmed and taken away, and the order follows.
5. Consent withdrawn: the list is everybody's, nothing is sent, whatever answer from before comes late; all can be
   exported, and forgotten.
6. What was looked at in the feed goes along into a search as a chip, which can be cleared and put back.
7. All of it works on a phone, by keyboard, and is readable for all.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from demo.recommended import TASTES
from tests.browser.conftest import DESKTOP, PHONE, open_page
from tests.browser.test_access import faint, levels, nameless
from tests.browser.test_page import ids, search, sideways, total

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Browser, Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect

OUTDOOR, MOTHER = TASTES[:2]


@pytest.fixture
def page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


@pytest.fixture
def phone(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, PHONE)


def become(page: Page, name: str) -> None:
    page.locator("#who").click()
    page.locator("#people label", has_text=name).click()
    expect(page.locator("#said")).to_have_text(f"现在是{name}")
    page.locator("#leave").click()
    expect(page.locator("#me")).to_be_hidden()


def be(page: Page, user: str) -> None:
    """Somebody by id."""
    page.locator("#who").click()
    page.locator("#id").fill(user)
    page.locator("#id").press("Enter")
    expect(page.locator("#said")).to_have_text(f"现在是{user}")
    expect(page.get_by_role("switch")).to_be_visible()


def shift(page: Page) -> int:
    """How many places a hit may have moved, as the page says."""
    said = re.search(r"最多挪 (\d+) 位", page.locator("#personal").inner_text())
    assert said is not None
    return int(said[1])


def clicks(page: Page, user: str, query: str, count: int, **more: Any) -> None:
    """Somebody clicked the first hits of a query a moment ago."""
    found = page.request.get(f"/v1/search?q={quote(query)}&size={count}").json()["hits"]
    now = time.time()
    events = [
        {"ts": now - 60 + i, "type": "click", "user_id": user, "item_id": hit["id"], "query": query, **more}
        for i, hit in enumerate(found)
    ]
    assert page.request.post("/v1/events", data={"events": events}).json()["accepted"] == count


def test_what_is_typed_stays(page: Page) -> None:  # 1
    held: list[Route] = []
    page.route("**/v1/demo/shoppers", lambda route: held.append(route))
    page.reload()
    page.locator("#who").click()
    page.locator("#id").fill("late")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator("#people label", has_text=OUTDOOR)).to_be_visible()
    page.locator("#id").press("Enter")
    expect(page.locator("#said")).to_have_text("现在是late")


def test_somebody_can_be_chosen(page: Page) -> None:  # 1
    page.locator("#who").click()
    expect(page.locator("#people b")).to_have_text([*TASTES, "访客", "没有人"])
    expect(page.locator("#people label", has_text=OUTDOOR)).to_contain_text("常看 ")
    page.locator("#leave").click()
    become(page, OUTDOOR)
    page.reload()
    expect(page.locator("#who")).to_contain_text(OUTDOOR)
    be(page, "someone")
    expect(page.locator("#profile")).to_contain_text("还不了解你的喜好")
    page.reload()
    expect(page.locator("#who")).to_contain_text("someone")


def test_two_orders_of_one_list(page: Page) -> None:  # 2
    become(page, OUTDOOR)
    count = search(page, "礼物")
    outdoor = ids(page)
    expect(page.locator("#personal")).to_contain_text("按你的喜好排过")
    most = shift(page)
    for card in page.locator(".card").all()[:8]:
        card.locator("summary").click()
        places = re.search(r"大家看到第 (\d+) 位，你看到第 (\d+) 位", card.locator(".places").inner_text())
        assert places is not None
        neutral, mine = int(places[1]), int(places[2])
        assert abs(neutral - mine) <= most
        expect(card.locator(".mine")).to_contain_text(f"最多挪 {most} 位")
        because = card.locator(".because").inner_text().strip()
        assert because.startswith("因为你") == (mine < neutral)
        parts = [float(text) for text in card.locator(".mine > div b").all_inner_texts()]
        whole = re.search(r"合你的心意 ([+-]?[\d.]+)", card.locator(".total").inner_text())
        assert whole is not None
        assert sum(parts) == pytest.approx(float(whole[1]), abs=1e-3)
    become(page, MOTHER)
    assert total(page) == count
    assert ids(page) != outdoor


def test_everybodys_order_is_one_press_away(page: Page) -> None:  # 3
    search(page, "礼物")
    neutral = ids(page)
    expect(page.locator("#personal")).to_be_hidden()
    become(page, OUTDOOR)
    total(page)
    assert ids(page) != neutral
    page.get_by_role("button", name="看大家的顺序").click()
    expect(page.locator("#personal")).to_contain_text("这是大家的顺序")
    assert "personalize=false" in page.url
    total(page)
    assert ids(page) == neutral
    page.get_by_role("button", name="按我的喜好排").click()
    expect(page.locator("#personal")).to_contain_text("按你的喜好排过")


def test_interests_can_be_confirmed_and_taken_away(page: Page) -> None:  # 4
    clicks(page, "angler", "鱼竿", 12)
    be(page, "angler")
    first = page.locator(".interests li").first
    expect(first).to_contain_text("次行为")
    first.locator("summary").click()
    expect(first.locator(".evidence li").first).to_contain_text(re.compile(r"\d+月\d+日点开 .+（搜“鱼竿”时）"))
    label = first.get_by_role("button", name="钉住").get_attribute("aria-label")
    assert label is not None
    name = label.removeprefix("钉住：")
    first.get_by_role("button", name="钉住").click()
    expect(page.locator("#said")).to_have_text(f"已钉住“{name}”")
    expect(page.get_by_role("button", name=label, exact=True)).to_have_text("已钉住")
    profile = page.request.get("/v1/users/angler/profile").json()
    assert [one.split(":", 1)[1] for one in profile["choices"]["pinned"]] == [name]
    page.get_by_role("button", name=f"去掉：{name}", exact=True).click()
    expect(page.locator("#said")).to_have_text(f"已去掉“{name}”")
    expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)
    profile = page.request.get("/v1/users/angler/profile").json()
    assert list(profile["choices"]["removed"]) == [f"word:{name}"]


def test_off_is_off_and_forgotten_is_gone(page: Page) -> None:  # 5
    search(page, "礼物")
    neutral = ids(page)
    clicks(page, "shy", "鱼竿", 12)
    be(page, "shy")
    page.get_by_role("switch").uncheck()
    expect(page.locator("#said")).to_contain_text("已关掉")
    held = page.request.get("/v1/users/shy/export").text().count('"record":"event"')  # cards that were seen before, too
    assert held >= 12
    page.locator("#leave").click()
    expect(page.locator("#personal")).to_contain_text("你关掉了按喜好排序")
    total(page)
    assert ids(page) == neutral
    page.locator("#who").click()
    page.locator("#profile[aria-busy=false]").wait_for()  # and is not drawn anew between the two presses
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部数据").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    assert (lines[0]["consent"], sum(line["record"] == "event" for line in lines)) == (False, held)
    page.get_by_role("button", name="全部忘掉").click()
    page.get_by_role("button", name="真的全部忘掉").click()
    expect(page.locator("#said")).to_have_text("已全部忘掉")
    left = page.request.get("/v1/users/shy/export").text().splitlines()
    assert [json.loads(line)["record"] for line in left if json.loads(line)["record"] == "event"] == []


def test_an_answer_from_before_counts_no_more(page: Page) -> None:  # 5
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    be(page, "late")
    page.locator("#leave").click()
    page.route("**/v1/users/late/profile", hold)
    page.locator("#who").click()
    page.get_by_role("switch").uncheck()
    page.locator("#profile[aria-busy=false]").wait_for()
    expect(page.get_by_role("switch")).not_to_be_checked()
    with page.expect_response("**/v1/users/late/profile"):
        [(route, answer)] = late
        route.fulfill(response=answer)
    page.wait_for_timeout(200)
    assert not page.get_by_role("switch").is_checked()


def test_what_was_just_seen_goes_along(page: Page) -> None:  # 6
    clicks(page, "walker", "帐篷", 1, surface="feed")
    be(page, "walker")
    page.locator("#leave").click()
    search(page, "露营")
    chip = page.locator("#carried button")
    expect(chip).to_contain_text("带着刚看过的：")
    widest = shift(page)
    chip.click()
    expect(chip).to_have_text("＋ 带上刚看过的")
    assert "carry_over=false" in page.url
    total(page)
    # Who was seen to look at one thing only is not known well without it.
    left = shift(page)
    assert left < widest
    chip.click()
    expect(chip).to_contain_text("带着刚看过的：")
    total(page)
    # What was seen fades while this runs.
    assert left < shift(page) <= widest


def test_a_phone_shows_it_all(phone: Page) -> None:  # 7
    phone.locator("#who").click()
    phone.locator("#people label", has_text=MOTHER).click()
    expect(phone.locator(".interests li").first).to_be_visible()
    assert sideways(phone) == 0
    assert phone.evaluate("document.querySelector('#me .scroll').scrollWidth <= innerWidth")
    phone.locator("#leave").click()
    search(phone, "礼物")
    phone.locator(".card summary").first.click()
    expect(phone.locator(".card .mine").first).to_be_visible()
    assert sideways(phone) == 0


def test_the_keyboard_is_enough(page: Page) -> None:  # 7
    page.locator("#who").focus()
    page.keyboard.press("Enter")
    page.locator("#people input:checked").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#said")).to_have_text("现在是访客")
    expect(page.locator("#people input:checked")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#me")).to_be_hidden()
    expect(page.locator("#who")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, scheme: Any) -> None:  # 7
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    become(page, OUTDOOR)
    search(page, "礼物")
    page.locator(".card summary").first.click()
    assert faint(page) == []
    page.locator("#who").click()
    page.locator(".interests summary").first.click()
    assert faint(page) == []
    assert nameless(page) == []
    found = levels(page)
    assert found.count(1) == 1
