"""The questions whose requests and answers are frozen, asked of the world of `tests.contract.world`."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from retrieval.backends.opensearch import requests
from retrieval.backends.opensearch.mapping import IndexOptions, index_body
from retrieval.schema import PRODUCT
from retrieval.types import Filters, Sort
from tests.contract.world import asking, direction

ROWS = np.array([0, 3, 5, 11])
WORDS = asking("红色 连衣裙", need=2, terms=("红色", "连衣裙|大码 套装"), title=1.0, description=0.2)
FILTERS = Filters(
    {"category": ("女装",), "attributes": ("颜色=红", "材质=棉", "材质=麻")},
    (None, 30_000),
    True,
    ("防水",),
    (("红色", "蓝色"),),
)

CLAUSES = requests.filtering(FILTERS)
GONE = orjson.loads(orjson.dumps([*CLAUSES, *requests.left_out(np.array([1, 11]), None)]))

QUESTIONS: dict[str, dict[str, Any]] = {
    "lexical": requests.lexical(WORDS, [], 5),
    "lexical-filtered": requests.lexical(WORDS, CLAUSES, 5),
    "lexical-sorted": requests.lexical_sorted(asking("红色"), GONE, 5, PRODUCT.sorts[Sort.PRICE_ASC], 0.1),
    "lexical-scores": requests.lexical_scores(asking("红色 连衣裙"), ROWS),
    "semantic": requests.semantic(direction(0), [], 3, 200),
    "semantic-carrying": requests.carrying(requests.semantic(direction(0), [], 3, 200), requests.CARRIED),
    "first": requests.first(WORDS, [], 2, direction(0), (*requests.CARRIED, requests.VECTOR)),
    "semantic-filtered": requests.semantic(direction(90), CLAUSES, 3, 200),
    "semantic-scores": requests.semantic_scores(direction(0), ROWS),
    "counting": requests.counting(CLAUSES, 3),
    "passing": requests.passing(CLAUSES, ROWS),
    "identities": requests.identities(ROWS),
    "numbers": requests.numbers("sales_30d", np.array([0, 1])),
    "rows-of": requests.rows_of(["p06", "p99"], []),
    "records": requests.stored("source", ROWS[:2]),
    "forward": requests.stored("forward", ROWS[:2]),
    "vectors": requests.stored(requests.VECTOR, ROWS[:2]),
    "facets": requests.facets(("brand", "price"), ROWS, PRODUCT.bands),
}
INDEX = index_body(IndexOptions(shards=2, replicas=1), PRODUCT, 8, {})
