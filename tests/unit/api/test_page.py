"""The search page as files.

1. Only files of this origin may run: the policy allows nothing inline, and nothing is written inline.
2. Everything that a file asks for is there, served as what it is, and sent once: a browser that has it gets 304.
3. It needs nothing from elsewhere: no address of another host is loaded.
4. It never turns data into markup.
5. What is no file of the page is not found, wherever it may lie.
"""

from __future__ import annotations

import re

from api.page import load_page
from tests.unit.api.tiny_engine import TinyEngine, serving

TEXTS = {name: file.content.decode() for name, file in load_page().items()}
EVERYTHING = "\n".join(TEXTS.values())


def test_nothing_inline_runs() -> None:
    with serving(TinyEngine()) as client:
        answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == ["'self'"]
    assert "unsafe" not in policy
    assert not re.findall(r"<style|<script(?![^>]* src=)", TEXTS["index.html"])
    assert not re.findall(r"\son\w+=\"|\sstyle=\"", TEXTS["index.html"])


def test_what_is_asked_for_is_there() -> None:
    asked = re.findall(r"(?:src|href)=\"web/([^\"]+)\"", TEXTS["index.html"])
    asked += re.findall(r"from \"\./([^\"]+)\"", EVERYTHING)
    assert {"main.js", "base.css", "card.js"} <= set(asked)
    with serving(TinyEngine()) as client:
        for name in set(asked):
            answer = client.get(f"/web/{name}")
            kind = {"css": "text/css", "js": "text/javascript"}[name.rpartition(".")[2]]
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8"), name
            known = client.get(f"/web/{name}", headers={"If-None-Match": answer.headers["ETag"]})
            assert (known.status_code, known.content) == (304, b"")
    assert set(TEXTS) == {"index.html", *asked}


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert set(re.findall(r"https?://[^\s'\"<]+", EVERYTHING)) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"<(?:img|iframe)[^>]+src=|@import|url\(|import\(", EVERYTHING)


def test_data_never_becomes_markup() -> None:
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", EVERYTHING)


def test_other_files_are_not_found() -> None:
    with serving(TinyEngine()) as client:
        for name in ("page.py", "..%2Fpage.py", "index.htm"):
            assert client.get(f"/web/{name}").status_code == 404
