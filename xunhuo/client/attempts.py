"""When a question is sent again, and what an answer says; nothing here waits or sends.

Waits grow twice with each attempt, and are drawn from zero to that ("full jitter": M. Brooker, Exponential Backoff And
Jitter, AWS Architecture Blog, 2015), so that clients that were turned away together do not come back together. A
``Retry-After`` is waited for where it fits into the time that is left.
"""

from __future__ import annotations

import random
import time
from typing import TypeVar

import msgspec

from xunhuo.client.call import Call
from xunhuo.client.errors import DeadlineExceeded, Detail, Refused, ServiceError, Unreachable, Unreadable

T = TypeVar("T")

_FIRST_S, _LONGEST_S = 0.05, 1.0
_TURNED_AWAY = frozenset({429, 503})
"""Statuses that say that nothing was done."""
_LOST = frozenset({502, 504})
"""Statuses of which nobody knows whether something was done."""


class _ErrorAnswer(msgspec.Struct):
    error: Detail


class Attempts:
    """Those of one question, within `seconds` from now on and at most `most` of them."""

    def __init__(self, call: Call[T], seconds: float, most: int) -> None:
        self._call, self._ends, self._left = call, time.monotonic() + seconds, most
        self._wait = _FIRST_S

    def remaining(self) -> float:
        """Seconds that are left. Raises DeadlineExceeded where none are."""
        if (left := self._ends - time.monotonic()) <= 0:
            raise DeadlineExceeded(f"{self._call.method} {self._call.path}: the time is over → allow more `timeout`")
        return left

    def pause(self, failure: ServiceError) -> float:
        """Seconds to wait before the next attempt.

        Raises:
            ServiceError: `failure`, where another attempt would be of no use, or come too late.
        """
        self._left -= 1
        wait = max(random.uniform(0, self._wait), getattr(failure, "retry_after", None) or 0.0)
        self._wait = min(2 * self._wait, _LONGEST_S)
        if not self._worth_it(failure) or self._left <= 0 or time.monotonic() + wait >= self._ends:
            raise failure
        return wait

    def _worth_it(self, failure: ServiceError) -> bool:
        if isinstance(failure, Refused):
            return failure.status in _TURNED_AWAY or (failure.status in _LOST and self._call.repeatable)
        return isinstance(failure, Unreachable) and (self._call.repeatable or not failure.arrived)


def read(call: Call[T], status: int, body: bytes, retry_after: str | None) -> T:
    """The answer to `call`.

    Raises:
        Refused: the service said no.
        Unreadable: it is not an answer of this API.
    """
    try:
        if status < 400:
            return msgspec.json.decode(body, type=call.answer)
        raise Refused(status, msgspec.json.decode(body, type=_ErrorAnswer).error, _seconds(retry_after))
    except msgspec.MsgspecError as error:
        if status in _TURNED_AWAY | _LOST:  # a proxy's own page
            raise Refused(
                status, Detail("proxy", "There is no answer of the service."), _seconds(retry_after)
            ) from None
        raise Unreadable(f"{call.method} {call.path}: {status}, but no answer of this API: {error}") from None


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
