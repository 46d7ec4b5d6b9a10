"""The benchmark of encoders.

1. nDCG@10 of the cosine is 1 when every judged title comes first, and 1 / log2(3) when it comes second.
2. A sample keeps the judged titles, spreads the others evenly and keeps the order of the catalogue.
3. A row holds the measures of one encoder.
"""

from __future__ import annotations

import math

import pytest

from benchmarks.encoders import measure, relevance, sampled
from eval.types import Query
from retrieval.encoders.hashing import HashingEncoder, HashingOptions

TITLES = {"a": "红色连衣裙", "b": "红色连衣裙 新款", "c": "东北大米"}
ENCODER = HashingEncoder(HashingOptions(dim=4096))


@pytest.mark.parametrize(("gold", "expected"), [("a", 1.0), ("b", 1 / math.log2(3))])
def test_relevance(gold: str, expected: float) -> None:
    queries = (Query("1", "红色连衣裙"), Query("2", "没有判断"))
    assert relevance(ENCODER, TITLES, queries, {"1": {gold: 1}}) == pytest.approx(expected)


def test_sample() -> None:
    titles = {str(number): "" for number in range(12)}
    assert list(sampled(titles, {"q": {"7": 1}}, 3)) == ["0", "3", "6", "7"]
    assert list(sampled(titles, {"q": {"7": 1}}, 0)) == ["7"]


def test_row() -> None:
    row = measure(ENCODER, TITLES, (Query("1", "东北大米"),), {"1": {"c": 1}}, seconds=0.01)
    assert (row["encoder"], row["dim"], row["titles"], row["ndcg@10"]) == ("hashing", 4096, 3, 1.0)
    assert row["query_ms_p50"] > 0
    assert row["titles/s"] > 0
