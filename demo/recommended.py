"""Six shoppers to begin with: those of each taste of whom most is known, called by what they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from demo.nouns import Shopper
from demo.records import Row

TASTES = ("户外玩家", "新手宝妈", "国风爱好者", "铲屎官", "吃货", "大学男生")
"""Personas as far apart as there are."""
NAMED = 3


def recommended(shoppers: Sequence[Shopper], events: Sequence[Row]) -> list[dict[str, Any]]:
    """``{id, name, likes}`` as JSON values; of a taste that a very small mall lacks there is none."""
    done = Counter(event["user_id"] for event in events)
    found = []
    for taste in TASTES:
        alike = [shopper for shopper in shoppers if shopper.persona == taste and done[shopper.id]]
        if alike:
            best = max(alike, key=lambda shopper: (done[shopper.id], shopper.id))
            found.append({"id": best.id, "name": taste, "likes": _likes(best)})
    return found


def _likes(shopper: Shopper) -> list[str]:
    strongest = sorted(shopper.interests, key=lambda path: (-shopper.interests[path], path))
    return [path.rsplit("/", 1)[-1] for path in strongest[:NAMED]]
