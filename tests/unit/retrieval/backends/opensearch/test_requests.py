"""Requests that the golden files do not show:

1. A very long query keeps its heaviest clauses, so many that a cluster accepts it; scores keep the same ones.
2. Filters: no condition, no clause; values of one attribute are alternatives, attributes are combined.
3. Several searches are lines in pairs; those of words have the statistics of all shards, where there are several.
4. What is gone, and what was appended later, is left out; a long list is told in parts.
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
    bodies = [requests.counting([], 1), requests.counting([], 2)]
    lines = requests.multi("i", bodies).split(b"\n")
    assert [orjson.loads(line) for line in lines[:-1]] == [{"index": "i"}, bodies[0], {"index": "i"}, bodies[1]]
    assert lines[-1] == b""


def test_statistics_are_gathered_for_words_alone() -> None:  # 3
    query, rows = LexicalQuery({"红": 1.0}, {"title": 1.0}, ((("红",),),), 1), np.arange(3)
    asked = {
        "words": requests.lexical(query, requests.left_out(rows, 9), 5),
        "sorted": requests.lexical_sorted(query, [], 5, ("price", 1), 0.0),
        "first": requests.first(query, [], 5, None, ()),
        "first of some": requests.first(query, requests.left_out(rows, 9), 5, None, ()),
        "scores": requests.lexical_scores(query, rows),
        "near": requests.semantic(np.ones(4, np.float32), requests.left_out(rows, 9), 5, 100),
        "counted": requests.counting([requests.matching(query)], 5),
        "stored": requests.stored("source", rows),
        "named": requests.rows_of(["p1"], requests.left_out(rows, None)),
        "facets": requests.facets(["brand"], rows, {}),
    }
    headers = requests.multi("i,j", asked.values(), spread=True).split(b"\n")[:-1:2]
    gathered = [name for name, header in zip(asked, headers, strict=True) if b"dfs_query_then_fetch" in header]
    assert gathered == ["words", "sorted", "first", "first of some", "scores"]


def test_what_is_left_out() -> None:  # 4
    def written(gone: list[int], bound: int | None) -> object:
        return orjson.loads(orjson.dumps(requests.left_out(np.array(gone, np.int64), bound)))

    assert written([], None) == []
    assert written([], 12) == [{"range": {"row": {"lt": 12}}}]
    assert written([3, 7], None) == [{"bool": {"must_not": [{"terms": {"row": [3, 7]}}]}}]
    many = requests.left_out(np.arange(60_001), None)[0]["bool"]["must_not"]
    assert [len(orjson.loads(orjson.dumps(part))["terms"]["row"]) for part in many] == [60_000, 1]
