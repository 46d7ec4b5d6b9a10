"""What is searched after a video.

1. A search counts for the last video that the same shopper watched in the half hour before, and for no other.
2. A shopper counts once for a query; only what enough shoppers asked is kept, the most frequent first.
3. The log counts it from events of a store, for videos and livestreams; the crowd knows it by video.
"""

from __future__ import annotations

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.mall.after_watching import WINDOW_S, AfterWatching
from retrieval.mall.crowd import crowd_of_log
from retrieval.mall.log import Log
from retrieval.mall.options import CrowdOptions


def test_the_last_video_of_the_same_shopper() -> None:  # 1
    counts = AfterWatching()
    counts.searched("a", "杯", 0)
    counts.watched("a", "v1", 10)
    counts.watched("b", "v2", 11)
    counts.watched("a", "v3", 20)
    counts.searched("a", "杯", 30)
    counts.searched("a", "壶", 20 + WINDOW_S + 1)
    counts.searched("c", "杯", 30)
    assert counts.counts(1) == {"v3": ("杯",)}


def test_enough_shoppers() -> None:  # 2
    counts = AfterWatching()
    for shopper, queries in (("a", "杯杯壶"), ("b", "杯壶"), ("c", "杯茶")):
        counts.watched(shopper, "v1", 0)
        for query in queries:
            counts.searched(shopper, query, 1)
    assert counts.counts(2) == {"v1": ("杯", "壶")}
    assert counts.counts(4) == {}


def test_from_events() -> None:  # 3
    log = Log()
    for number, user in enumerate("ab"):
        for kind, video in (("video", "v1"), ("live", "l1")):
            at = 1000.0 * number + (500.0 if kind == "live" else 0.0)
            log.add(ShopperEvent(f"w{user}{kind}", at, EventType.WATCH, user, item_id=video, kind=kind, watch_s=9))
            log.add(ShopperEvent(f"s{user}{kind}", at + 1, EventType.SEARCH, user, query=" 保温杯 "))
    crowd = crowd_of_log(log, CrowdOptions(90, 1000, 30, 3, 2, 30, 1000))
    assert crowd.after_watching == {"v1": ("保温杯",), "l1": ("保温杯",)}
