"""Places: which candidate stands where, decided after all scores are known and never folded into them.

By relevance: what was looked at closely, best first, spread over shops and brands where that is set; behind it
near-duplicates of better hits, which would only crowd a page; behind them what nobody looked at, by its fused score.
In any other order the column decides, and equal values stand by score. Equal scores stand by id, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from retrieval.lists.order import order
from retrieval.lists.score import Scored
from retrieval.protocols import IndexReader
from retrieval.ranking.collapse import first_of_each
from retrieval.ranking.diversity import spread
from retrieval.types import IntArray, Sort


class Placed(StrEnum):
    """What gave a hit its place."""

    SCORE = "score"
    SPREAD = "spread"
    """Moved, so that no stretch of the list has too many of one shop or brand."""
    NEAR_DUPLICATE = "near_duplicate"
    """Behind the better ones: the same product, or the same title of the same shop, stands there already."""
    NOT_RANKED = "not_ranked"
    """Behind what was looked at closely."""
    COLUMN = "column"
    """A price, a date, pieces sold."""


@dataclass(frozen=True, slots=True)
class ArrangeOptions:
    """How places are given in a list by relevance.

    Attributes:
        collapse: of near-duplicates the best stays in its place, the others go behind.
        spread_window, spread_most: in each stretch of `spread_window` hits at most `spread_most` of a shop or brand;
            0 leaves them as they come.
    """

    collapse: bool
    spread_window: int
    spread_most: int


@dataclass(frozen=True, slots=True)
class Arranged:
    """The candidates in their places, with what gave each its place: indices into `Placed`, shape (n,)."""

    list: Scored
    placed: npt.NDArray[np.uint8]

    def why(self, place: int) -> Placed:
        """What gave the hit at this place (from 0) its place."""
        return _PLACED[int(self.placed[place])]


_PLACED = tuple(Placed)


def arrange(reader: IndexReader, scored: Scored, sort: Sort, options: ArrangeOptions) -> Arranged:
    """The list as it is paged."""
    if sort is not Sort.RELEVANCE:
        places = order(reader, sort, scored.rows, scored.scores)
        return Arranged(scored.take(places), _all(Placed.COLUMN, len(places)))
    by_score = order(reader, sort, scored.rows, scored.scores)
    looked_at = scored.looked_at[by_score]
    if not looked_at.any():
        return Arranged(scored.take(by_score), _all(Placed.SCORE, len(by_score)))
    first, behind = by_score[looked_at], by_score[~looked_at]
    copies = first[:0]
    if options.collapse:
        kept = first_of_each(scored.groups[first])
        first, copies = first[kept], np.delete(first, kept)
    spread_out = _spread(scored, first, options)
    why = np.where(spread_out == first, _code(Placed.SCORE), _code(Placed.SPREAD)).astype(np.uint8)
    placed = np.concatenate([why, _all(Placed.NEAR_DUPLICATE, len(copies)), _all(Placed.NOT_RANKED, len(behind))])
    return Arranged(scored.take(np.concatenate([spread_out, copies, behind])), placed)


def _spread(scored: Scored, places: IntArray, options: ArrangeOptions) -> IntArray:
    if not (options.spread_window and options.spread_most):
        return places
    keys = (scored.shops[places], scored.brands[places])
    return places[spread(keys, window=options.spread_window, most=options.spread_most)]


def _all(placed: Placed, size: int) -> npt.NDArray[np.uint8]:
    return np.full(size, _code(placed), np.uint8)


def _code(placed: Placed) -> int:
    return _PLACED.index(placed)
