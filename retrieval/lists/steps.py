"""The seam between score and arrange: what an operator may do to a list."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.lists.score import Scored
from retrieval.search import Search

Step = Callable[[Search, Scored], Scored]
"""Scored candidates of a search → those that go on; places are given afterwards."""


def pass_on(search: Search, scored: Scored) -> Scored:
    """The step that changes nothing."""
    return scored
