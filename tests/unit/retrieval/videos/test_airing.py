"""What livestreams add to a page.

1. A hit on a screen gets a badge and moves up by at most so many places; its rank is its place, and explain says so.
   None moves over the divider.
2. Nothing on air, no rooms, a withheld room, or an intent that is not known: the order stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from retrieval.answer import Hit, ScoreParts
from retrieval.live.lift import LiftOptions
from retrieval.live.view import OnScreen, Rooms
from retrieval.videos.airing import PLACED, Airing


def hits(*ids: str) -> tuple[Hit, ...]:
    parts = ScoreParts(0.0, {}, {}, "", "score")
    return tuple(Hit(id, "product", 11 + place, 0.0, {"id": id}, {}, parts) for place, id in enumerate(ids))


class OnAir:
    def __init__(self, **shown: str) -> None:
        self._shown = {product: OnScreen(video, 5.0, 9.9) for product, video in shown.items()}

    def on_screen(self, now: float) -> dict[str, OnScreen]:
        return self._shown

    def on_air(self, now: float) -> dict[str, None]:
        return {shown.video_id: None for shown in self._shown.values()}


def airing(rooms: OnAir | None) -> Airing:
    return Airing(cast(Rooms | None, rooms), LiftOptions(widest=2, full=0.5))


def test_a_badge_and_a_lift() -> None:  # 1
    page = airing(OnAir(d="l1")).page(hits("a", "b", "c", "d", "e"), 0.0)
    assert [hit.id for hit in page] == ["a", "d", "b", "c", "e"]
    assert [hit.rank for hit in page] == [11, 12, 13, 14, 15]
    assert page[1].live == OnScreen("l1", 5.0, 9.9)
    assert [hit.live for hit in page if hit.id != "d"] == [None] * 4
    assert [hit.explain.placed for hit in page if hit.explain] == ["score", PLACED, PLACED, PLACED, "score"]
    assert airing(OnAir(d="l1")).on_air() == {"l1"}


def test_the_divider() -> None:  # 1
    page = tuple(replace(hit, near=hit.id in "cde") for hit in hits("a", "b", "c", "d", "e"))
    moved = airing(OnAir(c="l1", e="l2")).page(page, 0.0)
    assert [hit.id for hit in moved] == ["a", "b", "c", "e", "d"]
    assert [(hit.rank, hit.near) for hit in moved] == [(11, False), (12, False), (13, True), (14, True), (15, True)]


@pytest.mark.parametrize("strength", [None, 0.5, 1.0])
def test_the_order_stays(strength: float | None) -> None:  # 2
    page = airing(OnAir(d="l1")).page(hits("a", "b", "c", "d"), strength)
    assert [hit.id for hit in page] == ["a", "b", "c", "d"]
    assert page[3].live


def test_a_withheld_livestream() -> None:  # 2
    page = airing(OnAir(d="l1")).page(hits("a", "b", "c", "d"), 0.0, {"l1"})
    assert [(hit.id, hit.live) for hit in page] == [("a", None), ("b", None), ("c", None), ("d", None)]


def test_nobody_on_air() -> None:  # 2
    page = hits("a", "b")
    assert airing(OnAir(x="l1")).page(page, 0.0) is page
    assert airing(None).page(page, 0.0) is page
    assert airing(None).on_air() == frozenset()
