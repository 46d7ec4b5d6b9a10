"""Moments and their videos, on a circle of vectors and with weights that are seen by eye:

1. A moment scores its words as a share of the best ones, and `meaning` for each deviation of its cosine. Best first,
   equal ones by id.
2. What all moments have in common is taken from the query: the moment that is like all others is not the nearest, the
   one that lies in the query's direction is.
3. A match has a share `floor` of the best words, or is `near`; what is neither is no answer. A query without words
   finds nothing, one without a vector, or among moments without vectors, is answered by words alone.
4. Filters hold in both channels.
5. Videos stand in the order of their best moments, and each has its own, best first.
6. A moment says a word of the query where that is spoken, not where only its title has it.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from retrieval.analysis.analyzer import QueryText, Term
from retrieval.spoken.common import Common
from retrieval.spoken.moment import MomentRow
from retrieval.types import EVERYTHING, Filters, FloatArray
from retrieval.videos.find import FindOptions, FoundMoments, by_video, find_moments
from tests.unit.retrieval.tiny_reader import Item, TinyReader

OPTIONS = FindOptions(fields={"said": 1.0}, depth=10, meaning=0.5, floor=0.5, near=1.0)
NOTHING = np.empty((0, 2), np.float32)


def at(*degrees: float) -> FloatArray:
    radians = np.radians(np.array(degrees))
    return np.stack([np.cos(radians), np.sin(radians)], 1).astype(np.float32)


def asking(**weights: float) -> QueryText:
    terms = tuple(Term(word, 0, 1, ((word,),)) for word in weights)
    return QueryText(" ".join(weights), " ".join(weights), terms, dict(weights))


def find(
    items: list[Item], degrees: float | None, sample: FloatArray = NOTHING, filters: Filters = EVERYTHING,
    options: FindOptions = OPTIONS, **weights: float,
) -> tuple[list[str], FoundMoments]:  # fmt: skip
    vector = None if degrees is None else at(degrees)[0]
    found = find_moments(TinyReader(items).reader, asking(**weights), vector, Common.of(sample), options, filters)
    return [items[row].id for row in found.rows], found


def test_a_score_is_words_and_meaning() -> None:  # 1
    items = [Item("a", "pot lid", 80), Item("b", "pot", 90), Item("c", "pot", 90), Item("d", "tea", 0)]
    sample = at(0, 180) * 1.0  # their mean is nothing, the cosines of a query at 90° with them are 0
    ids, found = find(items, 60, sample, pot=2.0, lid=2.0)
    seen = np.array([math.cos(math.radians(60)) / math.sqrt(3), math.sin(math.radians(60)) / math.sqrt(2)])  # the lens
    meaning = at(80, 90, 90, 0) @ seen / seen[0]  # those of the sample are ± seen[0]
    expected = np.array([1.0, 0.5, 0.5, 0.0]) + 0.5 * meaning
    assert ids == ["a", "b", "c", "d"]
    assert found.scores == pytest.approx(expected, rel=1e-4)
    assert found.words.tolist() == [1.0, 0.5, 0.5, 0.0]
    assert found.meaning == pytest.approx(meaning, rel=1e-4)


def test_what_all_have_in_common_is_taken_from_the_query() -> None:  # 2
    everything = [Item(f"m{degrees}", "", degrees) for degrees in (30, 40, 50, 60)]
    sample = np.repeat(at(30, 40, 50, 60), 2_000, axis=0)
    assert find(everything, 47, sample, pot=1.0)[0][0] == "m60"  # a little above the middle: up is what it asks for
    assert find(everything, 43, sample, pot=1.0)[0][0] == "m30"


def test_what_is_neither_said_nor_near_is_no_answer() -> None:  # 3
    items = [Item("a", "pot lid", 180), Item("b", "pot", 180), Item("c", "tea", 75), Item("d", "tea", 180)]
    sample = at(0, 180)
    assert find(items, 60, sample, pot=1.0, lid=2.0)[0] == ["c", "a"]
    assert find(items, 60, sample, options=replace(OPTIONS, floor=0.3), pot=1.0, lid=2.0)[0] == ["c", "a", "b"]
    assert find(items, 60, sample, options=replace(OPTIONS, near=9.0), pot=1.0, lid=2.0)[0] == ["a"]
    assert find(items, None, sample, pot=1.0, lid=1.0)[0] == find(items, 60, pot=1.0, lid=1.0)[0] == ["a", "b"]
    assert find(items, 60, sample)[0] == []
    assert find(items, None, sample, hat=1.0)[0] == []


def test_filters() -> None:  # 4
    items = [Item("a", "pot", 60, brand="x"), Item("b", "pot", 60, brand="y"), Item("c", "", 60, brand="y")]
    filters = Filters({"brand": ("y",)})
    assert find(items, 60, at(0, 180), filters, pot=1.0)[0] == ["b", "c"]


def test_videos_of_moments() -> None:  # 5
    scores = np.array([3.0, 2.0, 1.5, 1.0], np.float32)
    found = FoundMoments(np.array([7, 2, 9, 4]), scores, scores, scores)
    videos = by_video(found, ["v1", "v2", "v1", "v3"])
    assert [(v.video, v.score, v.places) for v in videos] == [("v1", 3.0, (0, 2)), ("v2", 2.0, (1,)), ("v3", 1.0, (3,))]


def test_what_moments_say() -> None:  # 6
    items = [Item("a", "pot tea", 90), Item("b", "jug", 90)]
    _, found = find(items, 90, at(0, 180), pot=1.0, tea=1.0)
    rows = [MomentRow("v", "video", items[row].tokens.replace("tea", "leaf"), ()) for row in found.rows]
    assert found.saying(rows, asking(pot=1.0, tea=1.0)).tolist() == [True, False]
    assert found.saying(rows, asking(tea=1.0)).tolist() == [False, False]
