"""Which products a video may show, as it says itself: with times, or only for sale under it."""

from __future__ import annotations

from indexer.sources.records import Video

Given = tuple[str, float, float]
"""Product, and from when to when it is shown: seconds from the beginning."""


def given_in(video: Video) -> tuple[Given, ...]:
    """Those with times."""
    return tuple((p.product_id, p.start, p.end) for p in video.products if p.start is not None and p.end is not None)


def basket_of(video: Video) -> tuple[str, ...] | None:
    """All that it names; None where it names nothing, and anything of the catalogue may be shown."""
    return tuple(dict.fromkeys(p.product_id for p in video.products)) or None
