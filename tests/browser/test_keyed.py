"""The page of a service that asks for keys, with the public one that it was given:

1. It searches, and what is done there is kept as events of a guest, also when the page is left.
2. Whoever was here before as a shopper is a guest now: that key speaks for nobody, and nobody can be chosen.
3. No policy of the page is broken, and its key leaves for nowhere but this service (`open_page` looks).
4. Without the key the same page is answered nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from api.app import create_app
from api.auth.access import Access
from api.auth.limits import Limits, PerMinute
from api.auth.ring import Keyring
from api.options import ApiOptions
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.keys.key import Role, new_key
from retrieval.keys.sqlite_store import SqliteKeyStore
from tests.browser.conftest import DESKTOP, PATIENCE_MS, open_page, served
from tests.unit.api.tiny_engine import TinyEngine

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
expect = sync_api.expect


LEAVE = """async () => {
  const click = { ts: Date.now() / 1000, type: "click", item_id: "p1", session_id: "s1" };
  (await import("/web/call.js")).leave("v1/events", JSON.stringify({ events: [click] }));
}"""
"""What the page does with what waits when it is left."""


@pytest.fixture
def events(tmp_path: Path) -> SqliteEventStore:
    return SqliteEventStore(tmp_path / "events.db")


@pytest.fixture
def keyed(tmp_path: Path, events: SqliteEventStore) -> Iterator[str]:
    store = SqliteKeyStore(tmp_path / "keys.db")
    key, text = new_key("page", Role.SEARCH, time.time())
    store.add(key)
    access = Access(Keyring(store), Limits(PerMinute()))
    options = ApiOptions(request_timeout_ms=60_000)
    yield from served(create_app(TinyEngine(), options=options, access=access, page_key=text, events=events))


def test_as_a_guest(browser: Browser, keyed: str, events: SqliteEventStore) -> None:  # 1, 2, 3, 4
    for page in open_page(browser, keyed, DESKTOP):
        page.evaluate("localStorage.setItem('xunhuo.who', JSON.stringify({kind: 'shopper', id: 'u1', name: '一'}))")
        page.reload()
        expect(page.locator("#who .name")).to_have_text("访客")
        page.locator("#who").click()
        expect(page.locator("#people label")).to_have_count(2)
        expect(page.locator("#other")).to_be_hidden()
        page.locator("#leave").click()
        page.get_by_role("combobox", name="搜索商品").fill("保温杯")
        page.keyboard.press("Enter")
        expect(page.locator(".card").first).to_be_visible()
        page.evaluate(LEAVE)
        asked = time.monotonic()
        while {event.type for event in events.scan()} != {"search", "impression", "click"}:
            assert time.monotonic() - asked < PATIENCE_MS / 1000, [event.type for event in events.scan()]
            page.wait_for_timeout(20)
    assert {event.user_id for event in events.scan()} == {""}
    assert httpx2.get(f"{keyed}/v1/search?q=保温杯").status_code == 401
