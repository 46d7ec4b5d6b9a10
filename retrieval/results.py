"""A frozen result list: which documents answer, in which order, with what scores. Pages are cut from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from retrieval.fusion.fusers import ChannelScores, Fuser
from retrieval.journeys import Journey, Upcoming
from retrieval.protocols import IndexReader
from retrieval.ranking.order import order
from retrieval.recall.lexical import LexicalMatch, above
from retrieval.recall.semantic import SemanticMatch
from retrieval.types import Candidates, Filters, FloatArray, IntArray, Sort


@dataclass(frozen=True, slots=True)
class Matches:
    """What the query alone decided in each channel; None where a channel was not asked or did not answer in time."""

    lexical: LexicalMatch | None
    semantic: SemanticMatch | None


@dataclass(frozen=True, slots=True)
class ResultList:
    """The whole answer, best first. All arrays have shape (n,).

    Attributes:
        rows: the documents.
        scores: fused scores.
        contributions: channel → its part of each score; 0 where features made it.
        features: feature of the ranking stage → its part of each score; 0 where the channels made it.
        relevance: probability that the document answers; NaN where nobody looked.
        first: places in this list of the best candidates, as far as they are worth a closer look.
        best: how probable it is that the list is an answer at all; None where nobody looked.
        denied: how many candidates there were, where none of them can be an answer.
        channels: channel → raw scores and ranks.
        match: relaxation step that answered.
        complete: False when the list was cut at the recall depth.
    """

    rows: IntArray
    scores: FloatArray
    contributions: dict[str, FloatArray]
    channels: dict[str, ChannelScores]
    match: str
    complete: bool
    first: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    features: dict[str, FloatArray] = field(default_factory=dict)
    relevance: FloatArray | None = None
    best: float | None = None
    denied: int = 0


def build_list(
    reader: IndexReader, matches: Matches, filters: Filters, sort: Sort, fuser: Fuser, *,
    depth: int, ranked: int, nearest: int, sorted_floor: float, closely: int = 0, facets: tuple[str, ...] = (),
    shown: int = 0,
) -> ResultList:  # fmt: skip
    """Select by filter → score in every channel → fuse → order.

    Args:
        depth: most lexical candidates.
        ranked: so many of the best lexical candidates get their cosine; what is further down counts as near as the
            background, i.e. its words alone decide.
        closely: so many of the best by words, and all that are near, will be looked at closely; 0: nothing.
        facets, shown: what will be counted on the list, and how many of it are shown first.
        nearest: how many are shown by meaning alone, when a filter leaves no match.
        sorted_floor: share of the best BM25 score needed in a list that is not ordered by relevance.
    """
    match = matches.lexical.step if matches.lexical and matches.lexical.best > 0 else "nearest"
    lexical, semantic = _select(reader, matches, filters, depth)
    nearest_cut = False
    if not filters.empty and not len(lexical.rows) and not len(semantic.rows) and matches.semantic:
        semantic = reader.semantic(matches.semantic.vector, filters, nearest)
        match, nearest_cut = "nearest", not semantic.complete
    if sort is not Sort.RELEVANCE and matches.lexical and len(lexical.rows):
        semantic = _none("semantic")
        good = above(lexical, matches.lexical.best * sorted_floor)
        # Under a filter nothing may be that good; then all that matches is shown, rather than nothing.
        if matches.lexical.step != "all" and len(good.rows):
            lexical = good
    rows = np.union1d(lexical.rows, semantic.rows)
    if not len(rows):
        return ResultList(rows, np.empty(0, np.float32), {}, {}, "none", complete=True)
    near = np.union1d(lexical.rows[:closely], semantic.rows) if closely else rows[:0]
    unmeasured = np.setdiff1d(lexical.rows[:ranked], semantic.rows)
    records = np.union1d(lexical.rows[: 3 * shown], semantic.rows[: 2 * shown])
    vector = matches.semantic.vector if matches.semantic else None
    if isinstance(reader, Journey):
        reader.announce(Upcoming(facets, rows, near, records, vector, unmeasured))
    channels = _score(reader, matches, rows, lexical, semantic, unmeasured)
    contributions = fuser(channels)
    scores: FloatArray = np.stack(list(contributions.values())).sum(axis=0)
    best = order(reader, sort, rows, scores)
    first = np.flatnonzero(np.isin(rows[best], near))
    first = first[np.argsort(-scores[best][first], kind="stable")]
    return ResultList(
        rows[best],
        scores[best],
        {name: values[best] for name, values in contributions.items()},
        {name: replace(c, values=c.values[best], ranks=c.ranks[best]) for name, c in channels.items()},
        match,
        complete=lexical.complete and not nearest_cut,
        first=first,
    )


def _select(reader: IndexReader, matches: Matches, filters: Filters, depth: int) -> tuple[Candidates, Candidates]:
    lexical = matches.lexical.candidates if matches.lexical else _none("lexical")
    semantic = matches.semantic.candidates if matches.semantic else _none("semantic")
    if filters.empty:
        return lexical, semantic
    if matches.lexical and matches.lexical.best > 0:
        # Asked again with the filter inside, since the unfiltered list may have been cut.
        lexical = above(reader.lexical(matches.lexical.query, filters, depth), matches.lexical.floor)
    passing = np.isin(semantic.rows, reader.passing(filters, semantic.rows))
    return lexical, replace(semantic, rows=semantic.rows[passing], scores=semantic.scores[passing])


def _score(
    reader: IndexReader, matches: Matches, rows: IntArray, lexical: Candidates, semantic: Candidates, near: IntArray
) -> dict[str, ChannelScores]:
    """Scores of every row in every channel.

    What words did not recall scores nothing by words: it has less than the floor or than the best `depth`, and asking
    for it costs as much as the recall. The best by words get their cosine too (`near`), though meaning did not recall
    them.
    """
    channels: dict[str, ChannelScores] = {}
    if matches.lexical:
        values = np.zeros(len(rows), np.float32)
        values[np.searchsorted(rows, lexical.rows)] = lexical.scores
        channels["lexical"] = ChannelScores(values, _ranks(rows, lexical), (0.0, matches.lexical.best or 1.0))
    if matches.semantic:
        scale = (matches.semantic.centre, matches.semantic.unit)
        values = np.full(len(rows), matches.semantic.centre, np.float32)
        values[np.searchsorted(rows, near)] = reader.semantic_scores(matches.semantic.vector, near)
        values[np.searchsorted(rows, semantic.rows)] = semantic.scores
        channels["semantic"] = ChannelScores(values, _ranks(rows, semantic), scale)
    return channels


def _ranks(rows: IntArray, candidates: Candidates) -> IntArray:
    ranks = np.zeros(len(rows), np.int64)
    ranks[np.searchsorted(rows, candidates.rows)] = np.arange(1, len(candidates.rows) + 1)
    return ranks


def _none(channel: str) -> Candidates:
    return Candidates(channel, np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
