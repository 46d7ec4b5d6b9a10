"""A set of rules becomes the one in force, and an older one again: one entry of the journal, whole or not at all.

The key of the entry is the number of the version. Of two who publish at once from the same version the journal keeps
one, and the other is told: nobody's rules are lost unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrieval.changes.journal import Change
from retrieval.errors import NotFound, VersionConflict
from retrieval.rules.book import KIND, RuleBook, Version, body_of


def publish(
    book: RuleBook, document: Mapping[str, Any], *, by: str, note: str, now: float, expected: int | None = None,
    restored: int | None = None,
) -> Version:  # fmt: skip
    """Puts rules in force; the version. The same rules again change nothing.

    Args:
        document: as `retrieval.rules.read.Read` gives it; it is not checked here.
        by: who says so; now: seconds since 1970.
        expected: the version that it was made from, 0 for none; None: whichever is in force.
        restored: the number of the older version that it repeats.

    Raises:
        VersionConflict: another version is in force by now.
        StorageError: it cannot be kept.
    """
    last = book.version()
    number = last.number if last else 0
    if expected is not None and expected != number:
        raise _conflict(number, expected)
    if last and last.document == document:
        return last
    change = Change(KIND, "", body_of(number + 1, document, note, restored), f"{KIND}:{number + 1}", by, now)
    (position,) = book.journal.append([change])
    (kept,) = book.journal.read(position - 1, 1, (KIND,))
    if kept.change != change:
        raise _conflict(number + 1, number)
    return Version.of(kept)


def rollback(
    book: RuleBook, number: int, *, by: str, note: str, now: float, expected: int | None = None
) -> Version:  # fmt: skip
    """Puts an older version in force again, as a new one. Arguments and errors as in `publish`.

    Raises:
        NotFound: there is no such version.
    """
    if number == 0:
        return publish(book, {"rules": []}, by=by, note=note, now=now, expected=expected, restored=0)
    older = book.version(number)
    if older is None:
        raise NotFound(f"there is no version {number} of the rules", field="version", hint="none was published yet")
    return publish(book, older.document, by=by, note=note, now=now, expected=expected, restored=number)


def carry(left: RuleBook, gone_to: RuleBook) -> int | None:
    """The rules in force move with a catalogue, with who published them, when and why; their version there, None where
    there are none. Done again it changes nothing.

    Raises:
        StorageError: they cannot be read or kept.
    """
    last = left.version()
    if last is None:
        return None
    return publish(gone_to, last.document, by=last.by, note=last.note, now=last.at).number


def _conflict(now: int, expected: int) -> VersionConflict:
    message = f"version {now} of the rules is in force, not {expected}"
    return VersionConflict(message, field="version", hint="read it again, then publish")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Ids of the rules, and of campaigns, that are ``new``, ``gone`` and ``changed`` from one set to another."""
    was, now = map(_by_id, (before, after))
    return {
        "new": [id for id in now if id not in was],
        "gone": [id for id in was if id not in now],
        "changed": [id for id in now if id in was and now[id] != was[id]],
    }


def _by_id(document: Mapping[str, Any]) -> dict[str, Any]:
    campaigns = {f"campaign {each['id']}": each for each in document.get("campaigns") or ()}
    return {each["id"]: each for each in document.get("rules") or ()} | campaigns
