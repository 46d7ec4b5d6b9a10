"""Answers that came before their questions:

1. An answer is given for an equal question, and for no other: other words, another depth, another vector.
2. Those columns that were asked for come with a whole answer; one that failed or is partial (scripts may be switched
   off) brings nothing.
3. Cosines belong to one vector: those of another are not known, and unknown rows are told.
4. Facets are those of these names and rows, in whatever order the rows come.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from retrieval.backends.opensearch import responses
from retrieval.backends.opensearch.prefetched import Prefetched
from tests.contract.world import asking, direction

SHARDS = {"total": 1, "successful": 1, "failed": 0}
WHOLE: dict[str, Any] = {
    "timed_out": False,
    "_shards": SHARDS,
    "hits": {"hits": [{"fields": {"row": [4], "forward": ["Zg"], "source": ["cw"], "half": ["aA"], "cosine": [0.5]}}]},
}
NEAR: dict[str, Any] = {
    **WHOLE,
    "hits": {"hits": [{"sort": [1.5, "a", 7], "fields": {"forward": ["Zw"], "source": ["dA"]}}]},
}


def test_equal_questions() -> None:  # 1
    prefetched = Prefetched()
    assert prefetched.words((asking("红色"), 5)) is None
    assert prefetched.near(direction(10), 3) is None
    prefetched.lexical = [((asking("红色"), 5), WHOLE)]
    prefetched.counts = [((asking("红色"), 4), NEAR)]
    prefetched.semantic = ((direction(10), 3), NEAR)
    assert prefetched.words((asking("红色"), 5)) is WHOLE
    assert prefetched.words((asking("红色"), 6)) is prefetched.words((asking("蓝色"), 5)) is None
    assert prefetched.counted((asking("红色"), 4)) is NEAR
    assert prefetched.counted((asking("红色"), 5)) is prefetched.counted((asking("蓝色"), 4)) is None
    assert prefetched.near(direction(10), 3) is NEAR
    assert prefetched.near(direction(10), 4) is prefetched.near(direction(11), 3) is None


def test_columns() -> None:  # 2
    prefetched = Prefetched()
    prefetched.carry(WHOLE)
    prefetched.carry(NEAR)
    assert prefetched.stored == {"forward": {4: "Zg", 7: "Zw"}, "source": {4: "cw", 7: "dA"}, "half": {4: "aA"}}
    assert prefetched.unknown("forward", np.array([9, 7, 4])).tolist() == [9]
    assert prefetched.unknown("half", np.array([9, 7, 4])).tolist() == [9, 7]


@pytest.mark.parametrize(
    "bad",
    [
        {"error": {"type": "illegal_argument_exception", "reason": "cannot execute [inline] scripts"}, "status": 400},
        {**WHOLE, "timed_out": True},
        {**WHOLE, "_shards": {"total": 2, "successful": 1, "failed": 1}},
    ],
)
def test_what_is_not_whole_brings_nothing(bad: dict[str, Any]) -> None:  # 2
    prefetched = Prefetched()
    prefetched.carry(bad)
    assert prefetched.stored == {"forward": {}, "source": {}, "half": {}}


def test_cosines() -> None:  # 3
    prefetched, rows = Prefetched(), np.array([4, 9])
    assert prefetched.cosines(direction(0), rows)[1].tolist() == [4, 9]
    prefetched.measure(direction(0), {4: 0.5})
    found, missing = prefetched.cosines(direction(0), rows)
    assert (found[0], bool(np.isnan(found[1])), missing.tolist()) == (0.5, True, [9])
    prefetched.measure(direction(0), {9: -0.25})
    assert prefetched.cosines(direction(0), rows)[0].tolist() == [0.5, -0.25]
    assert prefetched.cosines(direction(5), rows)[1].tolist() == [4, 9]
    prefetched.measure(direction(5), {9: 1.0})
    assert prefetched.cosines(direction(5), rows)[1].tolist() == [4]


def test_facets() -> None:  # 4
    prefetched, rows = Prefetched(), np.array([2, 5])
    counted = {"aggregations": {"brand": {"buckets": [{"key": "花田", "doc_count": 2}], "sum_other_doc_count": 0}}}
    assert prefetched.facets(("brand",), rows) is None
    prefetched.count(rows, {"brand": responses.facet(counted, "brand")})
    known = prefetched.facets(("brand",), rows[::-1])
    assert known is not None
    assert [(value.value, value.count) for value in known["brand"]] == [("花田", 2)]
    assert prefetched.facets(("brand",), rows[:1]) is prefetched.facets(("shop",), rows) is None
