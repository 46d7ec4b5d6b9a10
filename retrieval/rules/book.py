"""The rules in force, out of the journal: each version is one entry, whole, and the last one holds.

So every process follows by asking how far the journal is, a cursor finds the edition that its list was made with, and
what was ever in force can be read, compared and published again.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import orjson

from retrieval.changes.journal import Entry, Journal
from retrieval.errors import CursorExpired, NotFound, XunhuoError
from retrieval.rules.edition import EMPTY, Edition, Mark, Ruled
from retrieval.rules.read import read_document

KIND = "rules"
"""Of entries of the journal."""
_AT_ONCE = 50
"""Entries that are read together: each holds a whole set."""
_log = logging.getLogger("xunhuo.rules")


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and who published it.

    Attributes:
        number: counts from 1; position: in the journal.
        at: seconds since 1970.
        restored: the number of the older version that it puts in force again; None where it is a new one.
        document: the set, as JSON values.
    """

    number: int
    position: int
    at: float
    by: str
    note: str
    restored: int | None
    document: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> Version:
        """Reads what `retrieval.rules` has in a journal."""
        body, change = orjson.loads(entry.change.body), entry.change
        return cls(
            body["version"], entry.position, change.at, change.by, body["note"], body["restored"], body["document"]
        )

    @property
    def rules(self) -> int:
        """How many there are."""
        return len(self.document.get("rules", ()))


class RuleBook:
    """Thread-safe. A journal that cannot be read leaves what was in force, and is said in the log."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._seen = 0
        self._current = EMPTY
        self._failed = False
        self._older: dict[int, Edition] = {}
        self._lock = Lock()

    def current(self) -> Edition:
        """The edition in force."""
        try:
            # Who sees first that there is something new reads it; the others go on meanwhile, but for the first time.
            if self.journal.position() != self._seen and self._lock.acquire(blocking=not self._seen):
                try:
                    self._follow()
                finally:
                    self._lock.release()
            self._failed = False
        except XunhuoError as why:
            if not self._failed:  # the same failure at every request would fill the log
                _log.warning("rules stay as they were: %s", why.message)
            self._failed = True
        return self._current

    def ruled(self, mark: Mark) -> Ruled:
        """The rules that a cursor names.

        Raises:
            CursorExpired: there is no such edition, or it has fewer rules.
        """
        position, at = mark
        if not at:
            return Ruled()
        edition = self.current()
        edition = edition if edition.position == position else self._at(position)
        if max(at) >= len(edition.rules.rules):
            raise _gone()
        return Ruled(edition, at)

    def versions(self) -> list[Version]:
        """All of them, oldest first. Raises StorageError."""
        return [Version.of(entry) for entry in self._entries(0)]

    def version(self, number: int | None = None) -> Version | None:
        """One of them, the one in force where no number is given; None where nothing was published yet.

        Raises:
            NotFound: there is none of this number.
            StorageError: the journal cannot be read.
        """
        known = self.versions()
        if number is None:
            return known[-1] if known else None
        for version in known:
            if version.number == number:
                return version
        there = f"there are 1 to {len(known)}" if known else "none was published yet"
        raise NotFound(f"there is no version {number} of the rules", field="version", hint=there)

    def _follow(self) -> None:
        position = self.journal.position()
        restored = position < self._seen  # from an older copy
        last = deque(self._entries(0 if restored else self._seen), maxlen=1)
        if last:
            self._current = _edition(last[0])
        elif restored:
            self._current = EMPTY
        self._older = {} if restored else self._older
        self._seen = position

    def _entries(self, after: int) -> Iterator[Entry]:
        while entries := self.journal.read(after, _AT_ONCE, (KIND,)):
            yield from entries
            after = entries[-1].position

    def _at(self, position: int) -> Edition:
        with self._lock:
            if position not in self._older:
                found = self.journal.read(position - 1, 1, (KIND,))
                if not found or found[0].position != position:
                    raise _gone()
                if len(self._older) >= 8:  # cursors go on in few of them
                    self._older.pop(next(iter(self._older)))
                self._older[position] = _edition(found[0])
            return self._older[position]


def _edition(entry: Entry) -> Edition:
    version = Version.of(entry)
    read = read_document(version.document)
    for problem in read.problems:
        if problem.fatal:  # written by a later version of this program
            _log.warning("version %d of the rules: left out: %s", version.number, problem)
    return Edition.of(version.number, version.position, read.rules)


def _gone() -> CursorExpired:
    return CursorExpired("the rules that this list was made with are gone", field="cursor", hint="search again")


def body_of(number: int, document: Mapping[str, Any], note: str, restored: int | None) -> bytes:
    """What stands in the journal of a version."""
    return orjson.dumps({"version": number, "note": note, "restored": restored, "document": document})
