"""Names of generations: ``g<UTC time>-<suffix>``, which sort by the moment of their creation."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

_NAME = re.compile(r"g\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{4}", re.ASCII)


def new_name(now: datetime) -> str:
    """For a generation that is created `now` (UTC, milliseconds)."""
    return f"g{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{secrets.token_hex(2)}"


def is_name(text: str) -> bool:
    """Whether it can be the name of a generation; it may come from a cursor, so it is not trusted to be one."""
    return _NAME.fullmatch(text) is not None
