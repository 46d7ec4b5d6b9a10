"""Every candidate gets a score with its parts, and what can be no answer is denied: one document, or the whole list.

The best candidates are looked at closely: features make their score, and a probability says whether they answer at
all. The others keep their fused score. Which of them stands where is decided afterwards (`retrieval.lists.arrange`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.analysis.analyzer import QueryText
from retrieval.answer import RuleEffect
from retrieval.fusion.fusers import ChannelScores
from retrieval.late.query import QueryVectors
from retrieval.lists.fuse import Fused
from retrieval.lists.instances import as_instances, better_of, places_of
from retrieval.lists.select import Selection
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import setting_of
from retrieval.ranking.stage import Look, RankingStage, Stages
from retrieval.ranking.things import Meaning
from retrieval.ranking.wanted import AMOUNT
from retrieval.types import FloatArray, IntArray, Mask, Match
from retrieval.understanding.plan import Plan


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates that stay, with their scores. All arrays have shape (n,), but for the values of `features`.

    Attributes:
        scores: the higher the better; those of what was looked at and of what was not cannot be compared.
        contributions: channel → its part of each score; 0 where features made it.
        features: feature → its part of the score of each that was looked at, shape (k,); what somebody looked at is
            a quarter of a list, and lists are kept. All parts of a score sum to it.
        parts_at: index into the values of `features`, -1 where nobody looked; None: nobody looked at any.
        channels: channel → raw scores and ranks.
        relevance: probability that the document answers; NaN where nobody looked.
        groups, shops, brands: of what was looked at, as in `ForwardRows`; else 0, not known.
        best: how probable it is that the list is an answer at all; None where nobody looked.
        denied: how many candidates there were, where none of them can be an answer.
        effects: row → what an operator's rules did to it; in the features, a boost is called ``rule:`` and its id.
    """

    rows: IntArray
    scores: FloatArray
    contributions: dict[str, FloatArray]
    channels: dict[str, ChannelScores]
    relevance: FloatArray
    groups: npt.NDArray[np.uint64]
    shops: npt.NDArray[np.uint32]
    brands: npt.NDArray[np.uint32]
    match: Match
    complete: bool
    features: dict[str, FloatArray] = field(default_factory=dict)
    parts_at: IntArray | None = None
    best: float | None = None
    denied: int = 0
    effects: Mapping[int, tuple[RuleEffect, ...]] = field(default_factory=dict)

    @property
    def looked_at(self) -> Mask:
        """Which were looked at closely."""
        return ~np.isnan(self.relevance)

    def parts(self, place: int) -> dict[str, float]:
        """Feature → its part of the score at this place; 0 where the channels made the score."""
        at = -1 if self.parts_at is None else int(self.parts_at[place])
        return {name: float(values[at]) if at >= 0 else 0.0 for name, values in self.features.items()}

    def take(self, places: IntArray) -> Scored:
        """The candidates at these places, in their order."""
        return Scored(
            self.rows[places],
            self.scores[places],
            {name: values[places] for name, values in self.contributions.items()},
            {name: _at(channel, places) for name, channel in self.channels.items()},
            self.relevance[places],
            self.groups[places],
            self.shops[places],
            self.brands[places],
            self.match,
            self.complete,
            self.features,
            None if self.parts_at is None else self.parts_at[places],
            self.best,
            self.denied,
            self.effects,
        )


def score(
    reader: IndexReader, selection: Selection, fused: Fused, plan: Plan, stages: Stages | None, *,
    deny: bool, query: QueryVectors | None = None,
) -> Scored:  # fmt: skip
    """Scores a selection; of its channels the closer look uses what is there.

    Which documents are in a list must not depend on the filters, else a facet would count what a click does not show.
    So all that only vectors found is looked at, and a filtered list is denied where the unfiltered one is.

    Args:
        deny: whether the whole list may be denied.
        query: as the encoder gives it; None without the semantic channel.

    Raises:
        GenerationError: a forward row is damaged.
    """
    if stages is None or not len(selection.closely):
        return _as_fused(selection, fused)
    places = np.searchsorted(selection.rows, selection.closely)
    rows, look = _look(reader, selection, fused, places, plan, stages, deny=deny, query=query)
    if look.denied:
        none = _as_fused(selection, fused).take(places[:0])
        return replace(none, match=Match.NONE, complete=True, best=look.best, denied=len(selection.rows))
    kept = np.ones(len(selection.rows), np.bool_)
    kept[places] = look.standing
    return _closely(selection, fused, places, rows, look).take(np.flatnonzero(kept))


