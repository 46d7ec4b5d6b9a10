"""A backend that serves one generation, whichever is published: to try out what nobody shall see yet."""

from __future__ import annotations

from typing import Any, cast

from retrieval.deadline import Deadline
from retrieval.protocols import Backend


def pinned(backend: Backend, generation: str) -> Backend:
    """`backend`, but that `generation` is its current one."""
    return cast(Backend, _Pinned(backend, generation))


class _Pinned:
    def __init__(self, backend: Backend, generation: str) -> None:
        self._backend, self._generation = backend, generation

    def current(self, deadline: Deadline | None = None) -> str:
        return self._generation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)
