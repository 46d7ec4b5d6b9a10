"""Places: which candidate stands where, decided after all scores are known and never folded into them.

What stands above the divider comes first (`retrieval.lists.divider`), and both parts are in the same order. By
relevance: what was looked at closely, best first, the surer of the first two before the other, what a brand's own shop
sells before its equals where the brand is asked for, spread over shops and brands where that is set; behind it
near-duplicates of better hits, which would only crowd a page; behind them what nobody looked at, by its fused score.
In any other order the column decides. Equal scores, and equal values of a column, stand by id, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from retrieval.interest.taste import Liking
from retrieval.lists.divider import divide
from retrieval.lists.flagship import UNMOVED, FlagshipOptions, in_front
from retrieval.lists.order import order
from retrieval.lists.score import Scored
from retrieval.lists.surer import surer_first
from retrieval.protocols import IndexReader
from retrieval.ranking.collapse import first_of_each
from retrieval.ranking.diversity import spread
from retrieval.types import IntArray, Mask, Sort


class Placed(StrEnum):
    """What gave a hit its place."""

    SCORE = "score"
    SURER = "surer"
    """First, before the best by score: it is surer to be an answer (`retrieval.lists.surer`)."""
    SPREAD = "spread"
    """Moved, so that no stretch of the list has too many of one shop or brand."""
    FLAGSHIP = "flagship"
    """Moved before equal ones: the brand's own shop sells it, and the query asks for the brand."""
    NEAR_DUPLICATE = "near_duplicate"
    """Behind the better ones: the same product, or the same title of the same shop, stands there already."""
    NOT_RANKED = "not_ranked"
    """Behind what was looked at closely."""
    COLUMN = "column"
    """A price, a date, pieces sold."""
    BURIED = "buried"
    """Behind all others of its part of the list: an operator's rule says so."""
    PINNED = "pinned"
    """Where an operator's rule puts it (`retrieval.lists.pins`)."""
    PERSONAL = "personal"
    """Moved for the shopper who asks, no further than the bound."""
    NEAR = "near"
    """Under the divider: it is no answer, only near one. There it stands by score or column, as above."""


@dataclass(frozen=True, slots=True)
class ArrangeOptions:
    """How places are given in a list by relevance.

    Attributes:
        collapse: of near-duplicates the best stays in its place, the others go behind.
        spread_window, spread_most: in each stretch of `spread_window` hits at most `spread_most` of a shop or brand;
            0 leaves them as they come.
        divider: least relevance of what stands above it, in [0, 1]; 0: there is none.
        flagship: how far things of a brand's own shop move (`retrieval.lists.flagship`).
        surer: points of score that a nat of relevance counts between the first two, ≥ 0; 0: the score alone decides.
    """

    collapse: bool
    spread_window: int
    spread_most: int
    divider: float
    flagship: FlagshipOptions = UNMOVED
    surer: float = 0.0


@dataclass(frozen=True, slots=True)
class Arranged:
    """The candidates in their places.

    Attributes:
        placed: what gave each its place: indices into `Placed`, shape (n,).
        above: so many of the first stand above the divider; relation: as in `Divided`.
        neutral: places (from 0) that they have for everybody, shape (n,); None: these.
        liking: what the shopper's interests say of the first of them; None where they were not asked.
    """

    list: Scored
    placed: npt.NDArray[np.uint8]
    above: int
    relation: str
    neutral: IntArray | None = None
    liking: Liking | None = None

    def why(self, place: int) -> Placed:
        """What gave the hit at this place (from 0) its place."""
        return _PLACED[int(self.placed[place])]

    def neutral_place(self, place: int) -> int:
        """Where the hit at this place (from 0) stands for everybody."""
        return place if self.neutral is None else int(self.neutral[place])


_PLACED = tuple(Placed)


