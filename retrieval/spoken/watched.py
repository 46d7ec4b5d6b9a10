"""Which thing somebody saw in a video: what was on the screen for longest of what was watched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from retrieval.spoken.said import Said

LONG_S = 15.0
"""Seconds; who watched so long has seen it."""


def thing_watched(said: Said, video_id: str, watch_s: float) -> Mapping[str, Any] | None:
    """The record of that product; the title of a video that shows none; None where the video may not be seen.

    Args:
        watch_s: seconds from its beginning that were watched; 0: not known.
    """
    row = said.videos.row_of(video_id)
    if row is None:
        return None
    video = orjson.loads(said.videos.sources(np.array([row]))[0])
    rows = said.products.rows_of([link["id"] for link in video["products"]])
    seen: dict[int, float] = {}
    for link, at in zip(video["products"], rows, strict=True):
        start, end = link["start"] or 0.0, link["end"] or 0.0
        on = (min(end, watch_s) if watch_s else end) - start
        if at is not None and on > 0:
            seen[at] = seen.get(at, 0.0) + on
    if not seen:
        return {"title": video["title"]}
    longest = max(seen, key=lambda at: seen[at])
    record: Mapping[str, Any] = orjson.loads(said.products.sources(np.array([longest]))[0])
    return record


def seen_enough(watch_s: float) -> float:
    """How much of a look it was to watch so long, in (0, 1]; 1 where it is not known how long."""
    return min(1.0, 0.2 + 0.8 * watch_s / LONG_S) if watch_s else 1.0
