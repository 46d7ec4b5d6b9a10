"""The search page and the desk as files.

1. Only files of this origin may run: the policy allows nothing inline, and nothing is written inline.
2. Everything that a file asks for is there, served as what it is, and sent once: a browser that has it gets 304.
3. It needs nothing from elsewhere: no address of another host is loaded.
4. It never turns data into markup.
5. What is no file of the page is not found, wherever it may lie.
6. The first thing that a keyboard comes to leads past the header, to something that takes the focus.
7. Pictures may come from the hosts that are named, and from no other; the page is told the same hosts.
8. A browser that can unpack gets every file packed: the whole page weighs 80 KB at most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from api.page import load_desk, load_page
from tests.unit.api.tiny_engine import TinyEngine, serving

TEXTS = {name: file.content.decode() for name, file in load_page().items()}
DESK = {name: file.content.decode() for name, file in load_desk().items()}
EVERYTHING = "\n".join([*TEXTS.values(), *DESK.values()])


@pytest.mark.parametrize(("path", "texts"), [("/", TEXTS), ("/desk", DESK)])
def test_nothing_inline_runs(path: str, texts: Mapping[str, str]) -> None:
    with serving(TinyEngine()) as client:
        answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == ["'self'"]
    assert "unsafe" not in policy
    assert not re.findall(r"<style|<script(?![^>]* src=)", texts["index.html"])
    assert not re.findall(r"\son\w+=\"|\sstyle=\"", texts["index.html"])


def test_what_is_asked_for_is_there() -> None:
    asked = re.findall(r"(?:src|href)=\"web/([^\"]+)\"", TEXTS["index.html"])
    asked += [name for text in TEXTS.values() for name in re.findall(r"from \"\./([^\"]+)\"", text)]
    of_desk = re.findall(r"(?:src|href)=\"web/([^\"]+)\"", DESK["index.html"])
    of_desk += [f"desk/{name}" for text in DESK.values() for name in re.findall(r"from \"\./([^\"]+)\"", text)]
    shared = [name for text in DESK.values() for name in re.findall(r"from \"\.\./([^\"]+)\"", text)]
    assert {"main.js", "base.css", "card.js"} <= set(asked)
    assert {"desk/main.js", "base.css", "desk/parts.js"} <= set(of_desk)
    with serving(TinyEngine()) as client:
        for name in {*asked, *of_desk, *shared}:
            answer = client.get(f"/web/{name}")
            kind = {"css": "text/css", "js": "text/javascript"}[name.rpartition(".")[2]]
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8"), name
            known = client.get(f"/web/{name}", headers={"If-None-Match": answer.headers["ETag"]})
            assert (known.status_code, known.content) == (304, b"")
    assert set(TEXTS) == {"index.html", *asked}
    assert {f"desk/{name}" for name in DESK} == {"desk/index.html", *of_desk} - {"base.css"}


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert set(re.findall(r"https?://[^\s'\"<]+", EVERYTHING)) == {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"<(?:img|iframe)[^>]+src=|@import|url\(|import\(", EVERYTHING)


def test_data_never_becomes_markup() -> None:
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", EVERYTHING)


def test_the_first_link_leads_to_the_content() -> None:
    assert re.search(r'<body[^>]*>\s*<a class="skip" href="#main">', TEXTS["index.html"])
    assert '<main id="main" tabindex="-1">' in TEXTS["index.html"]


def test_pictures_come_from_named_hosts() -> None:
    for hosts, policy, told in (
        ((), "img-src data: ", ""),
        (
            ("a.example", "b.example:8443"),
            "img-src data: https://a.example https://b.example:8443;",
            "a.example b.example:8443",
        ),
    ):
        with serving(TinyEngine(), image_hosts=hosts) as client:
            page, desk = client.get("/"), client.get("/desk")
        assert policy in page.headers["Content-Security-Policy"]
        assert f'<meta name="image-hosts" content="{told}">' in page.text
        assert "img-src data: ;" in desk.headers["Content-Security-Policy"]


def test_files_are_packed() -> None:
    with serving(TinyEngine()) as client:
        packed, plain = (client.get("/", headers={"Accept-Encoding": coding}) for coding in ("gzip, br", "identity"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert packed.text == plain.text == TEXTS["index.html"]
    assert sum(len(file.packed) for file in load_page().values()) < 80_000


def test_other_files_are_not_found() -> None:
    with serving(TinyEngine()) as client:
        for name in ("page.py", "..%2Fpage.py", "index.htm", "desk/page.py", "desk/..%2Fmain.js"):
            assert client.get(f"/web/{name}").status_code == 404
