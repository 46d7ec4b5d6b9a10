"""The page for browsers that run no script.

1. GET /?q= has the list of everybody in its <noscript>: titles, prices, shops, a count, and what is data is text.
2. The link to the next page keeps what was asked and goes on where the page ends, until nothing is left.
3. What cannot be read, and a search that fails, is said in the list's place; the page is there all the same.
4. Where a search needs a key, the page says so and no search is made.
5. Without a query nothing is searched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from api.plain import FAILED, LOCKED, UNREAD
from retrieval.answer import SearchResponse
from retrieval.errors import NotReady
from retrieval.keys.key import Role
from retrieval.request import SearchRequest
from tests.unit.api.auth.keyed import keyed
from tests.unit.api.tiny_engine import CUP, TinyEngine, serving


def listed(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    found = re.search(r"<noscript>(.*?)</noscript>", answer.text, re.DOTALL)
    assert found
    return found[1]


def test_the_list_is_there() -> None:  # 1
    odd = {
        **CUP,
        "id": "x",
        "title": "保温杯<script>alert(1)</script>",
        "price": 20,
        "shop": {"name": "杯子铺"},
    }
    with serving(TinyEngine(CUP, odd)) as client:
        text, whole = listed(client, "/?q=保温杯"), client.get("/?q=保温杯")
    assert text.count("<li>") == 2
    assert all(part in text for part in ("红色保温杯", "¥89.9", "¥20", "杯子铺", "2 件"))
    assert "<script" not in text
    assert 'name="q" value="保温杯"' in whole.text
    assert "保温杯<script>alert(1)</script>" in unescape(text)


class InPages(TinyEngine):
    """Gives a second page to who shows its cursor, and then no more."""

    def search(self, request: SearchRequest) -> SearchResponse:
        return replace(super().search(request), next_cursor=None if request.cursor else "behind the 1st")


def test_the_next_page() -> None:  # 2
    with serving(engine := InPages()) as client:
        first = listed(client, "/?q=杯&brand=希禾&brand=别家&user_id=u1&explain=true")
        onwards = re.search(r'class="button" href="\.(/\?[^"]+)"', first)
        assert onwards
        last = listed(client, unescape(onwards[1]))
    assert parse_qsl(urlsplit(unescape(onwards[1])).query) == [
        ("q", "杯"), ("brand", "希禾"), ("brand", "别家"), ("cursor", "behind the 1st"),
    ]  # fmt: skip
    assert ("下一页" in first, "下一页" in last) == (True, False)
    assert [(one.cursor, one.user_id, one.explain) for one in engine.asked] == [
        (None, "", False), ("behind the 1st", "", False),
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["sort=up", "nonsense=1", "price_min=9&price_max=1", "q=碗"])
def test_what_cannot_be_read(address: str) -> None:  # 3
    with serving(engine := TinyEngine()) as client:
        assert UNREAD in listed(client, f"/?q=杯&{address}")
    assert engine.asked == []


def test_what_fails() -> None:  # 3
    def broken() -> None:
        raise NotReady("not yet")

    with serving(TinyEngine(before=broken)) as client:
        assert FAILED in listed(client, "/?q=杯")


def test_it_asks_for_a_key(tmp_path: Path) -> None:  # 4
    with keyed(tmp_path, roles=(Role.SEARCH,)) as service:
        nobody, with_key = (service.ask(role, "GET", "/", params={"q": "杯"}) for role in (None, Role.SEARCH))
    assert (LOCKED in nobody.text, LOCKED in with_key.text) == (True, False)
    assert (nobody.status_code, with_key.status_code) == (200, 200)


def test_nothing_is_searched_without_a_query() -> None:  # 5
    with serving(engine := TinyEngine()) as client:
        assert "<li>" not in listed(client, "/?q=%20") + listed(client, "/")
    assert engine.asked == []
