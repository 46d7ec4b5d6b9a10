"""Where take-downs are said, taken back, looked up and tried out: what the routes and the commands share.

What is acknowledged is durable, and out of every answer of every process from then on: the journal was appended to, and
where other processes look at it only now and then, they have all looked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from retrieval.analysis.analyzer import grams
from retrieval.changes.journal import Change, Entry
from retrieval.errors import InvalidRequest, NotFound, StateConflict
from retrieval.protocols import IndexReader
from retrieval.takedowns.effects import Effect, effect
from retrieval.takedowns.takedown import ENTRIES, Kind, Reason, TakeDown, folded, restoring, same_target
from retrieval.takedowns.takedowns import TakeDowns
from retrieval.takedowns.tell import told

MAX_VALUE_CHARS, MAX_NOTE_CHARS, MAX_KEY_CHARS = 256, 1_000, 100
_BATCH = 10_000
_TEXTS = frozenset({Kind.BRAND, Kind.QUERY, Kind.WORD})

Looks = Callable[[], Mapping[str, IndexReader]]
"""Gives the readers of what serves now, by kind of documents; none while nothing is served."""


class TakeDownDesk:
    """Thread-safe.

    Args:
        looks: what a dry run is tried on.
        seen: called after every change: what this process makes anew is made before it is acknowledged.
    """

    def __init__(
        self, takedowns: TakeDowns, looks: Looks = dict, *, seen: Callable[[], object] = lambda: None,
        now: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._journal, self._takedowns, self._looks = takedowns.journal, takedowns, looks
        self._seen, self._now, self._sleep = seen, now, sleep

    def add(self, asked: Sequence[TakeDown], operator: str, key: str = "") -> list[TakeDown]:
        """Takes down, all or none; as they stand in the journal. The same key again adds nothing.

        Raises:
            InvalidRequest: one makes no sense.
            StateConflict: the key was used for something else.
            StorageError: they cannot be kept.
        """
        now = self._now()
        for each in asked:
            check(each, now)
        said = (
            TakeDown(each.kind, each.value.strip(), each.reason, each.note, operator, now, each.until, each.show_notice)
            for each in asked
        )
        return [TakeDown.of(entry) for entry in self._append([one.change(k) for one, k in _keyed(said, key)])]

    def restore(self, targets: Sequence[str], operator: str, note: str = "", key: str = "") -> list[str]:
        """Takes back what stands of these targets; those that stood.

        Raises:
            NotFound: one does not stand, and this is not said again.
            StateConflict, StorageError: as `add`.
        """
        standing, now, targets = self._takedowns.standing(), self._now(), [*map(same_target, targets)]
        stood = [target for target in targets if target in standing.takedowns]
        if len(stood) < len(targets) and not (key and self._journal.known([f"{key}/0"])):
            missing = next(target for target in targets if target not in standing.takedowns)
            raise NotFound(
                f"{missing[:80]} is not taken down",
                field="target",
                hint="xunhuo takedown list, or GET /v1/admin/takedowns",
            )
        self._append([restoring(target, note, operator, now, k) for target, k in _keyed(targets, key)])
        return targets

    def standing(
        self, kinds: Collection[Kind] = (), reasons: Collection[Reason] = (), containing: str = ""
    ) -> list[TakeDown]:
        """What stands, the newest first: of these kinds and reasons, where any are named, with this in the value."""
        wanted = folded(containing)
        return sorted(
            (
                each for each in self._takedowns.standing().takedowns.values()
                if (not kinds or each.kind in kinds) and (not reasons or each.reason in reasons)
                and wanted in folded(each.value)
            ),
            key=lambda each: -each.position,
        )  # fmt: skip

    def history(self, target: str = "", limit: int = 1_000) -> list[dict[str, Any]]:
        """Who took down and back what, when and why: the newest `limit` entries of one target, or of all."""
        wanted = same_target(target)
        entries = (entry for entry in self._entries() if not target or same_target(entry.change.target) == wanted)
        return [told(entry) for entry in sorted(entries, key=lambda entry: -entry.position)[:limit]]

    def check(self, asked: Sequence[TakeDown]) -> list[Effect]:
        """What these would do, each alone, to what is served now. Nothing is kept.

        Raises:
            InvalidRequest: one makes no sense.
        """
        for each in asked:
            check(each, self._now())
        readers, standing = self._looks(), self._takedowns.standing()
        return [effect(each, readers, standing) for each in asked]

    def _append(self, changes: Sequence[Change]) -> list[Entry]:
        """Keeps them; when this returns, every process has seen them."""
        positions = self._journal.append(changes)
        until, first, last = time.monotonic() + self._journal.seen_after, min(positions), max(positions)
        kept = {entry.position: entry for entry in self._journal.read(first - 1, last - first + 1, ENTRIES)}
        for change, position in zip(changes, positions, strict=True):
            if position not in kept or not _same(change, kept[position].change):
                raise StateConflict(
                    f"the key {change.key[:80]} was used for something else", field="idempotency-key",
                    hint="send another key",
                )  # fmt: skip
        self._takedowns.standing()
        self._seen()
        if (left := until - time.monotonic()) > 0:
            self._sleep(left)
        return [kept[position] for position in positions]

    def _entries(self) -> Iterator[Entry]:
        read = 0
        while entries := self._journal.read(read, _BATCH, ENTRIES):
            yield from entries
            read = entries[-1].position


def check(asked: TakeDown, now: float) -> None:
    """Whether it can be meant. Raises InvalidRequest."""
    value = asked.value.strip()
    problem = None
    if not value or len(value) > MAX_VALUE_CHARS:
        problem = "value", f"a value has 1 to {MAX_VALUE_CHARS} characters"
    elif asked.kind in _TEXTS and not any(map(str.isalnum, folded(value))):
        problem = "value", f"{value[:40]!r} has no letter, digit or character"
    elif asked.kind is Kind.WORD and not any(grams(folded(value))):
        problem = "value", f"{value[:40]!r} is in pieces that nothing can be found by"
    elif len(asked.note) > MAX_NOTE_CHARS:
        problem = "note", f"a note has at most {MAX_NOTE_CHARS} characters"
    elif asked.until is not None and asked.until <= now:
        problem = "until", "it would have expired already"
    if problem:
        field, message = problem
        raise InvalidRequest(message, field=field, hint="docs/takedowns.md says what each kind means")


def _keyed(items: Any, key: str) -> Iterator[tuple[Any, str]]:
    """Each with a key of its own, out of that of the call."""
    return ((item, f"{key}/{place}" if key else "") for place, item in enumerate(items))


def _same(one: Change, other: Change) -> bool:
    return (one.kind, one.target, one.body) == (other.kind, other.target, other.body)
