"""What a store of events must promise: durable before the answer, each id once, and deleted means gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from retrieval.interest.event import EventType, ShopperEvent


class Refusal(StrEnum):
    """Why a store does not keep an event."""

    NO_CONSENT = "no_consent"
    """The shopper withdrew consent."""
    TOO_LATE = "too_late"
    """It is older than what became counters: whether it was counted already cannot be told."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many of the events of a call were new, how many were known, and which are not kept: id → why."""

    accepted: int
    duplicates: int
    refused: Mapping[str, Refusal] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was done to an item by events that are no longer kept, and how many pieces in all."""

    item_id: str
    kind: str
    type: EventType
    events: int
    quantity: int


class EventStore(Protocol):
    """Thread-safe; several processes may use one store. Every method raises StorageError where it cannot.

    A version stands for what is known of a shopper: read it first, then the events, and keep both together.
    """

    def add(self, events: Sequence[ShopperEvent]) -> Added:
        """Keeps events; they are durable, and seen by all, when it returns. Of equal ids the first counts."""

    def of_user(self, user_id: str, session_id: str = "", *, until: float | None = None) -> list[ShopperEvent]:
        """The newest events of a user, and of a session that has no user yet, by (ts, id); at most a few thousand.

        None of a user who withdrew consent. An event with a user belongs to the user, whatever its session.

        Args:
            until: only events before this time, in seconds since 1970.
        """

    def held(self, user_id: str) -> list[ShopperEvent]:
        """All that is held of a user, by (ts, id), with or without consent; what the sessions of the user did before
        the user was known, too."""

    def version(self, user_id: str, session_id: str = "") -> int:
        """Grows with every event, choice and deletion of this user or session, also of other processes."""

    def scan(
        self, *, since: float = 0.0, until: float | None = None, types: Collection[EventType] = ()
    ) -> Iterator[ShopperEvent]:
        """All events but those of users who withdrew consent, by (ts, id), streamed.

        Args:
            types: only these; none: all.
        """

    def users(self) -> Iterator[str]:
        """All users with an event or a choice, by id, streamed."""

    def newest(self) -> float:
        """When the last event happened, in seconds since 1970; 0 where there is none."""

    def choices(self, user_id: str) -> Choices:
        """What a user decided; the default choices of one who did not."""

    def choose(self, user_id: str, choices: Choices) -> None:
        """Keeps decisions, durably."""

    def delete(self, user_id: str) -> int:
        """Takes everything that is held of a user away, so that no byte of it stays in the store; how many events."""

    def prune(self, before: float) -> int:
        """Turns events before this time into counters; how many. Later deliveries of that time are too late."""

    def counts(self) -> Iterator[Count]:
        """What became counters."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""
