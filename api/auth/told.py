"""What a key or token looks like, to be found where it should not stand."""

from __future__ import annotations

import re

from retrieval.keys.key import TEXT

_TOKEN = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}")
"""A JWT (RFC 7519): two JSON objects that begin with {" and a signature."""


def holds_secret(text: str) -> bool:
    """Whether a key or token stands somewhere in it."""
    return bool(TEXT.search(text) or _TOKEN.search(text))
