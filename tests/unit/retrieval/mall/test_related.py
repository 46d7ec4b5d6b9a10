"""Queries like a query:

1. Those of the same visits and of the same chosen things come first, by the mean of both; each says what it is from.
2. Behind them come those of the log that share pairs of characters, the more and the more frequent the better.
3. Never the query itself, nothing sensitive, no long number and no address; an unknown or empty query has none.
4. As many as asked for, each once.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

from retrieval.mall.answer import QuerySource
from retrieval.mall.crowd import Queries
from retrieval.mall.related import LoggedQueries, related
from retrieval.mall.together import Choices, Together, together

TEXTS = ("连衣裙", "长裙", "半身裙", "杯子", "电话13800138000", "a@b.cn")


def near(*groups: tuple[str, ...]) -> Together:
    """Each group is asked by one shopper."""
    pairs = [(who, TEXTS.index(text)) for who, group in enumerate(groups) for text in group]
    shoppers, things = np.array(pairs, np.int64).reshape(-1, 2).T
    choices = Choices(shoppers, things, np.zeros(len(pairs)))
    return together(choices, len(TEXTS), window=1.0, reach=9, least=1, neighbours=9, pairs=99)


CROWD = Queries(
    TEXTS, {text: n for n, text in enumerate(TEXTS)}, near(("连衣裙", "长裙"), ("连衣裙", "电话13800138000", "a@b.cn")),
    near(("连衣裙", "半身裙"), ("连衣裙", "半身裙"), ("连衣裙", "长裙")),
)  # fmt: skip
LOG = LoggedQueries.of(
    {
        "连衣裙女": 90,
        "连衣裙": 80,
        "白色连衣裙": 50,
        "连衣裙 夏": 5,
        "裙子": 70,
        "手机": 60,
        "连衣裙手机号13800138000": 9,
    }
)


def asked(query: str, size: int = 10, banned: str = "") -> list[str]:
    found = related(query, CROWD, LOG, lambda text: bool(banned) and banned in text)
    return [one.query for one in islice(found, size)]


def test_of_shoppers() -> None:  # 1
    found = list(related("连衣裙", CROWD, LoggedQueries.of({}), lambda _: False))
    assert [(one.query, one.source) for one in found] == [
        ("长裙", QuerySource.SAME_VISIT), ("半身裙", QuerySource.SAME_THINGS)
    ]  # fmt: skip
    visits, things = (
        dict(zip(*(part.tolist() for part in way.of(0)), strict=True)) for way in (CROWD.visits, CROWD.things)
    )
    assert [one.score for one in found] == [(visits[1] + things[1]) / 2, things[2] / 2]


def test_of_the_log() -> None:  # 2
    found = related("连衣裙", CROWD, LOG, lambda _: False)
    logged = [one for one in found if one.source is QuerySource.QUERY_LOG]
    assert [one.query for one in logged] == ["连衣裙女", "白色连衣裙", "连衣裙 夏"]
    assert 1 >= logged[0].score > logged[-1].score > 0
    assert asked("手机壳") == ["手机"]


def test_what_is_not_shown() -> None:  # 3
    every = asked("连衣裙")
    assert "连衣裙" not in every
    assert not any("1380" in text or "@" in text for text in every)
    assert "白色连衣裙" in every
    assert "白色连衣裙" not in asked("连衣裙", banned="白色")
    assert asked("") == asked("没有") == asked("😀") == []
    assert asked(" 连衣裙 ") == every


def test_how_many() -> None:  # 4
    every = asked("连衣裙")
    assert len(every) == len(set(every)) == 5
    assert asked("连衣裙", 3) == every[:3]
    assert asked("连衣裙", 0) == []
