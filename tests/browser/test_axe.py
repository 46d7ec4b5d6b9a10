"""That axe finds nothing serious or moderate on the page, whatever is open.

1. The start page, a category, a shop, a list with its explanations, a product, a player, the panel of interests, an
   empty list and what is not there: on a desktop by day, on a phone by night.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browser.conftest import DESKTOP, PHONE, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

axe = pytest.importorskip("axe_core_python", reason="axe-core-python is not installed (extra: test)")
SOURCE = Path(axe.__file__).with_name("axe.min.js").read_text("utf-8")
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((one) => one.impact !== "minor").map((one) => [one.id, one.impact, one.nodes[0].html.slice(0, 200)])"""
VIEWS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((DESKTOP, "light"), (PHONE, "dark"))
STATES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("/", (), ".card"),
    ("/", ("#who",), "#me[open] .people label"),
    ("/?q=保温杯怎么选", ("#reading summary", ".card summary"), ".card .part"),
    ("/?q=保温杯怎么选", (".card h2 a",), "#item .rail"),
    ("/?q=保温杯怎么选", (".card .shop a",), "#mall .rail"),
    ("/?category=女装", (), "#offers .card"),
    ("/?q=保温杯怎么选", (".clip h3 a",), "#watch[open] .stage"),
    ("/?item=nothing", (), "#item .state"),
    ("/?q=保温杯&brand=没有这个牌子", (), "#state .causes"),
)
"""Where the page is, what is pressed there, and what is waited for."""


@pytest.fixture
def mall_page(browser: Browser, shoppers: str) -> Iterator[Page]:
    yield from open_page(browser, shoppers, DESKTOP)


def test_axe_finds_nothing(mall_page: Page) -> None:
    page, found = mall_page, {}
    for path, presses, waited in STATES:
        page.goto("about:blank")
        page.goto(path)
        for press in presses:
            page.locator(press).first.click()
        page.locator(waited).first.wait_for()
        page.evaluate(f"{SOURCE};0")
        for viewport, scheme in VIEWS:
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            said: list[Any] = page.evaluate(RUN)
            if said:
                found[path, presses, scheme] = said
        page.set_viewport_size(DESKTOP)
    assert found == {}
