"""Logged queries that are slips:

1. One that is read as another that is seen far more often is a slip; how sure that is follows from how many times.
2. One that titles write, that is hardly rarer, or that shares too few characters is none; nor is the other one itself.
"""

from __future__ import annotations

import pytest

from retrieval.understanding.spelling.misspellings import EVEN, FAR_MORE, misspelt

SEEN = {"保温杯": 100, "保文杯": 4, "宝温杯": 30, "除湿机": 90, "厨师机": 3, "手机": 900, "守机": 1, "冲牙器": 60}


def test_a_slip() -> None:  # 1
    [(query, (meant, chance))] = misspelt(SEEN, SEEN, ()).items()
    assert (query, meant) == ("保文杯", "保温杯")
    assert chance == pytest.approx(25 / (25 + EVEN))


def test_what_titles_write_is_right() -> None:  # 2
    assert misspelt(SEEN, SEEN, {"保文杯"}) == {}


def test_texts_without_readings() -> None:  # 2
    assert misspelt(["abc", "保温", "一二三四五六七八九"], {"abc": 1, "保温": 1, "一二三四五六七八九": 1}, ()) == {}


@pytest.mark.parametrize(
    ("query", "other", "times", "is_slip"),
    [
        ("保文杯", "保温杯", FAR_MORE + 0.01, True),
        ("保文杯", "保温杯", FAR_MORE, False),  # so often both may be meant
        ("厨师机", "除湿机", 100, False),  # two of three characters: another word that sounds alike
        ("保文水杯", "保温水杯", 100, True),
        ("宝文水杯", "保温水杯", 100, True),  # just half
        ("宝文水悲", "保温水杯", 100, False),
    ],
)
def test_bounds(query: str, other: str, times: float, is_slip: bool) -> None:  # 2
    seen = {query: 100, other: round(100 * times)}
    assert (query in misspelt(seen, seen, ())) is is_slip
