"""The states of a livestream's room, and which may follow which.

    scheduled → on_air (a product on screen, another, none) → off_air → replay,   and any of them again later

A room's changes are ordered by the time at which they happened, which the sender says: what is older than what is known
is refused, whenever it arrives. A room that is on air says so again and again (the heartbeat: on_air with a newer
time); one that has been silent for longer than `heartbeat` seconds counts as off air from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b

KNOWN = 32
"""Last changes of a room that are recognised when they are delivered again: a quarter of an hour of heartbeats."""


class State(StrEnum):
    """Of a room."""

    SCHEDULED = "scheduled"
    ON_AIR = "on_air"
    OFF_AIR = "off_air"
    REPLAY = "replay"


FOLLOWING: Mapping[State | None, tuple[State, ...]] = {
    None: (State.SCHEDULED, State.ON_AIR),
    State.SCHEDULED: (State.SCHEDULED, State.ON_AIR, State.OFF_AIR),
    State.ON_AIR: (State.ON_AIR, State.OFF_AIR),
    State.OFF_AIR: (State.OFF_AIR, State.REPLAY, State.SCHEDULED, State.ON_AIR),
    State.REPLAY: (State.REPLAY, State.SCHEDULED, State.ON_AIR),
}
"""State → those that may come next; None is a room that nobody has heard of."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The product on a screen, since when (seconds since 1970), and the price in yuan that is said, if one is."""

    product_id: str
    since: float
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a sender says of a room.

    Attributes:
        ts: when it happened, in seconds since 1970.
        product_id: the product that is on the screen of a room on air; "": the one that is there already.
        price: in yuan, said for `product_id`; None: no other than was said for this product.
        cleared: nothing is on the screen any more.
    """

    state: State
    ts: float
    product_id: str = ""
    price: float | None = None
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is known.

    Attributes:
        id: of the livestream.
        ts: of the last change, since: of the change that brought the state; seconds since 1970.
        screen: what is shown; only on air.
        lapsed: it is off air for want of a heartbeat; nobody said so.
        known: digests of the last changes, the newest last.
    """

    id: str
    state: State
    ts: float
    since: float
    screen: Screen | None = None
    lapsed: bool = False
    known: tuple[str, ...] = ()

    def at(self, now: float, heartbeat: float) -> Room:
        """The room as it counts at `now`: off air, with nothing on screen, where its heartbeat is overdue."""
        if self.state is not State.ON_AIR or now - self.ts <= heartbeat:
            return self
        return replace(self, state=State.OFF_AIR, since=self.ts + heartbeat, screen=None, lapsed=True)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a change is not taken: the field at fault, in words, and what to do."""

    field: str
    message: str
    hint: str


def after(room: Room | None, id: str, change: Change, heartbeat: float) -> Room | Refusal:
    """The room after a change; the very same room where the change is known already.

    Args:
        room: None where nobody has heard of it; then the change makes the room `id`.
        heartbeat: seconds > 0.
    """
    digest = _digest(change)
    if room and digest in room.known:
        return room
    if room and change.ts <= room.ts:
        return _too_late(room, change)
    was = room.at(change.ts, heartbeat) if room else None
    if change.state not in FOLLOWING[was.state if was else None]:
        return _impossible(was, id, change)
    return Room(
        id, change.state, change.ts, was.since if was and was.state is change.state else change.ts,
        _screen(was, change), known=(*(room.known if room else ()), digest)[-KNOWN:],
    )  # fmt: skip


def _screen(was: Room | None, change: Change) -> Screen | None:
    shown = was.screen if was else None
    if change.state is not State.ON_AIR or change.cleared:
        return None
    if not change.product_id:
        return shown
    if shown is None or shown.product_id != change.product_id:
        return Screen(change.product_id, change.ts, change.price)
    return shown if change.price is None else replace(shown, price=change.price)


def _too_late(room: Room, change: Change) -> Refusal:
    if change.ts == room.ts:
        message = f"{room.id} has another change of the same time, {clock(change.ts)}: which came first cannot be told."
        return Refusal("ts", message, "Give each change a later ts; fractions of a second count.")
    message = f"The change of {clock(change.ts)} is older than what is known of {room.id}, {clock(room.ts)}."
    return Refusal("ts", message, "Leave it out: it is too late. Send what is true now, with its own ts.")


def _impossible(was: Room | None, id: str, change: Change) -> Refusal:
    state = was.state if was else None
    possible = ", ".join(FOLLOWING[state])
    since = f" since {clock(was.since)}{' for want of a heartbeat' if was.lapsed else ''}" if was else ""
    now = f"is {state}{since}" if was else "is not known"
    return Refusal("state", f"{id} {now} and cannot become {change.state}.", f"Possible: {possible}.")


def clock(ts: float) -> str:
    """Seconds since 1970 as people read them, in UTC, to the millisecond."""
    return datetime.fromtimestamp(ts, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _digest(change: Change) -> str:
    content = repr((change.state.value, change.ts, change.product_id, change.price, change.cleared))
    return blake2b(content.encode(), digest_size=8).hexdigest()
