"""Answers as arrays:

1. A partial answer, one that timed out and an error are errors, whatever hits they carry; a whole one passes.
2. An index that is gone makes a cursor expire.
3. Scores of an inner-product search give back the inner product: s = 1 + c for c ≥ 0, 1 / (1 − c) below.
4. `scattered` puts values where their rows are asked for, and 0 where a row was not found.
5. Facets are ordered by count, then by value; bands stay in order and empty ones are left out; a cut count is an error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from retrieval.backends.opensearch import responses
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable
from retrieval.errors import CursorExpired
from retrieval.schema import PRODUCT
from retrieval.types import FacetValue

WHOLE: dict[str, Any] = {
    "timed_out": False,
    "_shards": {"total": 3, "successful": 3, "skipped": 0, "failed": 0},
    "hits": {"total": {"value": 2}, "hits": [{"sort": [2.5, "b", 7]}, {"sort": [1.5, "a", 3]}]},
}


def test_a_whole_answer() -> None:  # 1
    rows, scores, ids = responses.ranked(responses.whole(WHOLE))
    assert (rows.tolist(), scores.tolist(), ids) == ([7, 3], [2.5, 1.5], ["b", "a"])
    assert responses.total(WHOLE) == 2
    assert [array.dtype for array in (rows, scores)] == [np.dtype(np.int64), np.dtype(np.float32)]
    assert [len(part) for part in responses.ranked({"hits": {}})] == [0, 0, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"_shards": {"total": 3, "successful": 2, "failed": 1}}, "1 of its shards"),
        ({"_shards": {"total": 3, "successful": 2, "failed": 0}}, "1 of its shards"),  # no copy of it is alive
        ({"timed_out": True}, "timed out"),
        ({"error": {"root_cause": [{"type": "es_rejected", "reason": "queue full"}]}, "status": 429}, "queue full"),
        ({"error": {"type": "x", "reason": "y", "caused_by": {"type": "inner", "reason": "z"}}}, "inner: z"),
        ({"error": "plain"}, "plain"),
    ],
)
def test_not_whole(change: dict[str, Any], message: str) -> None:  # 1
    with pytest.raises(ClusterUnavailable, match=message) as refused:
        responses.whole({**WHOLE, **change})
    assert refused.value.hint


def test_gone() -> None:  # 2
    error = {"root_cause": [{"type": "index_not_found_exception", "reason": "no such index [x]"}]}
    with pytest.raises(CursorExpired):
        responses.whole({"error": error, "status": 404})


def test_cosines() -> None:  # 3
    expected = np.array([-1, -0.5, -1e-4, 0, 1e-4, 0.5, 1])
    scores = np.array([1 + c if c >= 0 else 1 / (1 - c) for c in expected], np.float32)
    assert responses.cosines(scores) == pytest.approx(expected, abs=2e-7)


def test_scattered() -> None:  # 4
    found, values = np.array([9, 2, 5]), np.array([0.9, 0.2, 0.5], np.float32)
    assert responses.scattered(np.array([5, 3, 9, 99, 2]), found, values).tolist() == pytest.approx(
        [0.5, 0, 0.9, 0, 0.2]
    )
    assert responses.scattered(np.array([1, 2]), np.empty(0, np.int64), np.empty(0, np.float32)).tolist() == [0, 0]


def test_facets() -> None:  # 5
    buckets = [{"key": "b", "doc_count": 2}, {"key": "a", "doc_count": 2}, {"key": "c", "doc_count": 3}]
    answer = {"aggregations": {"brand": {"buckets": buckets, "sum_other_doc_count": 0}}}
    assert responses.facet(answer, "brand") == (FacetValue("c", 3), FacetValue("a", 2), FacetValue("b", 2))
    bands = {"aggregations": {"price": {"buckets": [{"doc_count": n} for n in (1, 0, 0, 0, 0, 0, 0, 4)]}}}
    assert responses.facet(bands, "price", PRODUCT.bands["price"]) == (FacetValue("0-19.99", 1), FacetValue("3000-", 4))
    answer["aggregations"]["brand"]["sum_other_doc_count"] = 1
    with pytest.raises(ClusterRefused, match="brand"):
        responses.facet(answer, "brand")
