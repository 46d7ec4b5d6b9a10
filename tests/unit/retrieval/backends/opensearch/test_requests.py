"""Requests that the golden files do not show:

1. A very long query keeps its heaviest clauses, so many that a cluster accepts it; scores keep the same ones.
2. Filters: no condition, no clause; values of one attribute are alternatives, attributes are combined.
3. Several searches are lines in pairs.
"""

from __future__ import annotations

import numpy as np
import orjson
import pytest

from retrieval.backends.opensearch import requests
from retrieval.types import Filters, LexicalQuery


def test_a_long_query_is_trimmed() -> None:  # 1
    weights = {f"t{i}": 1 + i / 1000 for i in range(500)}
    query = LexicalQuery(weights, {"title": 1.0, "brand": 0.2}, (), 0)
    kept = requests.scoring(query)["bool"]["should"]
    assert len(kept) == requests.SCORING_CLAUSES
    boosts = [next(iter(clause["term"].values()))["boost"] for clause in kept]
    assert sum("text.title" in clause["term"] for clause in kept) == 500
    assert min(boosts) == pytest.approx(0.2 * weights["t400"])
    of_rows = requests.lexical_scores(query, np.arange(3))["query"]["bool"]["must"][0]
    assert of_rows == requests.lexical(query, [], 5)["query"]["bool"]["must"][0] == requests.scoring(query)


def test_no_filter() -> None:  # 2
    assert requests.filtering(Filters()) == []
    assert "filter" not in requests.semantic(np.ones(2, np.float32), [], 3, 10)["query"]["knn"]["vector"]


def test_filters() -> None:  # 2
    clauses = requests.filtering(Filters({"attributes": ("颜色=红", "材质=棉", "颜色=蓝")}, (100, None), True))
    assert clauses == [
        {"terms": {"keywords.attributes": ["颜色=红", "颜色=蓝"]}},
        {"terms": {"keywords.attributes": ["材质=棉"]}},
        {"range": {"numbers.price": {"gte": 100}}},
        {"bool": {"must_not": [{"term": {"numbers.stock": 0}}]}},
    ]


def test_several_searches() -> None:  # 3
    lines = requests.multi("i", [{"size": 1}, {"size": 2}]).split(b"\n")
    assert [orjson.loads(line) for line in lines[:-1]] == [{"index": "i"}, {"size": 1}, {"index": "i"}, {"size": 2}]
    assert lines[-1] == b""
