"""What sells one of the things that a category word means:

1. Each row is of the first thing that it names, or the first amount that it has, however written; a thing that none
   names is not looked at.
2. Where the second look is surer, its score, parts, standing and relevance count; elsewhere the first look stays.
"""

from __future__ import annotations

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.lists.instances import as_instances, places_of
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.stage import Look
from retrieval.types import FloatArray, IntArray
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row

TITLES = ("水杯 大号", "保湿面霜 精华", "补水面膜", "精华 30ml")
ROWS = ForwardRows.decode([row(title) for title in TITLES])
THINGS = {thing: built_in_analyzer().query(thing) for thing in ("面霜", "精华", "面膜", "口红")}


def look(scores: list[float], relevance: list[float], standing: list[bool], best: float) -> Look:
    values: FloatArray = np.array(scores, np.float32)
    return Look(values, {"part": values}, np.array(relevance, np.float32), np.array(standing), denied=False, best=best)


def test_places() -> None:  # 1
    found = {thing: at.tolist() for thing, at in places_of(THINGS, ROWS).items()}
    assert found == {"面霜": [1], "精华": [3], "面膜": [2]}
    rows = ForwardRows.decode([row(title) for title in ("大米 5kg", "大米 1.5kg", "大米 10斤")])
    assert {amount: at.tolist() for amount, at in places_of({"=g:5000": THINGS["面霜"]}, rows).items()} == {
        "=g:5000": [0, 2]
    }


def test_second_looks() -> None:  # 2
    asked: list[tuple[str, list[int]]] = []

    def again(text: QueryText, at: IntArray) -> Look:
        asked.append((text.normalized, at.tolist()))
        surer = text.normalized != "面膜"
        return look([9.0] * len(at), [0.9 if surer else 0.1] * len(at), [True] * len(at), best=0.7)

    first = look([1, 2, 3, 4], [0.2, 0.2, 0.2, 0.2], [True, False, False, False], best=0.3)
    found = as_instances(first, THINGS, places_of(THINGS, ROWS), again)
    assert asked == [("面霜", [1]), ("精华", [3]), ("面膜", [2])]
    assert found.scores.tolist() == found.contributions["part"].tolist() == [1, 9, 3, 9]
    assert np.allclose(found.relevance, [0.2, 0.9, 0.2, 0.9])
    assert (found.standing.tolist(), found.best) == ([True, True, False, True], 0.7)
    assert first.scores.tolist() == [1, 2, 3, 4]
