"""A facet's count is what a click on it shows.

1. Adding a facet value to the filters gives exactly as many documents as it counted, in every facet and every order,
   as long as all of the list was looked at; where it was cut, or its end is taken to be near, at least as many, up to
   the depth of a list. Where its end is counted unseen, the answer says ``about``.
2. Counts are those of what stands above the divider of the list that is paged: counted by hand over its records.
3. The price bands are filters of their own: what has a price is in exactly one of them.
4. An answer has at most so many values of a facet, and of each attribute: the most frequent ones, with the same
   counts. It says how many are left out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from retrieval.engine import Engine
from retrieval.lists.facets import FacetBounds
from retrieval.ranking.quality import quality_band
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import Filters
from tests import world
from tests.property.conftest import OpenEngine
from tests.property.requests import fen_of, requests

MALL = world.products()
EVERYTHING_COUNTED: dict[str, Any] = {"size": 0, "facets": PRODUCT.facets}


def narrowed(filters: Filters, name: str, value: str) -> Filters:
    """The filters with one more: a facet value, or the bounds that a price band names, in yuan."""
    if name != "price":
        return replace(filters, keywords={**filters.keywords, name: (value,)})
    low, high = (round(float(yuan) * 100) if yuan else None for yuan in value.split("-"))
    return replace(filters, price=(low, high))


def is_free(filters: Filters, name: str) -> bool:
    """Values of one field are alternatives, so only a field without a filter is narrowed by one more value."""
    return filters.price == (None, None) if name == "price" else name not in filters.keywords


@pytest.mark.parametrize("which", [pytest.param("engine", marks=pytest.mark.slow), "shallow", "hasty"])
def test_a_count_is_what_a_click_shows(which: str, request: pytest.FixtureRequest) -> None:  # 1
    engine: Engine = request.getfixturevalue(which)
    rng, clicked = random.Random(3), Counter[tuple[str, str]]()
    for asked in requests(MALL, seed=21, count=350 if which == "engine" else 150):
        counted = engine.search(replace(asked, **EVERYTHING_COUNTED))
        open_facets = [name for name in PRODUCT.facets if counted.facets[name] and is_free(asked.filters, name)]
        for name in rng.sample(open_facets, min(3, len(open_facets))):
            facet = rng.choice(counted.facets[name])
            click = replace(asked, filters=narrowed(asked.filters, name, facet.value), size=0)
            after = engine.search(click).total
            if counted.total.relation == "eq":
                assert (after.value, after.relation) == (facet.count, "eq"), (click, counted.query.match)
            elif counted.total.relation == "gte":
                assert after.value >= facet.count, (click, counted.query.match)
            clicked[name, counted.total.relation] += 1
    assert {name for name, relation in clicked if relation == "eq"} == set(PRODUCT.facets)
    relations = {"engine": {"eq"}, "shallow": {"eq", "gte"}, "hasty": {"eq", "gte", "about"}}[which]
    assert {relation for _, relation in clicked} >= relations


@pytest.mark.slow
def test_counts_are_of_the_list(engine: Engine) -> None:  # 2, 3
    for asked in requests(MALL, seed=22, count=200):
        answer = engine.search(replace(asked, size=1000, facets=PRODUCT.facets))
        records = [dict(hit.source) for hit in answer.hits if not hit.near]
        assert len(records) == answer.total.value
        for name in PRODUCT.facets:
            counts = {value.value: value.count for value in answer.facets[name]}
            assert counts == Counter(value for record in records for value in values_of(record, name)), (asked, name)


def values_of(record: Mapping[str, Any], name: str) -> set[str]:
    """The facet values of a record, taken from the record itself."""
    if name == "price":
        fen = fen_of(dict(record))
        edges = (0, 20, 50, 100, 200, 500, 1000, 3000, None)
        return {
            f"{low}-{high - 0.01:.2f}" if high else f"{low}-"
            for low, high in pairwise(edges)
            if fen is not None and low is not None and low * 100 <= fen and (high is None or fen < high * 100)
        }
    if name == "quality":
        return {band} if (band := quality_band(record)) else set()
    if name == "category":
        path = record.get("category", [])
        return {"/".join(path[: depth + 1]) for depth in range(len(path))}
    if name == "attributes":
        return {f"{key}={value}" for key, values in record.get("attributes", {}).items() for value in values}
    if name == "shop":
        return {record["shop"]["name"]} if "shop" in record else set()
    value = record.get(name, ())
    return {value} if isinstance(value, str) else set(value)


def test_an_unknown_value_leaves_nothing(engine: Engine) -> None:  # 1
    asked = SearchRequest("保温杯", filters=Filters({"brand": ("没有",)}), **EVERYTHING_COUNTED)
    answer = engine.search(asked)
    assert (answer.total.value, answer.query.match) == (0, "none")
    assert set(answer.facets.values()) == {()}


def test_the_most_frequent_values(engine: Engine, open_engine: OpenEngine) -> None:  # 4
    asked = SearchRequest("白色", **EVERYTHING_COUNTED)
    every = open_engine(facets=FacetBounds(10_000, 10_000)).search(asked)
    few = open_engine(facets=FacetBounds(2, 1)).search(asked)
    assert every.facets_truncated == ()
    assert max(map(len, every.facets.values())) > 2
    for name, values in every.facets.items():
        if name != "attributes":
            assert few.facets[name] == values[:2]
    names = list(dict.fromkeys(value.value.partition("=")[0] for value in every.facets["attributes"]))
    assert len(names) > 1
    assert [value.value.partition("=")[0] for value in few.facets["attributes"]] == names[:2]
    for name, values in every.facets.items():
        left_out = sum(one.more for one in few.facets_truncated if one.facet == name)
        assert len(few.facets[name]) + left_out == len(values)
