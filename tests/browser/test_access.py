"""That everybody can use the page.

1. Every text stands out from its ground: contrast at least 4.5, large text 3 (WCAG 2.2, 1.4.3), light and dark.
2. There is one first heading, and no level is left out.
3. Whatever can be pressed or filled in has a name.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_page import search

if TYPE_CHECKING:
    from playwright.sync_api import Page

FAINT = """() => {
  const paint = (text) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    if (!node) return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
    const colour = paint(getComputedStyle(node).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, ground(node.parentElement));
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !node.checkVisibility() || node.closest("[aria-hidden=true], .hush, script")) continue;
    const style = getComputedStyle(node), below = ground(node);
    const [one, other] = [light(over(paint(style.color), below)), light(below)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${text.slice(0, 30)}`);
  }
  return faint;
}"""
NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, summary, dialog")].filter((node) =>
  !(node.ariaLabel || node.getAttribute("aria-labelledby") || node.textContent.trim() || node.labels?.length)
).map((node) => node.outerHTML)"""


def faint(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAINT)
    return found


def nameless(page: Page) -> list[str]:
    found: list[str] = page.evaluate(NAMELESS)
    return found


def levels(page: Page) -> list[int]:
    found: list[int] = page.locator("h1, h2, h3, h4").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page: Page, scheme: Any) -> None:  # 1
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert faint(page) == []
    search(page, "送妈妈的红色保温杯100元以内不要塑料")
    page.locator("#reading summary").click()
    page.locator(".card summary").first.click()
    assert faint(page) == []
    page.goto("/?q=保温杯&brand=没有这个牌子")
    page.locator("#state .causes").wait_for()
    assert faint(page) == []


def test_headings_and_names(page: Page) -> None:  # 2, 3
    for go in (lambda: None, lambda: search(page, "保温杯"), lambda: page.goto("/?q=保温杯&brand=没有这个牌子")):
        go()
        page.locator("#main:not([aria-busy])").wait_for()
        found = levels(page)
        assert found.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(found))
        assert nameless(page) == []
