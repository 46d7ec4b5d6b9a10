"""What is on air in the demo mall: some of its livestreams, again and again, a few times as fast as they were.

A room shows what its transcript says, when it says it, at the price of the feed; then it goes off air, stands as a
replay for a while, and begins anew. Pure: what is said of a room depends on the time alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from retrieval.live.state import Change, State

ROOMS = 3
SPEED = 4.0
"""Seconds of a livestream in a second: a product is on the screen for a quarter of a minute."""
OFF_S, REPLAY_S = 15.0, 45.0
"""Seconds between two airings."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A product on the screen, from `start` to `end` in seconds of the livestream, and its price in yuan if known."""

    product_id: str
    price: float | None
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Programme:
    """A livestream that is aired again and again; `length` in its own seconds."""

    video_id: str
    length: float
    slots: tuple[Slot, ...]

    @property
    def on_air_s(self) -> float:
        """Seconds of one airing."""
        return self.length / SPEED


def said(programme: Programme, now: float, begun: float) -> Change:
    """What its sender says at `now`, where the first airing began at `begun`; both in seconds since 1970."""
    at = (now - begun) % (programme.on_air_s + OFF_S + REPLAY_S)
    if at >= programme.on_air_s + OFF_S:
        return Change(State.REPLAY, now)
    if at >= programme.on_air_s:
        return Change(State.OFF_AIR, now)
    shown = next((slot for slot in programme.slots if slot.start <= at * SPEED < slot.end), None)
    if shown is None:
        return Change(State.ON_AIR, now, cleared=True)
    return Change(State.ON_AIR, now, shown.product_id, shown.price)


def programmes(mall: Path, rooms: int = ROOMS) -> list[Programme]:
    """Livestreams of the folder that `demo.generate` wrote, the first whose feed says when each product is shown."""
    streams = [
        (video, marked)
        for video in _rows(mall / "videos.jsonl")
        if video["kind"] == "live" and video["status"] == "on"
        if (marked := [each for each in video.get("products", ()) if "start" in each])
    ][:rooms]
    named = {each["product_id"] for _, marked in streams for each in marked}
    prices = {row["id"]: row.get("price") for row in _rows(mall / "products.jsonl") if row["id"] in named}

    def slot(each: dict[str, Any]) -> Slot:
        return Slot(each["product_id"], prices.get(each["product_id"]), each["start"], each["end"])

    return [
        Programme(stream["id"], max(segment["end"] for segment in stream["segments"]), tuple(map(slot, marked)))
        for stream, marked in streams
    ]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        yield from map(orjson.loads, lines)
