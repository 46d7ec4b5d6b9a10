"""What a thing looks like on the page.

1. Every category of the demo mall has a drawing of its own kind, each kind is drawn, and the longest word decides.
2. A drawing has the colour that the thing is said to have; the last colour word counts, what stands before it shades
   it.
3. A photograph is shown where it lies on a host of `api.image_hosts`: late, with its size and a text; one of another
   host, without https, or that does not come, is a drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from api.app import create_app
from api.options import ApiOptions
from demo.vocabulary import load_vocabulary
from tests.browser.conftest import DESKTOP, PATIENCE_MS, served
from tests.browser.test_page import expect
from tests.browser.test_place import until
from tests.unit.api.tiny_engine import CUP, TinyEngine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOST = "img.shop.example"
THERE = [f"https://{HOST}/{name}.svg" for name in ("cup", "gone")]
ELSEWHERE = ["https://other.example/cup.svg", f"http://{HOST}/cup.svg", "spu/1.jpg"]
PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><rect width="4" height="3" fill="#c2410c"/></svg>'
ASK = """async ([paths, colours]) => {
  const files = ["kinds", "colours", "silhouettes"];
  const [{ kindOf }, { colourOf }, { SILHOUETTES }] =
    await Promise.all(files.map((one) => import(`/web/${one}.js`)));
  const kinds = paths.map((path) => kindOf(path.split("/")));
  return { kinds, drawn: kinds.every((kind) => SILHOUETTES[kind]), colours: colours.map((one) => colourOf(one)) };
}"""


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """The address of a mall of a few cups, each with a picture somewhere else."""
    records = [{**CUP, "id": f"p{at}", "images": [url]} for at, url in enumerate([*THERE, *ELSEWHERE])]
    yield from served(create_app(TinyEngine(*records), options=ApiOptions(image_hosts=(HOST,))))


@pytest.fixture
def page(browser: Browser, shop: str) -> Iterator[Page]:
    context = browser.new_context(base_url=shop, viewport=DESKTOP)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_words_say_how_it_looks(page: Page) -> None:  # 1, 2
    paths = [f"{room.department}/{one.name}" for room in load_vocabulary().departments for one in room.categories]
    known = ["数码/键盘鼠标", "厨具/碗盘", "别的/没有的"]
    page.goto("/")
    said = page.evaluate(ASK, [[*paths, *known], ["雾霾蓝", "豆沙粉", "黑色", "曜石黑", "浅灰", "灰色", "保湿"]])
    kinds = dict(zip([*paths, *known], said["kinds"], strict=True))
    assert said["drawn"]
    assert [path for path in paths if kinds[path] == "gift"] == ["文创宠物汽车/文具文创/非遗手作"]
    assert [kinds[path] for path in known] == ["keyboard", "bowl", "gift"]
    blue, pink, black, dark, light_grey, grey, none = said["colours"]
    assert 180 < blue[0] < 260 < 330 < pink[0]
    assert black == dark
    assert light_grey[2] > grey[2]
    assert none is None


def test_photographs_of_known_hosts(page: Page, shop: str) -> None:  # 3
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(THERE[0], lambda route: route.fulfill(body=PIXEL, content_type="image/svg+xml"))
    page.route(THERE[1], lambda route: route.fulfill(status=404))
    page.goto("/?q=保温杯")
    photograph = page.locator(".card[data-id=p0] .tile img")
    expect(photograph).to_have_attribute("alt", "水具的照片")
    expect(page.locator(".card[data-id=p1] .tile svg")).to_be_visible()
    until(page, "document.querySelector('.tile img').complete")
    wide = "one => [one.loading, one.width > 0 && one.height > 0, one.naturalWidth > 0]"
    assert photograph.evaluate(wide) == ["lazy", True, True]
    for at in (2, 3, 4):
        drawing = page.locator(f".card[data-id=p{at}] .tile svg[data-kind=thermos]")
        expect(drawing).to_have_attribute("aria-label", "水具的示意图")
    assert {url for url in asked if not url.startswith((shop, "data:"))} == set(THERE)
