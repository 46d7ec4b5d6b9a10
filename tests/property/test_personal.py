"""Whoever asks, and whatever: 2,000 random requests, each for a shopper of random tastes.

1. The hits, their total and their facets are those of everybody; so are score and relevance of each hit.
2. No hit stands further from its neutral place than the bound; near-duplicates and what was not looked at do not move.
3. Without its own order, by the neutral ranks, the list is the neutral one.
4. A list by price, date or sales is everybody's.
"""

from __future__ import annotations

import random
from dataclasses import replace

from retrieval.types import Sort
from tests import world
from tests.property.conftest import OpenEngine
from tests.property.requests import requests
from tests.unit.retrieval.fake_taste import FakeTaste

MALL = world.products()
WORDS = ("红色", "蓝色", "白色", "显瘦", "大容量", "花田", "山风", "Nord", "便携", "加厚")
CASES = 800


def test_who_asks_changes_places_alone(open_engine: OpenEngine) -> None:
    rng = random.Random(3)
    likes = {f"u{n}": {w: rng.uniform(-1, 1) for w in rng.sample(WORDS, rng.randint(1, 4))} for n in range(50)}
    engine = open_engine(taste=FakeTaste(likes))
    moved = 0
    for asked in requests(MALL, seed=21, count=CASES):
        every = replace(asked, size=300, facets=("brand",), now=1.7e9)
        everybody, own = engine.search(every), engine.search(replace(every, user_id=f"u{rng.randrange(50)}"))
        assert (own.total, own.facets, own.filters, own.sort) == (
            everybody.total, everybody.facets, everybody.filters, everybody.sort,
        ), asked  # fmt: skip
        back = sorted(own.hits, key=lambda hit: hit.neutral_rank)
        assert [(h.id, h.score, h.relevance, h.neutral_rank) for h in back] == [
            (h.id, h.score, h.relevance, h.rank) for h in everybody.hits
        ], asked
        shift = own.personal.shift if own.personal.applied else 0
        assert all(abs(hit.rank - hit.neutral_rank) <= shift for hit in own.hits), asked
        assert all(hit.rank == hit.neutral_rank for hit in own.hits if hit.relevance is None), asked
        assert not (own.personal.applied and own.sort is not Sort.RELEVANCE)
        moved += any(hit.rank != hit.neutral_rank for hit in own.hits)
    assert moved > CASES / 20
