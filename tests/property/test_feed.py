"""Whoever looks, and wherever: 200 random walks through feeds, with pages of random sizes and things done on the way.

1. Over all pages of a cursor nothing stands twice, ranks go on, and all of it is in stock and of the asked category.
2. What was shown in a visit, and told, does not come in another feed of the same visit.
3. Each place has a source, a policy and a propensity in (0, 1]; without a shopper no place has a sentence.
4. The same request at the same time has the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.interest.event import EventType
from retrieval.mall.answer import FeedRequest, Shown
from retrieval.mall.mall import Mall
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.shop import NOW, did, open_mall

ROWS = {row["id"]: row for row in world.products()}
WORDS = ("红色", "蓝色", "白色", "显瘦", "大容量", "花田", "山风", "Nord", "便携", "加厚")
CATEGORIES = ("", "", "女装", "女装/裙装", "厨具/锅具", "数码", "没有")
WALKS = 120


@pytest.fixture(scope="module")
def folder(mall: Path) -> Path:
    return mall


def walk(mall: Mall, asked: FeedRequest, rng: random.Random) -> Iterator[Shown]:
    while True:
        request = replace(asked, size=rng.choice((1, 3, 7, 20, 60)))
        page = mall.feed(request)
        assert replace(mall.feed(request), took_ms=0) == replace(page, took_ms=0)
        yield from page.hits
        if page.next_cursor is None or rng.random() < 0.1:
            return
        asked = replace(asked, cursor=page.next_cursor)


@pytest.mark.slow
def test_nothing_twice(folder: Path) -> None:
    rng = random.Random(11)
    likes = {f"u{n}": {w: rng.uniform(-1, 1) for w in rng.sample(WORDS, rng.randint(1, 4))} for n in range(20)}
    crowd = [did(n, f"u{n % 40}", rng.choice([*ROWS])) for n in range(3000)]
    taste = FakeTaste(likes, events=tuple(crowd[:400]))
    mall = open_mall(folder, taste, crowd, explore=0.2)
    walks = 0
    for _ in range(WALKS):
        who = rng.choice(["", f"u{rng.randrange(30)}"])
        category = rng.choice(CATEGORIES)
        asked = FeedRequest(who, "s1" if who else "", category, now=NOW + rng.randrange(100_000))
        shown = list(walk(mall, asked, rng))
        ids = [hit.id for hit in shown]
        assert len(set(ids)) == len(ids), asked
        assert [hit.rank for hit in shown] == list(range(1, len(ids) + 1))
        wanted = category.split("/") if category else []
        assert all(ROWS[i].get("category", [])[: len(wanted)] == wanted and ROWS[i].get("stock") != 0 for i in ids)
        assert all(0 < hit.propensity <= 1 and hit.policy == "feed-1" for hit in shown)
        assert who or not any(hit.because for hit in shown)
        walks += len(ids) > 100
    assert walks > WALKS / 10


def test_a_visit(folder: Path) -> None:
    rng = random.Random(12)
    for _ in range(8):
        taste = FakeTaste({"u1": {rng.choice(WORDS): 0.9}})
        mall, asked, seen = open_mall(folder, taste), FeedRequest("u1", "visit", now=NOW), set[str]()
        for turn in range(4):
            page = mall.feed(asked)
            assert seen.isdisjoint(hit.id for hit in page.hits)
            seen |= {hit.id for hit in page.hits}
            taste.events += tuple(
                did(turn, "u1", hit.id, EventType.IMPRESSION, session_id="visit", surface="feed") for hit in page.hits
            )
        assert len(seen) == 80
