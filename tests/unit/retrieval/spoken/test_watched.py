"""Which thing somebody saw in a video.

1. What was on longest of what was watched; all of it where that is not known.
2. A video that shows nothing by then, or only what is withheld, leaves its title; a withheld one leaves nothing.
3. A glance counts a fifth, and fifteen seconds count whole.
4. A watched video is carried over into a search as a thing of the feed is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.engine import Engine
from retrieval.interest.carry_over import CarryOptions, last_seen
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.request import CameFrom
from retrieval.spoken.said import Said
from retrieval.spoken.watched import seen_enough, thing_watched
from tests import spoken, world


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Said]:
    data = tmp_path_factory.mktemp("spoken")
    spoken.build(data)
    engine: Engine = world.engine(data)
    assert engine.serving.said
    yield engine.serving.said
    engine.close()


def watched(said: Said, video: str, seconds: float) -> str | None:
    record = thing_watched(said, video, seconds)
    return None if record is None else str(record.get("id") or record["title"])


def test_what_was_on_longest(said: Said) -> None:  # 1
    assert watched(said, "v1", 0) == watched(said, "v1", 30) == "cup"
    assert watched(said, "l1", 2) == "shoe"


def test_nothing_shown(said: Said) -> None:  # 2
    assert watched(said, "v1", 5) == "冬天喝热水"
    assert watched(said, "v2", 20) == "跑鞋怎么选"
    assert watched(said, "v3", 12) == "卧室好物"
    assert watched(said, "v4", 12) is None
    assert watched(said, "v9", 12) is None


def test_how_long() -> None:  # 3
    assert [seen_enough(seconds) for seconds in (0.0, 15.0, 60.0)] == [1.0, 1.0, 1.0]
    assert seen_enough(1.0) == pytest.approx(0.2533, abs=1e-3)
    assert seen_enough(5.0) < seen_enough(10.0) < 1.0


def test_events_say_how_long() -> None:  # 4
    event = ShopperEvent("e", 90.0, EventType.WATCH, "u", item_id="v1", kind="video", surface="video", watch_s=7.5)
    assert last_seen(None, [event], 100.0, CarryOptions(60.0, 3)) == [CameFrom("video", "v1", 90.0, 7.5)]