def arrange(
    reader: IndexReader, scored: Scored, sort: Sort, options: ArrangeOptions, flagships: IntArray | None = None
) -> Arranged:
    """The list as it is paged; `flagships`: rows that come before equal ones."""
    divided = divide(scored, options.divider)
    ordered = order(reader, sort, scored.rows, scored.scores)
    above, near = ordered[divided.above[ordered]], ordered[~divided.above[ordered]]
    if sort is not Sort.RELEVANCE:
        parts = [(above, _all(Placed.COLUMN, len(above))), (near, _all(Placed.NEAR, len(near)))]
    elif not scored.looked_at.any():
        parts = [(above, _all(Placed.SCORE, len(above)))]
    else:
        moved = np.zeros(len(scored.rows), np.bool_)
        if flagships is not None and len(flagships):
            above, moved = in_front(above, scored, flagships, options.flagship)
        copies = _copies(scored, np.concatenate([above, near]), options)
        parts = [_by_score(scored, above, copies, moved, options, surer=options.surer)]
        surer = 0.0 if len(above) else options.surer
        parts += [_by_score(scored, near, copies, moved, options, surer=surer, near=True)]
    if sort is Sort.RELEVANCE and scored.effects:
        parts = [_buried_last(scored, *part) for part in parts]
    places, placed = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Arranged(scored.take(places), placed, len(above), divided.relation)


def _copies(scored: Scored, ordered: IntArray, options: ArrangeOptions) -> Mask:
    """Which are near-duplicates of one that comes before them, shape (n,)."""
    copies = np.zeros(len(scored.rows), np.bool_)
    if options.collapse:
        looked_at = ordered[scored.looked_at[ordered]]
        copies[np.delete(looked_at, first_of_each(scored.groups[looked_at]))] = True
    return copies


def _by_score(
    scored: Scored,
    part: IntArray,
    copies: Mask,
    moved: Mask,
    options: ArrangeOptions,
    *,
    surer: float,
    near: bool = False,
) -> tuple[IntArray, npt.NDArray[np.uint8]]:
    """The places of a part of the list, best first before, and what gave each its own."""
    looked_at = scored.looked_at[part]
    first, again, behind = part[looked_at & ~copies[part]], part[copies[part]], part[~looked_at]
    held = moved | np.isin(scored.rows, list(scored.effects))
    first, passed = surer_first(first, scored, surer, held, np.isin(scored.rows, _buried(scored)))
    spread_out = _spread(scored, first, options)
    why = np.where(spread_out == first, code_of(Placed.SCORE), code_of(Placed.SPREAD)).astype(np.uint8)
    why = np.where(passed[spread_out], code_of(Placed.SURER), why).astype(np.uint8)
    why = np.where(moved[spread_out], code_of(Placed.FLAGSHIP), why).astype(np.uint8)
    why = _all(Placed.NEAR, len(first)) if near else why
    placed = [why, _all(Placed.NEAR_DUPLICATE, len(again)), _all(Placed.NOT_RANKED, len(behind))]
    return np.concatenate([spread_out, again, behind]), np.concatenate(placed)


def _buried_last(
    scored: Scored, places: IntArray, placed: npt.NDArray[np.uint8]
) -> tuple[IntArray, npt.NDArray[np.uint8]]:
    last = np.isin(scored.rows[places], _buried(scored))
    behind = _all(Placed.BURIED, int(last.sum()))
    return np.concatenate([places[~last], places[last]]), np.concatenate([placed[~last], behind])


def _buried(scored: Scored) -> list[int]:
    return [row for row, effects in scored.effects.items() if any(one.action == "bury" for one in effects)]


def _spread(scored: Scored, places: IntArray, options: ArrangeOptions) -> IntArray:
    if not (options.spread_window and options.spread_most):
        return places
    keys = (scored.shops[places], scored.brands[places])
    return places[spread(keys, window=options.spread_window, most=options.spread_most)]


def _all(placed: Placed, size: int) -> npt.NDArray[np.uint8]:
    return np.full(size, code_of(placed), np.uint8)


def code_of(placed: Placed) -> int:
    """Its index."""
    return _PLACED.index(placed)
