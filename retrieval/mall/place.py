"""The mall of one generation: its shelf, and what the crowd knows, told in its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from retrieval.mall.columns import Columns
from retrieval.mall.crowd import Crowd
from retrieval.mall.cursor import seed_of
from retrieval.mall.shelf import Shelf, stock_shelf
from retrieval.mall.together import Together
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which rows go with which, from `retrieval.mall.together`."""

    things: dict[int, int]
    rows: IntArray
    together: Together

    def of(self, row: int) -> tuple[IntArray, FloatArray]:
        """Rows that go with this one, the best first, and their scores in (0, 1)."""
        thing = self.things.get(row)
        if thing is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        things, scores = self.together.of(thing)
        rows = self.rows[things]
        return rows[rows >= 0], scores[rows >= 0]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Everything that is made once for a generation and a crowd.

    Attributes:
        again: how many shoppers bought each row on several days, shape (rows,); 0 where few did.
    """

    shelf: Shelf
    viewed: Neighbours
    bought: Neighbours
    again: IntArray


def fitted(place: Place, columns: Columns, rows: int, least_quality: float) -> Place:
    """The same with so many rows: what was written since is new, and what it knows of later is not there.

    Args:
        columns: of at least so many rows.
    """
    shelf, known = place.shelf, len(place.shelf.liking)
    later = np.arange(known, rows)
    liking = np.concatenate([shelf.liking, np.zeros(len(later), np.float32)])
    there = (each[each < rows] for each in (shelf.popular, shelf.newest, shelf.sample))
    popular, newest, sample = there
    good = columns.quality >= least_quality
    grown = Shelf(
        columns, np.concatenate([popular, later]), np.concatenate([later[::-1], newest]), sample, liking, good
    )  # fmt: skip
    again = np.concatenate([place.again, np.zeros(len(later), np.int64)])
    return Place(grown, _within(place.viewed, rows), _within(place.bought, rows), again)


def _within(near: Neighbours, rows: int) -> Neighbours:
    return replace(near, rows=np.where(near.rows < rows, near.rows, -1))


def furnish(reader: IndexReader, columns: Columns, crowd: Crowd, least_quality: float) -> Place:
    """Tells the crowd in rows; `columns` are those of the generation."""
    found = reader.rows_of(crowd.ids)
    rows = np.array([-1 if row is None else row for row in found], np.int64)
    there = rows >= 0
    liked = np.zeros(len(columns.quality), np.float32)
    liked[rows[there]] = crowd.liked[there]
    again = np.zeros(len(columns.quality), np.int64)
    again[rows[there]] = crowd.again[there]
    things = dict(zip(rows[there].tolist(), np.flatnonzero(there).tolist(), strict=True))
    shelf = stock_shelf(columns, liked, least_quality, seed_of(reader.snapshot.generation))
    return Place(shelf, Neighbours(things, rows, crowd.viewed), Neighbours(things, rows, crowd.bought), again)
