"""Whether the dictionaries changed since they were read; asked again and again next to the requests."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from retrieval.errors import XunhuoError


class Watch:
    """Of one reader of dictionaries; not to be asked by two threads at once."""

    def __init__(self, state: Callable[[], Hashable], read: Callable[[], None]) -> None:
        """`state` is another value after a change; `read` takes the change over, or raises and leaves what was."""
        self._state, self._read = state, read
        self._seen = state()
        self._problem: XunhuoError | None = None

    def look(self) -> bool:
        """Takes over what changed; True when something did.

        Raises:
            XunhuoError: what was changed cannot be used, and what was goes on. It is said at every look until the next
                change, and read only once.
        """
        state = self._state()
        if state != self._seen:
            self._seen = state
            self._problem = None
            try:
                self._read()
            except XunhuoError as why:
                self._problem = why
                raise
            return True
        if self._problem:
            raise self._problem
        return False
