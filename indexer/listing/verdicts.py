"""What operators decided about listings: entries of the journal, with who, when and why.

A decision is about one title and the rules that found it. What was found to be right is demoted no more, by a rebuild
nor live, as long as the title stands and no other rule finds anything in it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

import orjson

from retrieval.changes.journal import Change, Journal

KIND = "listing_verdict"
"""Of entries of the journal."""
_AT_ONCE = 10_000


class Verdict(StrEnum):
    """What was decided about a listing."""

    RIGHT = "right"
    """There is nothing wrong with it."""
    WRONG = "wrong"
    """The finding is true; the seller is told, or it is taken down."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody decided; `at`: seconds since 1970."""

    verdict: Verdict
    by: str
    at: float
    note: str


class Verdicts:
    """Safe to share between threads; reads on in the journal when it is asked."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self._lock, self._read = journal, Lock(), 0
        self._looked: dict[tuple[str, str, frozenset[str]], Looked] = {}
        self._right: dict[tuple[str, str], frozenset[str]] = {}

    def looked(self) -> Mapping[tuple[str, str, frozenset[str]], Looked]:
        """Product, title and rules → the last word. Raises StorageError."""
        with self._lock:
            self._follow()
            return dict(self._looked)

    def right(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Product and title → the rules that found what is right, of those of which the last word says so.

        Raises StorageError.
        """
        with self._lock:
            self._follow()
            return dict(self._right)

    def add(self, id: str, title: str, rules: Collection[str], verdict: Verdict, *, by: str, note: str) -> Looked:
        """Keeps what was decided. Raises StorageError."""
        looked = Looked(verdict, by, time.time(), note)
        body = orjson.dumps({"verdict": verdict, "note": note, "title": title, "rules": sorted(rules)})
        self._journal.append([Change(KIND, id, body, by=by, at=looked.at)])
        return looked

    def _follow(self) -> None:
        while entries := self._journal.read(self._read, _AT_ONCE, (KIND,)):
            self._read = entries[-1].position
            for change in (entry.change for entry in entries):
                body = orjson.loads(change.body)
                title, rules = body["title"], frozenset(body["rules"])
                looked = Looked(Verdict(body["verdict"]), change.by, change.at, body["note"])
                self._looked[change.target, title, rules] = looked
                self._right.pop((change.target, title), None)
                if looked.verdict is Verdict.RIGHT:
                    self._right[change.target, title] = rules
