"""Queries of a few shoppers with answers in every way, small enough to check by eye.

One relevant document, `good`, of grade 1: its nDCG@10 is 1 at the first place, 1 / log2 3 at the second and 0.5 at the
third; `bad` is never judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from eval.personal.types import NEUTRAL, PERSONAL, SHUFFLED, Asked, ShopperQuery, Shown
from eval.personal.ways import WEIGHTS, fixed

FIRST, THIRD = 1.0, 0.5
QRELS = {f"q{number}": {"good": 1} for number in range(40)}


def shown(place: int, *, neutral: int = 3, strength: float | None = 0.1, shift: int = 5) -> Shown:
    """A list of three with `good` at this place (1 or 3), which stands at the place `neutral` for everybody."""
    ids = ["bad1", "bad2"]
    ids.insert(place - 1, "good")
    ranks = [rank for rank in (1, 2, 3) if rank != neutral]
    ranks.insert(place - 1, neutral)
    titles = {"good": "红色连衣裙", "bad1": "蓝色连衣裙", "bad2": "无糖可乐"}
    return Shown(tuple(ids), tuple(titles[i] for i in ids), tuple(ranks), strength, shift, applied=place != neutral)


def asked(
    number: int, places: Mapping[str, int], *, band: str = "vague", acts: int = 9, strength: float | None = 0.1,
    shift: int = 5,
) -> Asked:  # fmt: skip
    """A query with the place of `good` in some ways; in the others it stands where it does for everybody: third."""
    ways = (NEUTRAL, PERSONAL, SHUFFLED, *map(fixed, WEIGHTS))
    lists = {way: shown(places.get(way, 3), strength=strength, shift=shift) for way in ways}
    return Asked(ShopperQuery(f"q{number}", f"问{number}", f"u{number}", "s", 1e9, band), acts, lists)
