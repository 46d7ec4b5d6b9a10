"""The search page, read once and served with a policy that lets only its own script and style run.

The hashes are those of Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/): base64 of SHA-256 over the text
between the tags, so the file needs no build step and an injected script has no way to run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files

INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """HTML in UTF-8 and its response headers."""

    html: bytes
    headers: dict[str, str]


def load_page() -> Page:
    """The page as it lies in the package."""
    html = files("api").joinpath("web/index.html").read_bytes()
    headers = {
        "Content-Security-Policy": content_security_policy(html),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return Page(html, headers)


def content_security_policy(html: bytes) -> str:
    """A policy under which exactly the inline scripts and styles of `html` work, and calls to its own origin."""
    sources: dict[bytes, list[str]] = {b"script": [], b"style": []}
    for tag, text in INLINE.findall(html):
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
        sources[tag].append(f"'sha256-{digest}'")
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(sources[b'script'])}",
            f"style-src {' '.join(sources[b'style'])}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
