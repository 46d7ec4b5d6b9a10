"""How often one may ask: by key, by address, and by address with keys that open nothing.

Counted with `limits`, as a window that slides over a minute, in the memory of each process: a shared store would cost
every request a journey. Of N workers each lets through its share, so that all together never exceed the setting. Keys
of servers have no bound by address: all shoppers of a shop come from there.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter

from api.auth.counts import Counts
from api.errors import RateLimited
from retrieval.keys.key import Key, Role

_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one customer shares; of the rest everybody has plenty."""


@dataclass(frozen=True, slots=True)
class PerMinute:
    """Requests a minute, of all processes together; 0: no bound."""

    key: int = 0
    address: int = 0
    failed: int = 0


class Limits:
    """Used from one event loop.

    Args:
        workers: processes that share the bounds.
    """

    def __init__(self, bounds: PerMinute, *, workers: int = 1) -> None:
        self._counts = SlidingWindowCounterRateLimiter(Counts())
        self._key, self._address, self._failed = (
            RateLimitItemPerMinute(math.ceil(bound / workers)) if bound else None
            for bound in (bounds.key, bounds.address, bounds.failed)
        )

    def count(self, key: Key | None, address: str) -> None:
        """Counts a request. Raises RateLimited."""
        if key is not None:
            self._hit(self._key, "key", key.id)
        if key is None or key.role is Role.SEARCH:
            self._hit(self._address, "address", network_of(address))

    def count_failure(self, address: str) -> None:
        """Counts a key that opens nothing. Raises RateLimited."""
        self._hit(self._failed, "failed", network_of(address))

    def _hit(self, item: RateLimitItem | None, *at: str) -> None:
        if item and not self._counts.hit(item, *at):
            raise self._too_often(item, at)

    def _too_often(self, item: RateLimitItem, at: tuple[str, ...]) -> RateLimited:
        # The next whole second: at the very moment of a reset the window before still counts in full.
        seconds = math.floor(self._counts.get_window_stats(item, *at).reset_time - time.time()) + 1
        what = {"key": "This key", "address": "This address"}.get(at[0], "This address, with keys that open nothing,")
        error = RateLimited(f"{what} asks more often than it may.", hint="Come back after Retry-After seconds.")
        error.seconds = max(1, seconds)
        return error


def network_of(address: str) -> str:
    """The address, of IPv6 the network of its customer."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{int(found) >> (128 - _IPV6_NETWORK):x}::/{_IPV6_NETWORK}"
