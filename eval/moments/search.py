"""Known-item search inside transcripts: is the right video, and the right moment of it, among the first?

A file of queries has one a line::

    {"qid": …, "query": …, "video_id": … | null, "row": line of the video in its file, from 0,
     "first_segment": a, "last_segment": b,     where it is said, segments from 0, both included
     "kind": "keyword" | "question" | "paraphrase" | "asr_error", "note": "… alt:a-b …"}

``alt:a-b`` in the note is another place of the same video that answers, too. A moment is right when it overlaps with a
place, one segment beside it included. Videos are ranked by their first moments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np

from eval.inputs import numbered_lines
from eval.statistics import bootstrap_means
from eval.types import Interval
from retrieval.errors import InputError

TOLERANCE = 1
"""Segments by which a moment may lie beside the place."""
CUTS = (1, 5, 10)

_ALSO = re.compile(r"alt:(\d+)-(\d+)")
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class SpokenQuery:
    """A query and where it is answered: (first, last segment), at least one.

    Attributes:
        video: the id that `video_id_of` gives to the line of its video.
    """

    qid: str
    text: str
    video: str
    places: tuple[tuple[int, int], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A moment that was found: segments `first` to `last` of a video, and its start in seconds."""

    video: str
    first: int
    last: int
    start: float


AskSpeech: TypeAlias = Callable[[str], Sequence[FoundPlace]]
"""Query → moments, best first; what is not among them was not found."""

Starts: TypeAlias = Mapping[str, Sequence[float]]
"""Video → start of each of its segments in seconds; estimated where the recogniser gave none."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Shares of queries with the right one among the first 1, 5, 10, and the mean of 1 / its rank (0: not found)."""

    first: Interval
    first_5: Interval
    first_10: Interval
    mrr: Interval


@dataclass(frozen=True, slots=True)
class SearchScores:
    """What came of some queries.

    Attributes:
        start_error_s, start_error_segments: median distance between the start of the right moment that comes first and
            that of the place it overlaps with, over queries that have one among the first ten; None without any.
    """

    queries: int
    video: Ranks
    moment: Ranks
    start_error_s: float | None
    start_error_segments: float | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Scores of ``all`` queries and of each kind, and the qids whose right moment is not among the first ten."""

    slices: Mapping[str, SearchScores]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Ranks from 1, 0 where it was not found; start errors in seconds and in segments."""

    query: SpokenQuery
    video: int
    moment: int
    errors: tuple[float, float] | None


def video_id_of(row: int) -> str:
    """What a line of a file of transcripts is called here: half of real ones have no id of their own."""
    return f"line{row}"


def read_spoken_queries(path: Path) -> tuple[SpokenQuery, ...]:
    """The queries of a file.

    Raises:
        InputError: a line that is no such query, or no query at all.
    """
    queries = []
    for where, line in numbered_lines(path):
        try:
            row = json.loads(line)
            queries.append(_query(row))
        except (ValueError, KeyError, TypeError) as why:
            hint = "expected qid, query, row, first_segment, last_segment, kind"
            raise InputError(f"this is no query about a transcript: {why}", field=where, hint=hint) from None
    if not queries:
        raise InputError("there is no query in this file", field=str(path), hint="one JSON object a line")
    return tuple(queries)


def measure_search(
    queries: Iterable[SpokenQuery], ask: AskSpeech, starts: Starts, *, tolerance: int = TOLERANCE, seed: int = 0
) -> SearchResult:
    """Asks all queries; intervals of 95 % by a bootstrap over queries."""
    outcomes = [_outcome(query, ask(query.text), starts.get(query.video, ()), tolerance) for query in queries]
    slices = {"all": outcomes}
    for outcome in outcomes:
        slices.setdefault(outcome.query.kind, []).append(outcome)
    missed = tuple(one.query.qid for one in outcomes if not 0 < one.moment <= CUTS[-1])
    return SearchResult({name: _scores(found, seed) for name, found in slices.items()}, missed)


def relative_loss(clean: SearchResult, damaged: SearchResult, *, moment: bool = True) -> float:
    """Share of R@10 that errors cost: 1 − damaged / clean; 0 where nothing is found anyway."""
    before, after = (
        (one.slices["all"].moment if moment else one.slices["all"].video).first_10.mean for one in (clean, damaged)
    )
    return 1.0 - after / before if before else 0.0


def _query(row: Mapping[str, Any]) -> SpokenQuery:
    places = [(int(row["first_segment"]), int(row["last_segment"]))]
    places += [(int(first), int(last)) for first, last in _ALSO.findall(row.get("note") or "")]
    return SpokenQuery(row["qid"], row["query"], video_id_of(int(row["row"])), tuple(places), row["kind"])


def _outcome(query: SpokenQuery, found: Sequence[FoundPlace], starts: Sequence[float], tolerance: int) -> _Outcome:
    videos = list(dict.fromkeys(one.video for one in found))
    video = videos.index(query.video) + 1 if query.video in videos else 0
    for rank, one in enumerate(found, 1):
        if one.video == query.video:
            right = [p for p in query.places if one.first <= p[1] + tolerance and one.last >= p[0] - tolerance]
            if right:
                nearest = min(right, key=lambda place: abs(place[0] - one.first))[0]
                seconds = abs(starts[nearest] - one.start) if nearest < len(starts) else 0.0
                return _Outcome(query, video, rank, (seconds, float(abs(nearest - one.first))))
    return _Outcome(query, video, 0, None)


def _scores(outcomes: Sequence[_Outcome], seed: int) -> SearchScores:
    errors = [one.errors for one in outcomes if one.errors and one.moment <= CUTS[-1]]
    return SearchScores(
        len(outcomes),
        _ranks([one.video for one in outcomes], seed),
        _ranks([one.moment for one in outcomes], seed),
        round(median(seconds for seconds, _ in errors), 2) if errors else None,
        median(segments for _, segments in errors) if errors else None,
    )


def _ranks(ranks: Sequence[int], seed: int) -> Ranks:
    values = [[*(0 < rank <= cut for cut in CUTS), 1.0 / rank if rank else 0.0] for rank in ranks]
    return Ranks(*bootstrap_means(np.array(values, np.float64), seed=seed, resamples=_RESAMPLES))