def features_of(
    reader: IndexReader, selection: Selection, fused: Fused, plan: Plan, stages: Stages,
    query: QueryVectors | None = None,
) -> dict[str, FloatArray]:  # fmt: skip
    """Feature → values of what would be looked at, shape (len(selection.closely),)."""
    places = np.searchsorted(selection.rows, selection.closely)
    channels = {name: _at(channel, places) for name, channel in fused.channels.items()}
    rows = ForwardRows.decode(reader.forward(selection.closely))
    meaning = _meaning(reader, stages.full, selection.closely, query)
    return stages.full.features(plan.text, setting_of(plan, now=stages.now), rows, channels, meaning)


def _look(
    reader: IndexReader, selection: Selection, fused: Fused, places: IntArray, plan: Plan, stages: Stages, *,
    deny: bool, query: QueryVectors | None,
) -> tuple[ForwardRows, Look]:  # fmt: skip
    """The closer look: each document for the spelling or synonym that it answers best."""
    channels = {name: _at(channel, places) for name, channel in fused.channels.items()}
    stage = stages.full if "semantic" in channels else stages.words
    forward = reader.forward(selection.closely)
    rows = ForwardRows.decode(forward)
    setting = setting_of(plan, now=stages.now)
    texts = (plan.text, *plan.beside)
    meaning = _meaning(reader, stage, selection.closely, query) if stage.reads_vectors else None
    strict, instances = plan.is_no_shopping, places_of(plan.instances, rows) if plan.instances else {}
    deny = deny and all(thing.startswith(AMOUNT) for thing in instances)
    looks = [stage.look(text, setting, rows, channels, meaning, strict=strict, deny=deny) for text in texts]

    def again(text: QueryText, at: IntArray) -> Look:
        some = ForwardRows.decode([forward[place] for place in at.tolist()])
        here = {name: _at(channel, at) for name, channel in channels.items()}
        near = _meaning(reader, stage, selection.closely[at], query) if stage.reads_vectors else None
        return stage.look(text, setting, some, here, near, strict=strict, deny=False)

    best, found = max(looks, key=lambda look: look.best), looks[0]
    for other in looks[1:]:
        found = better_of(found, other, np.arange(len(rows.groups)))
    standing = np.any([look.standing for look in looks], axis=0)
    found = replace(found, standing=standing, denied=best.denied, best=best.best)
    return rows, as_instances(found, plan.instances, instances, again)


def _meaning(reader: IndexReader, stage: RankingStage, rows: IntArray, query: QueryVectors | None) -> Meaning | None:
    """The vectors of the query and of the rows."""
    if query is None or stage.things is None:
        return None
    return Meaning(stage.things, query, reader.vectors(rows))


def _as_fused(selection: Selection, fused: Fused) -> Scored:
    size = len(selection.rows)
    return Scored(
        selection.rows, fused.scores, fused.contributions, fused.channels, np.full(size, np.nan, np.float32),
        np.zeros(size, np.uint64), np.zeros(size, np.uint32), np.zeros(size, np.uint32), selection.match,
        selection.complete,
    )  # fmt: skip


def _closely(selection: Selection, fused: Fused, places: IntArray, rows: ForwardRows, look: Look) -> Scored:
    """Features instead of channels where somebody looked."""
    size = len(selection.rows)
    looked_at = np.zeros(size, np.bool_)
    looked_at[places] = True
    return Scored(
        selection.rows,
        _scattered(fused.scores.copy(), places, look.scores),
        {name: np.where(looked_at, np.float32(0.0), part) for name, part in fused.contributions.items()},
        fused.channels,
        _scattered(np.full(size, np.nan, np.float32), places, look.relevance),
        _scattered(np.zeros(size, np.uint64), places, rows.groups),
        _scattered(np.zeros(size, np.uint32), places, rows.shops),
        _scattered(np.zeros(size, np.uint32), places, rows.brands),
        selection.match,
        selection.complete,
        look.contributions,
        _scattered(np.full(size, -1, np.int64), places, np.arange(len(places))),
        look.best,
    )  # fmt: skip


def _scattered(into: npt.NDArray[Any], places: IntArray, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    into[places] = values
    return into


def _at(channel: ChannelScores, places: IntArray) -> ChannelScores:
    return ChannelScores(channel.values[places], channel.ranks[places], channel.scale)
