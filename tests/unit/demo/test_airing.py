"""What is on air in the demo mall.

1. A room shows what its livestream shows, four times as fast, with its price, and nothing between two products.
2. It goes off air, stands as a replay, and begins anew; every change may follow the one before it.
3. Some of the livestreams that are on and whose times are told are aired, with the prices of the feed.
"""

from __future__ import annotations

import json
from pathlib import Path

from demo.airing import OFF_S, REPLAY_S, SPEED, Programme, Slot, programmes, said
from retrieval.live.state import Change, Room, State, after

BEGUN = 1_000.0
TWO = Programme("l1", 400.0, (Slot("p1", 9.9, 40, 120), Slot("p2", None, 160, 400)))


def at(seconds: float) -> Change:
    """What is said so long after the beginning."""
    return said(TWO, BEGUN + seconds, BEGUN)


def test_what_is_shown() -> None:  # 1
    assert SPEED == 4
    assert at(0) == Change(State.ON_AIR, BEGUN, cleared=True)
    assert at(9.75) == Change(State.ON_AIR, BEGUN + 9.75, cleared=True)
    assert at(10) == Change(State.ON_AIR, BEGUN + 10, "p1", 9.9)
    assert at(29.75) == Change(State.ON_AIR, BEGUN + 29.75, "p1", 9.9)
    assert at(30).cleared
    assert at(40) == Change(State.ON_AIR, BEGUN + 40, "p2")


def test_round_and_round() -> None:  # 2
    cycle = 100 + OFF_S + REPLAY_S
    assert at(100).state is State.OFF_AIR
    assert at(100 + OFF_S).state is State.REPLAY
    assert at(cycle - 0.25).state is State.REPLAY
    assert at(3 * cycle + 10) == Change(State.ON_AIR, BEGUN + 3 * cycle + 10, "p1", 9.9)
    room: Room | None = None
    for second in range(int(3 * cycle)):
        then = after(room, "l1", at(second), heartbeat=90.0)
        assert isinstance(then, Room)
        room = then


def test_of_a_mall(tmp_path: Path) -> None:  # 3
    def stream(id: str, **fields: object) -> dict[str, object]:
        shown = [{"product_id": "p1", "start": 1.0, "end": 2.5}, {"product_id": "p2", "start": 3.0, "end": 4.0}]
        segments = [{"start": 0.0, "end": 5.5, "text": "来了"}, {"start": 5.5, "end": 9.0, "text": "走了"}]
        return {"id": id, "kind": "live", "status": "on", "segments": segments, "products": shown, **fields}

    videos = [stream("v1", kind="video"), stream("l1", status="off"), stream("l2"), stream("l3"), stream("l4")]
    videos[2:2] = [stream("basket", products=[{"product_id": "p1"}]), stream("told") | {"products": []}]
    del videos[3]["products"]
    products = [{"id": "p1", "price": 9.9}, {"id": "p2"}, {"id": "p3", "price": 1.0}]
    for name, rows in (("videos", videos), ("products", products)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    slots = (Slot("p1", 9.9, 1.0, 2.5), Slot("p2", None, 3.0, 4.0))
    assert programmes(tmp_path, 2) == [Programme("l2", 9.0, slots), Programme("l3", 9.0, slots)]
    assert len(programmes(tmp_path)) == 3
