"""What both clients say with every question, and how they word that nobody answered."""

from __future__ import annotations

from typing import Any, Protocol

import httpx

from xunhuo.client.call import Call
from xunhuo.client.errors import DeadlineExceeded, ServiceError, Unreachable


class Paged(Protocol):
    """An answer that goes on."""

    @property
    def next_cursor(self) -> str | None:
        """Of the next page; None: this is the last."""


def headers_of(key: str | None, shopper_token: str | None) -> dict[str, str]:
    """Of every question; a key never stands in a URL."""
    said = {"Authorization": f"Bearer {key}" if key else None, "X-Shopper-Token": shopper_token}
    return {name: value for name, value in said.items() if value}


def unreachable(call: Call[Any], error: httpx.TransportError) -> ServiceError:
    """What is raised where nobody answered; the address is left out, it may hold a password."""
    where = f"{call.method} {call.path}"
    if isinstance(error, httpx.TimeoutException):
        return DeadlineExceeded(f"{where}: no answer in time → allow more `timeout`, or see how busy the service is")
    told = f"{where}: {error or type(error).__name__} → is the service running, and the address right?"
    return Unreachable(told, arrived=not isinstance(error, httpx.ConnectError))
