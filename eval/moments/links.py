"""Links of videos to products against what is known: precision, recall, start error, calibration.

A file has one video a line::

    {"id": …, "kind": "video" | "live", "title": …, "basket": [product id, …] | null,
     "segments": [{"start": s, "end": s, "text": …}, …],     as a recogniser heard them
     "clean_segments": […],                                 as they were spoken, the same times
     "gold": [{"product_id": …, "ranges": [[start, end], …], "best": [first, last segment]}, …]}

Two units are counted. A *product* is right where the video shows it at all; a *segment* of a link is right where the
product is on in it or in the one before or after, and a segment that is known is found in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from eval.types import Interval
from indexer.videos.nouns import Link, Said

TOLERANCE = 1
"""Segments by which a link may begin or end beside what is known."""
BINS = (0.0, 0.4, 0.6, 0.75, 0.9, 1.0)
_RESAMPLES = 2000

LinkFunction: TypeAlias = Callable[[Sequence[Said], Sequence[str] | None], Sequence[Link]]
"""(segments, basket) → links, also those that are not sure enough to be shown."""


@dataclass(frozen=True, slots=True)
class LinkedVideo:
    """A video of which is known what it shows.

    Attributes:
        said: heard and clean → its segments.
        gold: product id → ranges in seconds.
    """

    id: str
    kind: str
    basket: tuple[str, ...] | None
    said: Mapping[str, tuple[Said, ...]]
    gold: Mapping[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Products whose confidence lies in a bin: how many, the mean confidence, and the share that is right."""

    low: float
    high: float
    products: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class LinkScores:
    """What came out for some videos; intervals of 95 % by a bootstrap over videos.

    Attributes:
        products, shown: known to be shown by the videos, and linked with at least the confidence that is shown.
        start_error: seconds between the known start of a range and that of the nearest link, at 50, 75 and 90 %.
    """

    videos: int
    products: int
    shown: int
    precision: Interval
    recall: Interval
    segment_precision: Interval
    segment_recall: Interval
    start_error: tuple[float, float, float] | None
    calibration: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class LinkResult:
    """Scores of slices: ``heard``, ``heard/basket``, ``clean/open``, ``heard/live`` …"""

    at: float
    slices: Mapping[str, LinkScores]


@dataclass(slots=True)
class _Counts:
    """Of one video, at the threshold; `sure` holds (confidence, right) of every product that was linked at all."""

    right: int
    shown: int
    products: int
    segments_right: int
    segments_shown: int
    segments_found: int
    segments: int
    errors: list[float]
    sure: list[tuple[float, bool]]


def read_linked(file: Path) -> list[LinkedVideo]:
    """The videos of a file."""
    with file.open(encoding="utf-8") as lines:
        return [_linked(json.loads(line)) for line in lines if line.strip()]


def evaluate_links(videos: Iterable[LinkedVideo], link: LinkFunction, *, at: float, seed: int = 0) -> LinkResult:
    """Links all videos, as heard and as spoken, and scores those links that are at least `at` sure."""
    slices: dict[str, list[_Counts]] = {}
    for video in videos:
        for way, said in video.said.items():
            counts = _count(video, said, link(said, video.basket), at)
            basket = "open" if video.basket is None else "basket"
            for name in (way, f"{way}/{basket}", f"{way}/{video.kind}"):
                slices.setdefault(name, []).append(counts)
    return LinkResult(at, {name: _scores(counts, seed) for name, counts in sorted(slices.items())})


def _linked(row: Mapping[str, Any]) -> LinkedVideo:
    ways = {"heard": "segments", "clean": "clean_segments"}
    said = {
        way: tuple(Said(each["start"], each["end"], each["text"], each["text"]) for each in row[field])
        for way, field in ways.items()
        if field in row
    }
    gold = {each["product_id"]: tuple((start, end) for start, end in each["ranges"]) for each in row["gold"]}
    return LinkedVideo(row["id"], row["kind"], None if row["basket"] is None else tuple(row["basket"]), said, gold)


