"""What was taken down: titles that a shopper may still ask for, of products that are in no index any more.

An empty answer can so tell a take-down from a word that nobody ever sold. Only what sold best is remembered, and no
title is ever shown.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from retrieval.analysis.analyzer import QueryText
from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import CauseKind
from retrieval.understanding.plan import Autopsy, Cause

MOST = 20_000
"""Titles that are remembered: 3 MB, searched in a few milliseconds, and only for an answer without hits."""

BY_RULE = Cause(CauseKind.TAKEN_DOWN, "依照规定，不展示相关商品")
"""Why what was taken down is not shown."""
_UNTRUE = frozenset({CauseKind.TAKEN_DOWN, CauseKind.NO_MATCH, CauseKind.UNKNOWN_WORD, CauseKind.BELOW_FLOOR})
"""What is no cause where a rule is."""


class WithheldLearner:
    """Bounded: the titles of the `MOST` products that sold best."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._best: list[tuple[int, str]] = []

    def add(self, title: str, sold: int) -> None:
        """One product that is off the shelf or banned; `sold` pieces, 0 where it is not known."""
        entry = (sold, normalize(title))
        if len(self._best) < self._most:
            heapq.heappush(self._best, entry)
        else:
            heapq.heappushpop(self._best, entry)

    def titles(self) -> dict[str, int]:
        """Title → pieces sold, in order of text."""
        return dict(sorted((title, sold) for sold, title in self._best))


def taken_down(text: QueryText, titles: Iterable[str]) -> bool:
    """Whether one of `titles` has all terms of the query that are required; False where none is."""
    terms = [term.text for term in text.required]
    return bool(terms) and any(all(term in title for term in terms) for title in titles)


def told_of(why: Autopsy, text: QueryText, titles: Iterable[str]) -> Autopsy:
    """Where one of `titles`, which a rule keeps back, answers the query: that first, and no other take-down."""
    if not taken_down(text, titles):
        return why
    others = (cause for cause in why.causes if cause.kind not in _UNTRUE)
    return Autopsy((BY_RULE, *others), why.suggestions)
