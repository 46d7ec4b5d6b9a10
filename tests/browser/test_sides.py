"""The page of two runs side by side, in a browser.

1. It runs its own script and nothing else: no problem is reported, nothing is asked of the net.
2. Words narrow it to the queries or qids that have them, kinds to those of all of them, and it says how many are left.
3. On a phone nothing scrolls sideways, A stands above B; on a desktop they stand side by side.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.sides import sides_page
from tests.browser.conftest import DESKTOP, PHONE
from tests.unit.eval.test_sides import comparison

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_sides(browser: Browser, tmp_path: Path, viewport: ViewportSize) -> None:  # 1, 2, 3
    file = tmp_path / "sides.html"
    file.write_text(sides_page(comparison(), answer=2), encoding="utf-8")
    page = browser.new_page(viewport=viewport)
    problems: list[str] = []
    requested: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(file.as_uri())

    def left() -> tuple[list[str], str]:
        cards = page.locator("article:visible h3").all_text_contents()
        return cards, page.locator("#count").inner_text()

    assert left() == (["红色连衣裙", "红色鞋", "CPU", "i5-11400f"], "4 of 4 queries")
    page.fill("#find", "红色 ")
    assert left() == (["红色连衣裙", "红色鞋"], "2 of 4 queries")
    how, answer = page.locator("select").all()
    how.select_option("better")
    assert left() == (["红色连衣裙"], "1 of 4 queries")
    answer.select_option("answered")
    assert left() == ([], "0 of 4 queries")
    how.select_option("")
    assert left() == (["红色鞋"], "1 of 4 queries")
    answer.select_option("")
    page.fill("#find", "Q3")
    assert left() == (["CPU"], "1 of 4 queries")

    a, b = (side.bounding_box() for side in page.locator("article:visible .pair > div").all())
    assert a is not None
    assert b is not None
    assert (b["y"] > a["y"]) == (viewport is PHONE)
    assert (b["x"] > a["x"]) == (viewport is DESKTOP)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert problems == []
    assert requested == [file.as_uri()]
    page.close()
