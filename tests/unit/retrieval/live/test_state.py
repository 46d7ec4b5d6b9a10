"""What a room becomes.

1. scheduled → on_air → off_air → replay, and each of them again; what cannot follow is refused, naming what can.
2. The same change again gives the very same room, also when others came in between, among the last 32.
3. A change that is older than the last one is refused, and so is another one of the same time.
4. A heartbeat keeps what is on screen, since when, and its price; a product given replaces it; cleared takes it off.
5. The same product again keeps since when it is shown, and another price replaces the one that was said.
6. `since` is the time of the change that brought the state.
7. A room on air that was silent for longer than the heartbeat counts as off air from then on, without a product; it may
   become a replay, or come back, and what was on its screen does not come back with it.
8. In whatever order changes arrive, the room is that of those that were taken, in the order of their times.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from retrieval.live.state import FOLLOWING, KNOWN, Change, Refusal, Room, Screen, State, after, clock

HEARTBEAT = 90.0
ON, OFF = State.ON_AIR, State.OFF_AIR


def room_after(*changes: Change) -> Room:
    """Of changes that are all taken."""
    room: Room | None = None
    for change in changes:
        then = after(room, "l1", change, HEARTBEAT)
        assert isinstance(then, Room)
        room = then
    assert room is not None
    return room


REACHED = {
    None: [],
    State.SCHEDULED: [Change(State.SCHEDULED, 1)],
    ON: [Change(ON, 1)],
    OFF: [Change(ON, 1), Change(OFF, 2)],
    State.REPLAY: [Change(ON, 1), Change(OFF, 2), Change(State.REPLAY, 3)],
}


@pytest.mark.parametrize("state", REACHED)
@pytest.mark.parametrize("following", State)
def test_what_may_follow(state: State | None, following: State) -> None:  # 1
    room = room_after(*REACHED[state]) if state else None
    then = after(room, "l1", Change(following, 10), HEARTBEAT)
    possible = {
        None: "scheduled on_air", "scheduled": "scheduled on_air off_air", "on_air": "on_air off_air",
        "off_air": "off_air replay scheduled on_air", "replay": "replay scheduled on_air",
    }[state]  # fmt: skip
    if following in possible.split():
        assert isinstance(then, Room)
        assert (then.state, then.ts) == (following, 10)
    else:
        assert isinstance(then, Refusal)
        assert then.field == "state"
        assert then.hint == f"Possible: {possible.replace(' ', ', ')}."
        assert f"cannot become {following}" in then.message


def test_the_same_again() -> None:  # 2
    changes = [Change(ON, 10.0 * n, f"p{n}", 9.9) for n in range(1, KNOWN + 2)]
    room = room_after(*changes)
    for change in changes[1:]:
        assert after(room, "l1", change, HEARTBEAT) is room
    assert isinstance(after(room, "l1", changes[0], HEARTBEAT), Refusal)
    assert len(room.known) == KNOWN


def test_late_and_same_time() -> None:  # 3
    room = room_after(Change(ON, 10), Change(ON, 20, "p1"))
    late = after(room, "l1", Change(ON, 19.999, "p2"), HEARTBEAT)
    assert late == Refusal(
        "ts",
        "The change of 1970-01-01T00:00:19.999Z is older than what is known of l1, 1970-01-01T00:00:20.000Z.",
        "Leave it out: it is too late. Send what is true now, with its own ts.",
    )
    for other in (Change(ON, 20, "p2"), Change(OFF, 20), Change(ON, 20, "p1", 9.9)):
        refused = after(room, "l1", other, HEARTBEAT)
        assert isinstance(refused, Refusal)
        assert refused.field == "ts"
        assert "same time" in refused.message


def test_the_screen() -> None:  # 4, 5
    first = [Change(ON, 10, "p1", 99.0)]
    assert room_after(*first).screen == Screen("p1", 10, 99.0)
    assert room_after(*first, Change(ON, 20)).screen == Screen("p1", 10, 99.0)
    assert room_after(*first, Change(ON, 20, "p1")).screen == Screen("p1", 10, 99.0)
    assert room_after(*first, Change(ON, 20, "p1", 89.0)).screen == Screen("p1", 10, 89.0)
    assert room_after(*first, Change(ON, 20, "p2")).screen == Screen("p2", 20, None)
    assert room_after(*first, Change(ON, 20, cleared=True)).screen is None
    assert room_after(*first, Change(OFF, 20)).screen is None
    assert room_after(*first, Change(OFF, 20), Change(ON, 30)).screen is None


def test_since() -> None:  # 6
    assert room_after(Change(State.SCHEDULED, 5), Change(ON, 10)).since == 10
    assert room_after(Change(ON, 10), Change(ON, 20), Change(ON, 30)).since == 10
    assert room_after(Change(ON, 10), Change(OFF, 20), Change(ON, 30)).since == 30


def test_without_a_heartbeat() -> None:  # 7
    room = room_after(Change(ON, 10, "p1", 9.0))
    assert room.at(100, HEARTBEAT) is room
    lapsed = room.at(100.5, HEARTBEAT)
    assert lapsed == replace(room, state=OFF, since=100, screen=None, lapsed=True)
    assert room_after(Change(ON, 10), Change(OFF, 20)).at(1e9, HEARTBEAT).lapsed is False
    back = after(room, "l1", Change(ON, 200), HEARTBEAT)
    assert isinstance(back, Room)
    assert (back.state, back.since, back.screen) == (ON, 200, None)
    replayed = after(room, "l1", Change(State.REPLAY, 200), HEARTBEAT)
    assert isinstance(replayed, Room)
    refused = after(room, "l1", Change(State.REPLAY, 100), HEARTBEAT)
    assert isinstance(refused, Refusal)


def test_any_order() -> None:  # 8
    rng = random.Random(3)
    for _ in range(300):
        changes = [
            Change(rng.choice([*State]), float(rng.randrange(0, 400, 7)), rng.choice(["", "p1", "p2"]))
            for _ in range(rng.randrange(1, 12))
        ]
        room: Room | None = None
        took: list[Change] = []
        for change in changes:
            then = after(room, "l1", change, HEARTBEAT)
            if isinstance(then, Room) and then is not room:
                took.append(change)
                room = then
        assert [change.ts for change in took] == sorted({change.ts for change in took})
        states = [None, *(change.state for change in took)]
        gaps = zip([0.0, *(change.ts for change in took)], [change.ts for change in took], strict=False)
        for before, following, (earlier, later) in zip(states, states[1:], gaps, strict=False):
            lapsed = before is ON and later - earlier > HEARTBEAT
            assert following in FOLLOWING[OFF if lapsed else before]


def test_clock() -> None:
    assert clock(1_714_521_600.25) == "2024-05-01T00:00:00.250Z"
