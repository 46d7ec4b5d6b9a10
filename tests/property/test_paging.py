"""What holds for every list, whatever is asked: hundreds of random requests each.

1. The pages of a list, whatever their sizes, are the list: no repeat, no gap, as many as stand above the divider and
   under it, ranked 1 to n. What is near stands last, and may be left out: then the pages end at the divider.
2. Every hit satisfies the filters, judged from its record.
3. A sorted list never rises, and what has no value stands last; equal values, and equal scores, are in order of id.
   By relevance these are at most three such stretches: what was looked at, its near-duplicates, and the rest. So it is
   above the divider and, again, under it. Where a brand is asked for, what flagship shops sell may stand further in
   front; the others are in this order among each other.
4. The same request gives the same bytes, in another engine, with cold caches or with none.
5. A score is the sum of its contributions, and each contribution follows from the parts shown.
6. Another order may show less, but what finds something finds something in every order.
"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from retrieval.answer import Hit, SearchResponse
from retrieval.engine import Engine
from retrieval.ranking.shop_kind import FLAGSHIP, shop_kind
from retrieval.request import SearchRequest
from retrieval.types import Sort
from retrieval.understanding.kinds import IntentKind
from tests import world
from tests.property.conftest import SEMANTIC_WEIGHT, OpenEngine
from tests.property.requests import requests, satisfies, sort_value, stable_bytes

MALL = world.products()


def pages(engine: Engine, request: SearchRequest, rng: random.Random) -> list[SearchResponse]:
    """All pages; each next one has a size of its own, and nothing but its cursor says what is asked."""
    answers = [engine.search(request)]
    while cursor := answers[-1].next_cursor:
        answers.append(engine.search(SearchRequest("", cursor=cursor, size=rng.choice((2, 29, 60, 500)))))
    return answers


@pytest.mark.parametrize("which", [pytest.param("engine", marks=pytest.mark.slow), "shallow", "hasty"])
def test_pages_are_the_list(which: str, request: pytest.FixtureRequest) -> None:  # 1, 2, 3
    engine: Engine = request.getfixturevalue(which)
    rng, relations, matches = random.Random(7), set(), set()
    for asked in requests(MALL, seed=11, count=350 if which == "engine" else 150):
        answers = pages(engine, asked, rng)
        hits = [hit for answer in answers for hit in answer.hits]
        total, near = answers[0].total, answers[0].near
        assert all((answer.total, answer.near) == (total, near) for answer in answers), asked
        assert [hit.rank for hit in hits] == list(range(1, total.value + near + 1)), asked
        assert len({hit.id for hit in hits}) == total.value + near, asked
        assert [hit.near for hit in hits] == [False] * total.value + [True] * near, asked
        if near and rng.random() < 0.2:
            above = [hit for answer in pages(engine, replace(asked, near=False), rng) for hit in answer.hits]
            assert above == hits[: total.value], asked
        assert all(len(answer.hits) > 0 for answer in answers[1:]), asked
        assert all(satisfies(dict(hit.source), asked.filters) for hit in hits), asked
        assert_ordered(hits[: total.value], asked.sort, brand=asks_for_a_brand(answers[0]))
        assert_ordered(hits[total.value :], asked.sort)
        relations.add(total.relation)
        matches.add(answers[0].query.match)
    assert relations >= {"engine": {"eq"}, "shallow": {"eq", "gte"}, "hasty": {"eq", "gte", "about"}}[which]
    assert matches == {"all", "most", "any", "nearest", "none"}


def asks_for_a_brand(answer: SearchResponse) -> bool:
    intent = answer.understood.plan.intent if answer.understood else None
    return intent is not None and intent.kind is IntentKind.BRAND


def assert_ordered(hits: list[Hit], sort: Sort, *, brand: bool = False) -> None:
    if sort is Sort.RELEVANCE:
        others = [hit for hit in hits if not (brand and shop_kind(hit.source.get("shop")) == FLAGSHIP)]
        keys = [(hit.relevance is None, -hit.score, hit.id) for hit in others]
        assert sum(one > other for one, other in pairwise(keys)) <= 1
        assert [hit.relevance is None for hit in hits] == sorted(hit.relevance is None for hit in hits)
        return

    def key(hit: Hit) -> tuple[object, ...]:
        value = sort_value(dict(hit.source), sort)
        if isinstance(value, str):  # times in ISO 8601, all UTC: newer is greater
            return (False, tuple(-ord(c) for c in value), hit.id)
        return (value is None, -(value or 0), hit.id)

    assert hits == sorted(hits, key=key), sort


@pytest.mark.slow
def test_same_input_same_bytes(engine: Engine, open_engine: OpenEngine) -> None:  # 4
    other, forgetful = open_engine(), open_engine(kept=0)
    for asked in requests(MALL, seed=12, count=150):
        full = replace(asked, size=10, explain=True, facets=("category", "price", "attributes"))
        first = stable_bytes(engine.search(full))
        assert first == stable_bytes(engine.search(full)), asked
        assert first == stable_bytes(other.search(full)), asked
        assert first == stable_bytes(forgetful.search(full)), asked


@pytest.mark.slow
def test_no_order_empties_a_list(engine: Engine) -> None:  # 6
    for asked in requests(MALL, seed=14, count=150):
        answers = {sort: engine.search(replace(asked, sort=sort, size=0)) for sort in Sort}
        totals = {sort: answer.total.value + answer.near for sort, answer in answers.items()}
        assert len({total > 0 for total in totals.values()}) == 1, (asked, totals)
        assert max(totals.values()) == totals[Sort.RELEVANCE]


@pytest.mark.parametrize("fusion", ["weighted", "rrf"])
def test_scores_explain_themselves(open_engine: OpenEngine, fusion: str) -> None:  # 5
    engine = open_engine(fusion=fusion)
    weights = {"lexical": 1.0, "semantic": SEMANTIC_WEIGHT}
    seen = 0
    for asked in requests(MALL, seed=13, count=120):
        for hit in engine.search(replace(asked, size=20, explain=True)).hits:
            parts = hit.explain
            assert parts is not None
            assert parts.score == hit.score
            contributions = {name: float(part["contribution"] or 0) for name, part in parts.channels.items()}
            every = sum(contributions.values()) + sum(parts.features.values())
            assert hit.score == pytest.approx(every, abs=1e-4), (asked, hit.id)
            looked_at = hit.relevance is not None and bool(parts.features)  # a sorted list keeps its fused scores
            for name, given in parts.channels.items():
                part = {key: float(value or 0) for key, value in given.items()}
                if looked_at:  # its features made the score
                    expected = 0.0
                elif fusion == "rrf":
                    expected = 1 / (60 + part["rank"]) if part["rank"] else 0.0
                else:
                    expected = weights[name] * (part["value"] - part["centre"]) / part["unit"]
                assert contributions[name] == pytest.approx(expected, rel=1e-4, abs=1e-6), (asked, hit.id)
            if lexical := parts.channels.get("lexical"):
                assert sum(parts.fields.values()) == pytest.approx(lexical["value"], rel=1e-4, abs=1e-5), (
                    asked,
                    hit.id,
                )
            seen += 1
    assert seen > 1000
