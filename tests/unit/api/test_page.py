"""The search page as a file.

1. Only its own script and style may run: the policy names their hashes, and nothing is allowed by being inline.
2. It needs nothing from elsewhere: no address of another host is loaded.
3. It never turns data into markup.
"""

from __future__ import annotations

import base64
import hashlib
import re

from api.page import content_security_policy, load_page
from tests.unit.api.tiny_engine import TinyEngine, serving


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


def test_the_policy_allows_exactly_what_is_on_the_page() -> None:
    with serving(TinyEngine()) as client:
        answer = client.get("/")
    policy = directives(answer.headers["Content-Security-Policy"])
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert policy["default-src"] == ["'none'"]
    for tag in ("script", "style"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[f"{tag}-src"] == [f"'sha256-{digest}'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_another_page_gets_other_hashes() -> None:
    one, other = (content_security_policy(f"<script>{i}</script><style></style>".encode()) for i in "12")
    assert one != other
    assert directives(one)["style-src"] == directives(other)["style-src"]


def test_nothing_is_loaded_from_elsewhere() -> None:
    html = load_page().html.decode()
    assert set(re.findall(r"https?://[^\s'\"<]+", html)) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"<(?:script|img|iframe)[^>]+src=|<link[^>]+href=\"(?!data:)|@import|url\(", html)
    assert not re.findall(r"\son\w+=\"|\sstyle=\"", html)


def test_data_never_becomes_markup() -> None:
    html = load_page().html.decode()
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", html)
