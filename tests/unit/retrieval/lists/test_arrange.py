"""Places:

1. By relevance: what was looked at, best first, equal scores by id; then near-duplicates of better ones; then what
   nobody looked at, by its score, however high that is.
2. Spreading moves what is too many of one shop or brand, loses nothing, and says whom it moved.
3. By a column: equal values by score, equal scores by id; nothing is collapsed or spread.
4. No score is changed, and what belongs to a candidate stays with it.
5. What is near stands under what is not, in the same order, and says so; a near-duplicate of something above stands
   behind what is near, and the better one under the divider is no reason to put the one above behind.
6. The surer of the first two comes first, and says so; of what is near only where nothing stands above it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from retrieval.fusion.fusers import ChannelScores
from retrieval.lists.arrange import Arranged, ArrangeOptions, Placed, arrange
from retrieval.lists.score import Scored
from retrieval.types import Match, Sort
from tests.unit.retrieval.tiny_reader import Item, TinyReader

PLAIN = ArrangeOptions(collapse=False, spread_window=0, spread_most=0, divider=0.0)
NAN = float("nan")


def scored(scores: list[float], **changed: Any) -> Scored:
    size = len(scores)
    values = np.array(scores, np.float32)
    half = values * np.float32(0.5)
    given: dict[str, Any] = {
        "relevance": [0.5] * size, "groups": [0] * size, "shops": [0] * size, "brands": [0] * size,
        "match": Match.ALL, **changed,
    }  # fmt: skip
    return Scored(
        np.arange(size), values, {"lexical": half}, {"lexical": ChannelScores(values, np.arange(size), (0, 1))},
        np.array(given["relevance"], np.float32), np.array(given["groups"], np.uint64),
        np.array(given["shops"], np.uint32), np.array(given["brands"], np.uint32), given["match"], complete=True,
        features={"words": half}, parts_at=np.arange(size),
    )  # fmt: skip


def arranged(of: Scored, options: ArrangeOptions = PLAIN, sort: Sort = Sort.RELEVANCE) -> Arranged:
    items = [Item(f"p{9 - row}", price=row // 2) for row in range(len(of.rows))]
    return arrange(TinyReader(items).reader, of, sort, options)


def places(found: Arranged) -> list[int]:
    return [int(row) for row in found.list.rows]


def test_by_score() -> None:  # 1
    assert places(arranged(scored([1, 3, 2, 3]))) == [3, 1, 2, 0]


def test_what_nobody_looked_at_is_behind() -> None:  # 1
    found = arranged(scored([1, 9, 2, 8], relevance=[0.1, NAN, 0.2, NAN]))
    assert places(found) == [2, 0, 1, 3]
    assert [found.why(place) for place in range(4)] == [Placed.SCORE] * 2 + [Placed.NOT_RANKED] * 2


def test_near_duplicates_are_behind() -> None:  # 1
    of = scored([5, 4, 3, 9, 2], groups=[7, 7, 7, 0, 8], relevance=[0.5, 0.5, 0.5, NAN, 0.5])
    found = arranged(of, ArrangeOptions(collapse=True, spread_window=0, spread_most=0, divider=0.0))
    assert places(found) == [0, 4, 1, 2, 3]
    assert [found.why(place) for place in (0, 2, 3, 4)] == [
        Placed.SCORE, Placed.NEAR_DUPLICATE, Placed.NEAR_DUPLICATE, Placed.NOT_RANKED,
    ]  # fmt: skip
    assert places(arranged(of)) == [0, 1, 2, 4, 3]


@pytest.mark.parametrize("key", ["shops", "brands"])
def test_spread(key: str) -> None:  # 2
    of = scored([5, 4, 3, 2], **{key: [1, 1, 1, 2]})
    found = arranged(of, ArrangeOptions(collapse=False, spread_window=2, spread_most=1, divider=0.0))
    assert places(found) == [0, 3, 1, 2]
    assert [found.why(place) for place in range(4)] == [Placed.SCORE, *[Placed.SPREAD] * 3]
    for off in (ArrangeOptions(False, 2, 0, 0.0), ArrangeOptions(False, 0, 1, 0.0)):
        assert places(arranged(of, off)) == [0, 1, 2, 3]


def test_by_a_column() -> None:  # 3
    of = scored([1, 2, 3, 3], groups=[7, 7, 7, 7], shops=[1, 1, 1, 1], relevance=[0.5, NAN, 0.5, 0.5])
    found = arranged(of, ArrangeOptions(collapse=True, spread_window=2, spread_most=1, divider=0.0), Sort.PRICE_ASC)
    assert places(found) == [1, 0, 3, 2]
    assert {found.why(place) for place in range(4)} == {Placed.COLUMN}


DIVIDED = ArrangeOptions(collapse=True, spread_window=0, spread_most=0, divider=0.4)


def test_the_divider() -> None:  # 5
    of = scored([9, 8, 7, 6, 5, 4, 3], relevance=[0.1, 0.4, 0.2, 0.1, NAN, 0.1, 0.9], groups=[7, 7, 0, 0, 0, 0, 0])
    found = arranged(of, DIVIDED)
    assert (places(found), found.above) == ([1, 6, 2, 3, 5, 0, 4], 2)
    assert [found.why(place) for place in range(7)] == [
        *[Placed.SCORE] * 2, *[Placed.NEAR] * 3, Placed.NEAR_DUPLICATE, Placed.NOT_RANKED,
    ]  # fmt: skip
    by_price = arranged(of, DIVIDED, Sort.PRICE_DESC)
    assert (places(by_price), by_price.above) == ([6, 1, 5, 4, 3, 2, 0], 2)
    assert [by_price.why(place) for place in range(7)] == [*[Placed.COLUMN] * 2, *[Placed.NEAR] * 5]
    spread = replace(DIVIDED, spread_window=2, spread_most=1)
    of = scored([5, 4, 3, 2], relevance=[0.9, 0.9, 0.1, 0.1], shops=[1, 1, 2, 2])
    assert places(arranged(of, spread)) == [0, 1, 2, 3]
    for nothing in (scored([2, 1], relevance=[0.1, 0.2]), scored([2, 1], relevance=[0.1, 0.2], groups=[7, 7])):
        found = arranged(nothing, DIVIDED)
        assert (places(found), found.above) == ([0, 1], 0)


def test_nothing_is_changed() -> None:  # 4
    found = arranged(scored([1, 3, 2])).list
    assert found.scores.tolist() == [3, 2, 1]
    assert found.contributions["lexical"].tolist() == [1.5, 1, 0.5]
    assert [found.parts(place) for place in range(3)] == [{"words": 1.5}, {"words": 1}, {"words": 0.5}]
    assert found.channels["lexical"].ranks.tolist() == [1, 2, 0]


def test_nothing_at_all() -> None:
    for sort in Sort:
        assert places(arranged(scored([]), sort=sort)) == []


SURER = replace(DIVIDED, surer=2.0)


def test_the_surer_of_two() -> None:  # 6
    found = arranged(scored([9, 8, 7, 5], relevance=[0.6, 0.8, 0.9, 0.3]), SURER)
    assert places(found) == [1, 0, 2, 3]
    assert [found.why(place) for place in range(4)] == [Placed.SURER, Placed.SCORE, Placed.SCORE, Placed.NEAR]
    assert found.list.scores.tolist() == [8, 9, 7, 5]
    assert places(arranged(scored([9, 8], relevance=[0.6, 0.7]), SURER)) == [0, 1]
    assert places(arranged(scored([9, 8], relevance=[0.6, 0.8]), DIVIDED)) == [0, 1]
    # A near-duplicate is no second, and what is near only where it begins the list.
    of = scored([9, 8.5, 8], relevance=[0.6, 0.9, 0.8], groups=[7, 7, 0])
    assert places(arranged(of, SURER)) == [2, 0, 1]
    assert places(arranged(scored([9, 4, 3], relevance=[0.6, 0.1, 0.3]), SURER)) == [0, 1, 2]
    near = arranged(scored([4, 3], relevance=[0.1, 0.3]), SURER)
    assert (places(near), near.why(0)) == ([1, 0], Placed.NEAR)
    by_price = scored([9, 8], relevance=[0.9, 0.6])
    assert places(arranged(by_price, SURER, Sort.PRICE_ASC)) == places(arranged(by_price, DIVIDED, Sort.PRICE_ASC))
