"""What to search after a video.

1. What it shows comes before what it only says; of that, what is said in more lines comes first, and each comes once.
2. What finds nothing is left out, and no more are given than are wanted.
3. A word of a title that is nothing like the category of its product is not what it is called: that is the category.
4. The lines, of which a livestream has hundreds, are not read where what it shows is enough, and else a part of them
   from its beginning to its end.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from configs.settings import load_settings
from retrieval.serving.understandings import WordsOnly
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.plan import Entity, Plan
from retrieval.videos.queries import AfterSource, queries_after
from retrieval.videos.watching import Watched
from retrieval.wiring import make_analyzer

THINGS = "保温杯|帐篷|睡袋|雨鞋"


read: list[str] = []


class Reading(WordsOnly):
    """Knows four things by name, and keeps what it was asked."""

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        read.append(query)
        named = tuple(
            Entity(Kind.PRODUCT, found[0], found.start(), found.end(), 1.0, 1.0, Source.LEXICON)
            for found in re.finditer(THINGS, query)
        )
        return Plan(query, self.analyzer.query(query), entities=named)


LINES = [
    "带上帐篷。",
    "睡袋也带上，睡袋要厚。",
    "帐篷先搭好。",
    "保温杯装热水。",
    "雨鞋别忘了。",
    "雨鞋防滑，雨鞋好脱，雨鞋轻。",
]
VIDEO = Watched(
    "v1",
    {"title": "去露营"},
    [{"start": None, "end": None, "text": text, "marks": []} for text in LINES],
    (),
    ({"id": "cup", "record": {"title": "不锈钢保温杯"}},),
    "g1",
)


def after(finds: Collection[str], size: int, video: Watched = VIDEO) -> list[tuple[str, AfterSource]]:
    reads = Reading(make_analyzer(load_settings()))
    found = queries_after(video, reads, None, finds.__contains__, size)
    return [(one.query, one.source) for one in found]


def test_shown_before_said() -> None:  # 1
    said = AfterSource.SAID
    assert after(THINGS.split("|"), 9) == [
        ("保温杯", AfterSource.SHOWN), ("帐篷", said), ("雨鞋", said), ("睡袋", said),
    ]  # fmt: skip


def test_only_what_finds_something() -> None:  # 2
    assert [query for query, _ in after(["帐篷", "睡袋", "雨鞋"], 2)] == ["帐篷", "雨鞋"]


def test_lines_are_not_read_for_nothing() -> None:  # 4
    read.clear()
    assert after(THINGS.split("|"), 1) == [("保温杯", AfterSource.SHOWN)]
    assert read == ["不锈钢保温杯"]


def test_what_a_thing_is_called() -> None:  # 3
    def called(title: str, *category: str) -> str:
        product = {"id": "x", "record": {"title": title, "category": category}}
        return after(["保温杯", "帐篷", "睡袋", "户外帐篷", "收纳袋"], 1, replace(VIDEO, products=(product,)))[0][0]

    assert called("露营帐篷 送睡袋", "户外", "户外帐篷") == "帐篷"
    assert called("可装帐篷的收纳箱", "收纳", "收纳袋") == "收纳袋"
    assert called("可装帐篷的收纳箱") == "帐篷"


def test_a_part_of_many_lines() -> None:  # 4
    many: list[dict[str, Any]] = [{"start": None, "end": None, "text": f"第{i}句", "marks": []} for i in range(1000)]
    many[-20:] = [{"start": None, "end": None, "text": "带上睡袋", "marks": []}] * 20
    long = replace(VIDEO, segments=many)
    read.clear()
    assert ("睡袋", AfterSource.SAID) in after(["睡袋"], 3, long)
    assert 50 <= len(read) <= 70
    assert after(["睡袋"], 3, replace(VIDEO, segments=[])) == []
