"""Moments beside products: does the hit carry the one that answers, and does a page let the goods that were named lead?

A file of queries has one a line::

    {"query": …, "product_id": …, "video_id": …, "best": [first, last segment]}

`best` are segments of the video (`eval.moments.links` reads their times). A moment is right when it is of that video
and overlaps with them, one segment beside them included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.inputs import numbered_lines
from eval.moments.links import TOLERANCE, LinkedVideo
from eval.statistics import bootstrap_means
from eval.types import Interval
from retrieval.answer import Hit, SearchResponse
from retrieval.errors import InputError
from retrieval.spoken.cards import BlockKind

_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """A query, the product that answers it, and the seconds of a video that should stand beside it."""

    text: str
    product: str
    video: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class EvidenceScores:
    """What came out; intervals of 95 % by a bootstrap over queries.

    Attributes:
        queries: all of them; indexed: of those whose product has a moment in the index; hits: of these, the product
            is among the hits.
        right: of `indexed`, the product is a hit that carries the right moment.
        carried: of `hits`, the hit carries the right moment; first: as the first of its moments.
        above: of the queries with the product among the hits, a video stands above it on a mixed page.
    """

    queries: int
    indexed: int
    hits: int
    right: Interval | None
    carried: Interval | None
    first: Interval | None
    above: Interval | None


def read_evidence(file: Path, videos: Iterable[LinkedVideo]) -> list[EvidenceQuery]:
    """The queries of a file about these videos.

    Raises:
        InputError: a line that cannot be understood, or names a video or a segment that is not there.
    """
    known = {video.id: video for video in videos}
    found = []
    for where, line in numbered_lines(file):
        try:
            row = json.loads(line)
            said, (first, last) = known[row["video_id"]].said["heard"], row["best"]
            first, last = max(0, first - TOLERANCE), min(len(said) - 1, last + TOLERANCE)
            start, end = said[first].start or 0.0, said[last].end or 0.0
            found.append(EvidenceQuery(row["query"], row["product_id"], row["video_id"], start, end))
        except (ValueError, KeyError, TypeError, IndexError) as why:
            raise InputError(f"this line cannot be used: {why!r}", field=where, hint="docs/evaluation.md") from None
    return found


def evaluate_evidence(
    queries: Sequence[EvidenceQuery], search: Callable[[str], SearchResponse], indexed: Callable[[str], bool], *,
    seed: int = 0,
) -> EvidenceScores:  # fmt: skip
    """Asks every query.

    Args:
        search: gives a mixed page.
        indexed: whether a product has a moment.
    """
    there = [query for query in queries if indexed(query.product)]
    pages = {query: search(query.text) for query in queries}
    hits = {query: _hit(pages[query], query.product) for query in queries}
    shown = [query for query in there if hits[query]]
    return EvidenceScores(
        queries=len(queries),
        indexed=len(there),
        hits=len(shown),
        right=_share((_right(hits[query], query) for query in there), seed),
        carried=_share((_right(hits[query], query) for query in shown), seed),
        first=_share((_right(hits[query], query, most=1) for query in shown), seed),
        above=_share((_above(pages[query], query.product) for query in queries if hits[query]), seed),
    )


def _hit(page: SearchResponse, product: str) -> Hit | None:
    return next((hit for hit in page.hits if hit.id == product), None)


def _right(hit: Hit | None, query: EvidenceQuery, most: int | None = None) -> bool:
    return hit is not None and any(
        moment.video_id == query.video and moment.start < query.end and query.start < moment.end
        for moment in hit.moments[:most]
    )


def _above(page: SearchResponse, product: str) -> bool:
    """Whether videos stand above a product."""
    for block in page.blocks:
        if block.kind is BlockKind.VIDEOS:
            return True
        if product in block.ids:
            return False
    return False


def _share(values: Iterable[bool], seed: int) -> Interval | None:
    shares = np.array([[float(value)] for value in values])
    return bootstrap_means(shares, seed=seed, resamples=_RESAMPLES)[0] if len(shares) else None
