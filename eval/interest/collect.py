"""Shown lists → numbers to learn from: what the profile of that time says of an item, and what else may draw a click.

Columns of a list: the liking of each dimension as the profile of the shopper says it (with a worth of 1), the sum of it
and of what a stranger's profile says, and one for each of the first places. The sum holds what any profile draws (a
title that says more, a product with a category); what is left is the shopper's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.interest.shown import ShownList
from retrieval.engine import Engine
from retrieval.interest.bound import stated
from retrieval.interest.profile import Dimension
from retrieval.interest.taste import Liking, Taste
from retrieval.ranking.train import TrainingList
from retrieval.types import EVERYTHING, FloatArray

DIMENSIONS = tuple(Dimension)
PLACES = 10
OWN = slice(0, len(DIMENSIONS))
ANY = slice(len(DIMENSIONS), 2 * len(DIMENSIONS))
PLACE = 2 * len(DIMENSIONS)
WIDTH = PLACE + PLACES


@dataclass(frozen=True, slots=True)
class Lesson:
    """One shown list as numbers, and whose it is: lists of one shopper are held out together."""

    user: str
    list: TrainingList


def collect(
    engine: Engine, taste: Taste, lists: Sequence[ShownList], *,
    watched: Callable[[Iterable[ShownList]], Iterable[ShownList]] = iter,
) -> list[Lesson]:  # fmt: skip
    """Lists of which at least two items are in the catalogue and a profile says something.

    The stranger of a list is who is next in line, as of the time of that list: its profile is the next to be needed.

    Args:
        taste: whose interests are worth 1 each.
        lists: in any order, but by chance.
        watched: gives the lists one by one; a progress bar, say.
    """
    each = (_lesson(engine, taste, one, _next(lists, place)) for place, one in enumerate(watched(lists)))
    return [lesson for lesson in each if lesson is not None]


def _lesson(engine: Engine, taste: Taste, one: ShownList, other: ShownList) -> Lesson | None:
    reader = engine.serving.reader
    rows = {item: row for item in one.places if (row := reader.row_of(item)) is not None}
    clicked = np.array([item in one.clicked for item in rows], np.float32)
    if len(rows) < 2 or not clicked.any() or clicked.all():
        return None
    plan = engine.understanding.plan(one.query)
    silent = stated(plan, EVERYTHING)
    features = np.zeros((len(rows), WIDTH), np.float32)
    for who, columns in ((one, (OWN, ANY)), (other, (ANY,))):
        profile = taste.profile(who.user_id, who.session_id, reader, who.as_of)
        if profile is not None:
            said = by_dimension(taste.score(profile, reader, np.array([*rows.values()]), silent, plan.query))
            for each in columns:
                features[:, each] += said
    if not features[:, OWN].any():
        return None
    for place, item in enumerate(rows):
        if one.places[item] < PLACES:
            features[place, PLACE + one.places[item]] = 1.0
    return Lesson(one.user_id or one.session_id, TrainingList(features, clicked))


def by_dimension(liking: Liking) -> FloatArray:
    """The parts of each dimension summed, shape (n, dimensions)."""
    found = np.zeros((len(liking.parts), len(DIMENSIONS)), np.float32)
    for column, interest in enumerate(liking.interests):
        found[:, DIMENSIONS.index(interest.dimension)] += liking.parts[:, column]
    return found


def _next(lists: Sequence[ShownList], place: int) -> ShownList:
    """The list of somebody else; where there is nobody else, the same."""
    one = lists[place]
    following = (lists[(place + step) % len(lists)] for step in range(1, len(lists)))
    return next((other for other in following if other.user_id != one.user_id), one)
