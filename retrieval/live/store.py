"""What a store of rooms must promise: durable before the answer, one order for all, and late is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.errors import StateConflict
from retrieval.live.state import Change, Refusal, Room, after


@dataclass(frozen=True, slots=True)
class Put:
    """A room after a change; `changed`: False where the same change was taken before."""

    room: Room
    changed: bool


class LiveStore(Protocol):
    """Thread-safe; several processes may use one store. Every method raises StorageError, or NotReady of a cluster,
    where it cannot. Rooms come as they were said; `Room.at` says how one counts by now.
    """

    @property
    def heartbeat(self) -> float:
        """Seconds after which a silent room is off air."""

    def put(self, id: str, change: Change) -> Put:
        """Takes a change as `retrieval.live.state.after` says; durable, and seen by all, when it returns.

        Of changes at the same moment, in whatever processes, each sees what the others left.

        Raises:
            StateConflict: it is too late, or cannot follow.
        """

    def room(self, id: str) -> Room | None:
        """A room; None where nobody has heard of it."""

    def on_air(self, now: float) -> Sequence[Room]:
        """The rooms on air whose heartbeat is not overdue at `now`, by id. Cheap where nothing has changed."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""


def taken(room: Room | None, id: str, change: Change, heartbeat: float) -> Put:
    """What a store does with a change; it writes where `changed`.

    Raises:
        StateConflict: it is refused.
    """
    then = after(room, id, change, heartbeat)
    if isinstance(then, Refusal):
        raise StateConflict(then.message, field=then.field, hint=then.hint)
    return Put(then, then is not room)
