"""The search page and the operator's desk: a few files that are read once, with a policy that lets nothing else run.

Scripts and styles come from this origin alone, and every answer of the service is `nosniff`, so that no JSON of it can
pass for one. Nothing inline runs: an injected script has no way in. There is no build step; the files are as they lie.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from api.plain import PLACE

TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src data: {hosts}",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/), but for the hosts that pictures may lie on."""
KEY_PLACE = b'<meta name="key" content="">'
"""Where the page finds the key that it asks with."""
ASKED_PLACE = b'id="q" name="q"'
"""Where it shows what was asked."""
TITLE_PLACE = "<title>寻货</title>".encode()
"""What it is called."""
HOSTS_PLACE = b'<meta name="image-hosts" content="">'
"""Where it finds the hosts that pictures of products may be shown from."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page, in UTF-8, the same packed (gzip), its media type, and its response headers."""

    content: bytes
    packed: bytes
    media_type: str
    headers: Mapping[str, str]


def load_page(key: str = "", image_hosts: Sequence[str] = ()) -> dict[str, PageFile]:
    """File name → file, as they lie in the package; the page is told the `key` that it asks with, and the hosts that
    it may show pictures from."""
    told = {KEY_PLACE: key, HOSTS_PLACE: " ".join(image_hosts)}
    return _files("web", told, POLICY.format(hosts=" ".join(f"https://{host}" for host in image_hosts)))


def load_desk() -> dict[str, PageFile]:
    """The same of the operator's desk, which is given no key: an operator types one in."""
    return _files("web/desk", {}, POLICY.format(hosts=""))


def _files(folder: str, told: Mapping[bytes, str], policy: str) -> dict[str, PageFile]:
    found = {}
    for file in files("api").joinpath(folder).iterdir():
        ending = file.name.rpartition(".")[2]
        if ending in TYPES:
            content = file.read_bytes()
            for place, text in told.items():
                content = content.replace(place, place[:-2] + escape(text).encode() + place[-2:])
            found[file.name] = _page_file(content, TYPES[ending], policy)
    return found


def with_content(file: PageFile, listed: bytes, *, query: str = "", title: str = "") -> PageFile:
    """The page with what browsers show that run no script, with the query that was asked, and under a title."""
    asked = ASKED_PLACE + f' value="{escape(query)}"'.encode() if query else ASKED_PLACE
    called = f"<title>{escape(title)} - 寻货</title>".encode() if title else TITLE_PLACE
    return _page_file(
        file.content.replace(TITLE_PLACE, called).replace(ASKED_PLACE, asked).replace(PLACE, listed),
        file.media_type,
        file.headers["Content-Security-Policy"],
    )


def _page_file(content: bytes, media_type: str, policy: str) -> PageFile:
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    }
    return PageFile(content, gzip.compress(content, mtime=0), media_type, headers)
