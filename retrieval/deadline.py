"""A budget of time that is handed down, so that no step waits longer than the request may."""

from __future__ import annotations

import time
from dataclasses import dataclass

from retrieval.errors import DeadlineExceeded


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock; None never comes."""

    at: float | None

    @classmethod
    def after_ms(cls, milliseconds: float | None) -> Deadline:
        """The moment `milliseconds` from now."""
        return cls(None if milliseconds is None else time.monotonic() + milliseconds / 1000)

    def later(self, seconds: float) -> Deadline:
        """The moment `seconds` after this one."""
        return Deadline(None if self.at is None else self.at + seconds)

    def share(self, share: float) -> Deadline:
        """The moment when `share` (in [0, 1]) of the time left is over."""
        left = self.remaining()
        return self if left is None else Deadline(time.monotonic() + share * left)

    def remaining(self) -> float | None:
        """Seconds left, at least 0; None when there is no limit."""
        return None if self.at is None else max(0.0, self.at - time.monotonic())

    def check(self) -> None:
        """Lets work go on that is done here, between two steps of it.

        Raises:
            DeadlineExceeded: the moment has come.
        """
        if self.remaining() == 0:
            raise DeadlineExceeded("the time of this request is up", field="timeout_ms", hint="allow more time")
