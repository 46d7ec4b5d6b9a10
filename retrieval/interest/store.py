"""What a store of events must promise: durable before the answer, each id once, and deleted means gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from retrieval.interest.event import ShopperEvent


@dataclass(frozen=True, slots=True)
class Added:
    """How many of the events of a call were new, and how many were known."""

    accepted: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a shopper decided about the own profile.

    Attributes:
        consent: False: nothing is read and nothing more is kept.
        removed: interests that do not count any more, as ``dimension:value`` → since when (seconds since 1970).
        pinned: interests that the shopper confirmed, as ``dimension:value``.
    """

    consent: bool = True
    removed: Mapping[str, float] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()


class EventStore(Protocol):
    """Thread-safe; several processes may use one store."""

    def add(self, events: Sequence[ShopperEvent]) -> Added:
        """Keeps events; they are durable when it returns. Of equal ids the first counts, here and in the store."""

    def of_user(self, user_id: str, session_id: str = "", *, until: float | None = None) -> list[ShopperEvent]:
        """The newest events of a user, and of a session that has no user yet, by (ts, id); at most a few thousand.

        Args:
            until: only events before this time, in seconds since 1970.
        """

    def version(self, user_id: str, session_id: str = "") -> int:
        """Grows with every event, choice and deletion of this user or session, also of other processes."""

    def scan(self, *, since: float = 0.0, until: float | None = None) -> Iterator[ShopperEvent]:
        """All events, by (ts, id), streamed."""

    def users(self) -> Iterator[str]:
        """All users with an event or a choice, by id, streamed."""

    def choices(self, user_id: str) -> Choices:
        """What a user decided; the default choices of one who did not."""

    def choose(self, user_id: str, choices: Choices) -> None:
        """Keeps decisions, durably."""

    def delete(self, user_id: str) -> int:
        """Takes everything of a user away, so that no byte of it stays in the store; how many events there were."""

    def prune(self, before: float) -> int:
        """Turns events before this time into counters (how often each item was shown, clicked, ordered …)."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""
