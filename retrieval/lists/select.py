"""Which of the matches pass the filters, and which of them are worth a closer look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.recall.lexical import CHANNEL as LEXICAL
from retrieval.recall.matches import Matches
from retrieval.recall.moments import CHANNEL as MOMENTS
from retrieval.recall.semantic import CHANNEL as SEMANTIC
from retrieval.types import Candidates, Filters, IntArray, Match, Sort


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """How candidates are selected.

    Attributes:
        depth: most lexical candidates.
        measured: so many of the best by words are scored in every channel; what is further down counts as near as the
            background, i.e. its words alone decide.
        nearest: how many are shown by meaning alone, when a filter leaves no match.
        sorted_floor: share of the best BM25 score needed in a list that is not ordered by relevance.
        closely: so many of the best by words, and all that are near or shown, are looked at closely.
    """

    depth: int
    measured: int
    nearest: int
    sorted_floor: float
    closely: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The candidates of a list.

    Attributes:
        rows: all of them, ascending, shape (n,).
        chosen: channel → those that it recalled, best first.
        measured: ascending rows that a channel is asked for although it did not recall them.
        closely: ascending rows that are worth a closer look.
        match: the step of recall that answered.
        complete: False when the list was cut at its depth.
    """

    rows: IntArray
    chosen: dict[str, Candidates]
    measured: IntArray
    closely: IntArray
    match: Match
    complete: bool


def select(
    reader: IndexReader,
    matches: Matches,
    filters: Filters,
    sort: Sort,
    options: SelectOptions,
    *,
    closely: bool,
    divided: bool,
) -> Selection:
    """The matches of every channel that pass.

    What counts as a match was decided by the query alone, so a filter shows what the unfiltered list has of it. Where
    it leaves nothing, the nearest by meaning are shown instead. Where nothing divides answers from noise, a list that
    is not ordered by relevance has the better lexical matches only, if there are any.

    Args:
        closely: whether anything is looked at closely.
        divided: whether what is no answer comes last in every order.
    """
    best = options.closely if divided else 0
    chosen = {
        name: found.select(reader, filters, options.depth, sort, options.sorted_floor, best)
        for name, found in matches.found.items()
    }
    words, meaning = matches.lexical, matches.semantic
    match = words.step if words and words.best > 0 else Match.NEAREST
    cut = False
    if not filters.empty and meaning and not any(len(each.rows) for each in chosen.values()):
        chosen[SEMANTIC] = meaning.nearest(reader, filters, options.nearest)
        match, cut = Match.NEAREST, not chosen[SEMANTIC].complete
    lexical = chosen.get(LEXICAL, Candidates.none(LEXICAL))
    if sort is not Sort.RELEVANCE and len(lexical.rows) and not divided:
        chosen = {name: lexical if name == LEXICAL else Candidates.none(name) for name in chosen}
    rows = _union(*(each.rows for each in chosen.values()))
    near, shown = (chosen[name].rows if name in chosen else rows[:0] for name in (SEMANTIC, MOMENTS))
    # Of a sorted list anything may come first, so all of it is looked at.
    looked = len(lexical.rows) if sort is not Sort.RELEVANCE else options.closely
    return Selection(
        rows,
        chosen,
        measured=_without(lexical.rows[: options.measured], near),
        closely=_union(lexical.rows[:looked], near, shown) if closely else rows[:0],
        match=match if len(rows) else Match.NONE,
        complete=not len(rows) or (lexical.complete and not cut),
    )


def _union(*rows: IntArray) -> IntArray:
    """Ascending, each once."""
    together = np.sort(np.concatenate(rows)) if rows else np.empty(0, np.int64)
    first = np.ones(len(together), np.bool_)
    np.not_equal(together[1:], together[:-1], out=first[1:])
    return together[first]


def _without(rows: IntArray, others: IntArray) -> IntArray:
    """Ascending; `rows` are distinct."""
    if not len(others):
        return np.sort(rows)
    others = np.sort(others)
    return np.sort(rows[others.take(others.searchsorted(rows), mode="clip") != rows])