def _count(video: LinkedVideo, said: Sequence[Said], links: Sequence[Link], at: float) -> _Counts:
    middles = [((each.start or 0.0) + (each.end or 0.0)) / 2 for each in said]
    known = {
        product: np.array([any(a <= middle <= b for a, b in ranges) for middle in middles], bool)
        for product, ranges in video.gold.items()
    }
    shown: dict[str, npt.NDArray[np.bool_]] = {}
    sure: dict[str, float] = {}
    for each in links:
        sure[each.product_id] = max(sure.get(each.product_id, 0.0), each.confidence)
        if each.confidence >= at:
            shown.setdefault(each.product_id, np.zeros(len(said), bool))[each.first : each.last + 1] = True
    nowhere = np.zeros(len(said), bool)
    errors = [
        error
        for product, ranges in video.gold.items()
        for a, b in ranges
        if (error := _start_error(said, [e for e in links if e.product_id == product and e.confidence >= at], a, b))
        is not None
    ]
    return _Counts(
        right=len(shown.keys() & known.keys()),
        shown=len(shown),
        products=len(known),
        segments_right=sum(int((on & _wider(known.get(product, nowhere))).sum()) for product, on in shown.items()),
        segments_shown=sum(int(on.sum()) for on in shown.values()),
        segments_found=sum(int((on & _wider(shown.get(product, nowhere))).sum()) for product, on in known.items()),
        segments=sum(int(on.sum()) for on in known.values()),
        errors=errors,
        sure=[(confidence, product in known) for product, confidence in sure.items()],
    )


def _start_error(said: Sequence[Said], links: Sequence[Link], start: float, end: float) -> float | None:
    """Seconds between the start of a range and that of the nearest link that overlaps it."""
    starts = [said[each.first].start or 0.0 for each in links if (said[each.last].end or 0.0) >= start]
    return min((abs(each - start) for each in starts if each <= end), default=None)


def _wider(on: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    wide = on.copy()
    for shift in range(1, TOLERANCE + 1):
        wide[shift:] |= on[:-shift]
        wide[:-shift] |= on[shift:]
    return wide


def _scores(counts: Sequence[_Counts], seed: int) -> LinkScores:
    errors = [error for each in counts for error in each.errors]
    quantiles = np.quantile(errors, (0.5, 0.75, 0.9)).tolist() if errors else None
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), _RESAMPLES)

    def share(part: str, whole: str) -> Interval:
        parts, wholes = (np.array([getattr(each, name) for each in counts], float) for name in (part, whole))
        value = float(parts.sum() / wholes.sum()) if wholes.sum() else 0.0
        sums = drawn @ wholes
        ratios = (drawn @ parts)[sums > 0] / sums[sums > 0]
        if len(counts) == 1 or not len(ratios):
            return Interval(round(value, 4), None, None)
        low, high = np.quantile(ratios, (0.025, 0.975))
        return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))

    return LinkScores(
        videos=len(counts),
        products=sum(each.products for each in counts),
        shown=sum(each.shown for each in counts),
        precision=share("right", "shown"),
        recall=share("right", "products"),
        segment_precision=share("segments_right", "segments_shown"),
        segment_recall=share("segments_found", "segments"),
        start_error=(quantiles[0], quantiles[1], quantiles[2]) if quantiles else None,
        calibration=_calibration([pair for each in counts for pair in each.sure]),
    )


def _calibration(sure: Sequence[tuple[float, bool]]) -> tuple[CalibrationBin, ...]:
    bins = []
    for low, high in pairwise(BINS):
        inside = [pair for pair in sure if low <= pair[0] < high or (high == BINS[-1] and pair[0] == high)]
        if inside:
            confidence, right = (float(np.mean(column)) for column in zip(*inside, strict=True))
            bins.append(CalibrationBin(low, high, len(inside), round(confidence, 4), round(right, 4)))
    return tuple(bins)
