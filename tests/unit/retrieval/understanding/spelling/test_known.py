"""Known texts:

1. A word of 2–5 characters has its weight log(1 + n), any other text none.
2. Whole texts of 2–12 characters are known with their weights; others weigh 0.
3. What lacks one character of a known text is completed, wherever it is missing, the most frequent text first; a known
   text of three characters completes nothing.
4. Only the most frequent are kept.
"""

from __future__ import annotations

import math

import pytest

from retrieval.understanding.spelling import known as spelling_known
from retrieval.understanding.spelling.known import KnownTexts

COUNTS = {"保温杯": 30, "不锈钢保温杯": 7, "甲鱼鲜活": 9, "乌鱼鲜活": 3, "nike跑鞋": 4, "一二三四五六七八九十一二三": 5}


def test_words() -> None:
    known = KnownTexts.of(COUNTS)
    assert known.word("保温杯") == math.log1p(30)
    assert known.word("不锈钢保温杯") == 0
    assert known.word("保文杯") == 0


def test_wholes() -> None:
    texts = ["不锈钢保温杯", "nike跑鞋", "保文杯", "", "一二三四五六七八九十一二三"]
    weights = [KnownTexts.of(COUNTS).whole(text) for text in texts]
    assert weights == pytest.approx([math.log(8), math.log(5), 0, 0, 0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不锈保温杯", [(2, "钢")]),
        ("锈钢保温杯", [(0, "不")]),
        ("不锈钢保温", [(5, "杯")]),
        ("nike鞋", [(4, "跑")]),
        ("鱼鲜活", [(0, "甲"), (0, "乌")]),
        ("温杯", []),
        ("不锈钢保温杯", []),
        ("", []),
    ],
)
def test_completions(text: str, expected: list[tuple[int, str]]) -> None:
    assert KnownTexts.of(COUNTS).completions(text) == expected


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling_known, "MOST_TEXTS", 1)
    monkeypatch.setattr(spelling_known, "MOST_WORDS", 1)
    known = KnownTexts.of(COUNTS)
    assert [known.whole("保温杯"), known.whole("甲鱼鲜活")] == pytest.approx([math.log(31), 0])
    assert known.word("甲鱼鲜活") == 0


def test_nothing_known() -> None:
    known = KnownTexts.of({})
    assert known.completions("保温水杯") == []
    assert known.whole("保温杯") == 0
