"""A closer look at the best candidates of a fused list: the ranking stage orders them, or denies the whole list.

What is further down stays behind them in its order. In a list that is not ordered by relevance the order stays; the
denial holds all the same, since nonsense is no better sorted by price. And where the query names a thing, what is
surely of another category is left out there: sorted by price, the cases would come before the phones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retrieval.fusion.fusers import ChannelScores
from retrieval.protocols import IndexReader
from retrieval.ranking.features import product_match
from retrieval.ranking.features.category_fit import category_fit
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.order import order
from retrieval.ranking.setting import Setting, setting_of
from retrieval.ranking.stage import Ranked, RankingStage
from retrieval.results import ResultList
from retrieval.types import FloatArray, IntArray, Sort
from retrieval.understanding.plan import Plan

ELSEWHERE = -0.5
"""A `category_fit` at most so high: the query is surely about other categories."""
BEHIND = "behind"
"""The part of a score that keeps near-duplicates behind the others, and behind them what was not looked at."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The ranking stage of a generation, and the one for lists without vectors.

    Attributes:
        now: epoch seconds when the generation was made; from then the age of an offer is counted.
    """

    full: RankingStage
    words: RankingStage
    now: int


MakeStages = Callable[[IndexReader], Stages | None]
"""The stages of a generation, from the words that its catalogue taught; None for one that taught none."""


def look_closer(
    reader: IndexReader, results: ResultList, plan: Plan, stages: Stages, sort: Sort, *, deny: bool
) -> ResultList:
    """The list as it is shown; empty, with its `best`, where nothing in it can be an answer and `deny` is True.

    Which documents are in a list must not depend on the filters, else a facet would count what a click does not show.
    So all that only vectors found are looked at, and a filtered list is denied when the unfiltered one is.

    Raises:
        GenerationError: a forward row is damaged.
    """
    if not len(results.first):
        return results
    channels = {name: _at(channel, results.first) for name, channel in results.channels.items()}
    stage = stages.full if "semantic" in channels else stages.words
    rows = ForwardRows.decode(reader.forward(results.rows[results.first]))
    texts = (plan.text, *plan.beside)
    setting = setting_of(plan, now=stages.now)
    looks = [stage.rank(text, setting, rows, channels, strict=plan.is_no_shopping, deny=deny) for text in texts]
    ranked = max(looks, key=lambda look: look.best)
    if ranked.denied:
        empty = np.empty(0, np.float32)
        return ResultList(
            results.rows[:0], empty, {}, {}, "none", complete=True, best=ranked.best, denied=len(results.rows)
        )
    if sort is not Sort.RELEVANCE:
        gone = np.delete(results.first, ranked.places)
        elsewhere = results.first[_elsewhere(rows, setting)]
        every = np.arange(len(results.rows))
        kept = np.setdiff1d(every, np.union1d(gone, elsewhere))
        # Whoever filters by another category than the likely one means it.
        relevance = np.full(len(every), np.nan, np.float32)
        relevance[results.first[ranked.places]] = ranked.relevance
        seen = replace(results, relevance=relevance)
        return _taken(seen, kept if len(kept) else np.setdiff1d(every, gone), ranked.best)
    found = _reordered(results, ranked)
    return _taken(found, order(reader, sort, found.rows, found.scores), ranked.best)


def features_of(reader: IndexReader, results: ResultList, plan: Plan, stages: Stages) -> dict[str, FloatArray]:
    """Feature → values of what would be looked at, shape (len(results.first),)."""
    channels = {name: _at(channel, results.first) for name, channel in results.channels.items()}
    rows = ForwardRows.decode(reader.forward(results.rows[results.first]))
    return stages.full.features(plan.text, setting_of(plan, now=stages.now), rows, channels)


def _reordered(results: ResultList, ranked: Ranked) -> ResultList:
    looked_at = np.zeros(len(results.rows), np.bool_)
    looked_at[results.first] = True
    behind = np.flatnonzero(~looked_at)
    places = np.concatenate([results.first[ranked.places], behind])
    kept, shown = len(ranked.places), len(ranked.places) - ranked.copies
    copies = _drop(ranked.scores[:shown], ranked.scores[shown:])
    scores = ranked.scores + np.concatenate([np.zeros(shown, np.float32), np.full(ranked.copies, copies)])
    drop = _drop(scores, results.scores[behind])
    features = {name: _padded(values, len(behind)) for name, values in ranked.contributions.items()}
    features[BEHIND] = np.concatenate([scores - ranked.scores, np.full(len(behind), drop, np.float32)])
    return replace(
        results,
        rows=results.rows[places],
        scores=np.concatenate([scores, results.scores[behind] + drop]),
        contributions=_behind_only(results.contributions, places, kept),
        channels={name: _at(channel, places) for name, channel in results.channels.items()},
        first=np.arange(kept),
        features=features,
        relevance=_padded(ranked.relevance, len(behind), np.nan),
        best=ranked.best,
    )


def _taken(results: ResultList, places: IntArray, best: float) -> ResultList:
    relevance = results.relevance
    return replace(
        results,
        rows=results.rows[places],
        scores=results.scores[places],
        contributions={name: values[places] for name, values in results.contributions.items()},
        channels={name: _at(channel, places) for name, channel in results.channels.items()},
        features={name: values[places] for name, values in results.features.items()},
        relevance=None if relevance is None else relevance[places],
        first=results.first[:0],
        best=best,
    )


def _elsewhere(rows: ForwardRows, setting: Setting) -> IntArray:
    """Places of documents that are surely something else than what is named. A colour or a style names nothing."""
    if product_match.KINDS.isdisjoint(setting.kinds.values()):
        return np.empty(0, np.int64)
    return np.flatnonzero(category_fit(rows, setting) <= ELSEWHERE)


def _drop(before: FloatArray, after: FloatArray) -> np.float32:
    """What takes `after` below `before`; 0 where it lies there, or there is nothing."""
    if not len(before) or not len(after):
        return np.float32(0.0)
    return np.float32(min(0.0, float(before.min()) - float(after.max())))


def _behind_only(contributions: Mapping[str, FloatArray], places: IntArray, kept: int) -> dict[str, FloatArray]:
    parts = {name: values[places] for name, values in contributions.items()}
    for values in parts.values():
        values[:kept] = 0.0
    return parts


def _padded(values: FloatArray, more: int, fill: float = 0.0) -> FloatArray:
    return np.concatenate([values, np.full(more, fill, np.float32)])


def _at(channel: ChannelScores, places: IntArray) -> ChannelScores:
    return replace(channel, values=channel.values[places], ranks=channel.ranks[places])
