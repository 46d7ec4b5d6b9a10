"""Pins: products that an operator gave a place, set into a list after everybody else's place is known.

A pin stands above the divider, at its place or, in a list that is shorter, at the end of what stands there. It takes
no other out of the list: what it displaces moves back. So each product stands once over all pages, and what a shopper
likes moves the others around the pins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.answer import RuleEffect
from retrieval.interest.taste import Liking
from retrieval.lists.arrange import Arranged, Placed, code_of
from retrieval.lists.joined import joined, unmatched
from retrieval.lists.score import Scored
from retrieval.types import IntArray


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that is to stand at a place (from 0), and the rule that says so."""

    row: int
    place: int
    effect: RuleEffect


@dataclass(frozen=True, slots=True)
class Pins:
    """What is pinned, k of them.

    Attributes:
        list: in the order of their places.
        places: where they stand, from 0, ascending, shape (k,).
    """

    list: Scored
    places: IntArray

    def set_into(self, bare: Arranged) -> Arranged:
        """A list that has none of them, with them."""
        size = len(bare.list.rows) + len(self.places)
        free = np.delete(np.arange(size), self.places)
        order = np.empty(size, np.int64)
        order[free], order[self.places] = np.arange(len(free)), np.arange(len(free), size)
        codes = np.full(len(self.places), code_of(Placed.PINNED), np.uint8)
        neutral = np.arange(size)
        if bare.neutral is not None:
            neutral[free] = free[bare.neutral]
        return Arranged(
            joined(bare.list, self.list).take(order),
            np.concatenate([bare.placed, codes])[order],
            bare.above + len(self.places),
            bare.relation,
            None if bare.neutral is None else neutral,
            bare.liking and _around(bare.liking, free),
        )


def pinned(arranged: Arranged, wanted: Sequence[Wanted]) -> tuple[Arranged, Pins]:
    """A list without what is to be pinned, and that.

    Args:
        wanted: each row once, what counts first before; a place that is taken leaves the next free one behind it.
    """
    scored, rows = arranged.list, np.array([each.row for each in wanted], np.int64)
    stays = ~np.isin(scored.rows, rows)
    above = int(stays[: arranged.above].sum())
    bare = replace(arranged, list=scored.take(np.flatnonzero(stays)), placed=arranged.placed[stays], above=above)
    places = _places([each.place for each in wanted], above + len(wanted))
    by_place = np.argsort(places)
    whole = joined(scored, unmatched(scored, np.setdiff1d(rows, scored.rows)))
    at = {row: place for place, row in enumerate(whole.rows.tolist())}
    effects = {each.row: (*scored.effects.get(each.row, ()), each.effect) for each in wanted}
    there = whole.take(np.array([at[wanted[i].row] for i in by_place], np.int64))
    return bare, Pins(replace(there, effects=effects), places[by_place])


def _places(asked: Sequence[int], size: int) -> IntArray:
    """A place below `size` for each, in the order asked."""
    taken: set[int] = set()
    given: list[int] = []
    for place in asked:
        while place in taken:
            place += 1
        taken.add(place)
        given.append(place)
    places = np.array(given, np.int64)
    by_place = np.argsort(places)
    places[by_place] = np.minimum(places[by_place], size - len(asked) + np.arange(len(asked)))
    return places


def _around(liking: Liking, free: IntArray) -> Liking:
    """What is liked of a list, with nothing said of the pins in it."""
    known = len(liking.parts)
    parts = np.zeros((int(free[known - 1]) + 1 if known else 0, len(liking.interests)), liking.parts.dtype)
    parts[free[:known]] = liking.parts
    return Liking(liking.interests, parts)
