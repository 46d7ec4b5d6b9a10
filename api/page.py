"""The search page and the operator's desk: a few files that are read once, with a policy that lets nothing else run.

Scripts and styles come from this origin alone, and every answer of the service is `nosniff`, so that no JSON of it can
pass for one. Nothing inline runs: an injected script has no way in. There is no build step; the files are as they lie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files

TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/)."""
KEY_PLACE = b'<meta name="key" content="">'
"""Where the page finds the key that it asks with."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page, in UTF-8, its media type, and its response headers."""

    content: bytes
    media_type: str
    headers: Mapping[str, str]


def load_page(key: str = "") -> dict[str, PageFile]:
    """File name → file, as they lie in the package; the page is told the `key` that it asks with."""
    return _files("web", key)


def load_desk() -> dict[str, PageFile]:
    """The same of the operator's desk, which is given no key: an operator types one in."""
    return _files("web/desk")


def _files(folder: str, key: str = "") -> dict[str, PageFile]:
    found = {}
    for file in files("api").joinpath(folder).iterdir():
        ending = file.name.rpartition(".")[2]
        if ending in TYPES:
            content = file.read_bytes().replace(KEY_PLACE, KEY_PLACE[:-2] + escape(key).encode() + KEY_PLACE[-2:])
            found[file.name] = _page_file(content, TYPES[ending])
    return found


def _page_file(content: bytes, media_type: str) -> PageFile:
    headers = {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    }
    return PageFile(content, media_type, headers)
