"""What a worker keeps:

1. After settling, what there was is out of the collector's sight; garbage from before is gone, and what comes later is
   collected as ever, but seldom all of it at once.
2. Sharing pools of memory can be asked for again and again, on any system.
"""

from __future__ import annotations

import gc
import weakref

from api.memory import settle, share_arenas


class Loop:
    """Refers to itself, so only the collector frees it."""

    def __init__(self) -> None:
        self.me = self


def test_settle() -> None:  # 1
    usual = gc.get_threshold()
    gc.disable()
    try:
        before = weakref.ref(Loop())
        settle()
        assert before() is None
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold() == (*usual[:2], 1000)
        later = weakref.ref(Loop())
        gc.collect()
        assert later() is None
    finally:
        gc.enable()
        gc.set_threshold(*usual)
        gc.unfreeze()


def test_share_arenas() -> None:  # 2
    share_arenas()
    share_arenas()
