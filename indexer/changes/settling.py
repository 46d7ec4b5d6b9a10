"""A generation is served when it has all that was written meanwhile: after a rebuild, a rollback, an edit of words.

It catches up in rounds while writers go on, so that the last one, for which they wait, is short.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from retrieval.changes.overlay import Changeable
from retrieval.protocols import Backend

_SHORT = 50
"""Documents: so many are written in a tenth of a second, with vectors."""
_ROUNDS = 10
"""Then writers are faster than we are, and have to wait."""


def settling(backend: Backend, catch_up: Callable[[str], int]) -> Backend:
    """`backend`, which publishes nothing that lacks a change; itself where its generations cannot be changed."""
    return cast(Backend, _Settling(backend, catch_up)) if isinstance(backend, Changeable) else backend


class _Settling:
    def __init__(self, backend: Backend, catch_up: Callable[[str], int]) -> None:
        self._backend, self._catch_up = backend, catch_up

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def publish(self, generation: str) -> None:
        for _ in range(_ROUNDS):
            if self._catch_up(generation) <= _SHORT:
                break
        assert isinstance(self._backend, Changeable)
        with self._backend.changing():
            self._catch_up(generation)
            self._backend.publish(generation)
