"""Exclusion by a sign:

1. A minus after a blank and NOT exclude the word behind them, as often as they are said; the rest is searched.
2. A minus inside a code, a range or before a number, and one that excludes all that is said, exclude nothing.
3. What is excluded so means what it means when it is said (-辣).
"""

from __future__ import annotations

import pytest

from configs.settings import LEXICON, RULES
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.understanding.constraints.constraint_rules import load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader, rest
from retrieval.understanding.reading.expansion_rules import FILE, load_expansions

READER = ConstraintReader(
    load_constraint_rules(RULES), load_lexicon(LEXICON).units, (), load_expansions(RULES / FILE)
)  # fmt: skip


def read(query: str) -> tuple[list[tuple[str, ...]], str]:
    """What is excluded, and what is left to search."""
    text = " ".join(normalize(query).split())
    found = READER.read(text)
    return [each.filters.without for each in found], rest(text, found)


@pytest.mark.parametrize(
    ("query", "without", "left"),
    [
        ("手机壳 -透明", [("透明",)], "手机壳"),
        ("手机壳 －透明 -磨砂", [("透明",), ("磨砂",)], "手机壳"),
        ("-二手 iphone 13", [("二手",)], "iphone 13"),
        ("手机壳 NOT 透明", [("透明",)], "手机壳"),
        ("connector NOT usb", [("usb",)], "connector"),
        ("t恤 -polo 男", [("polo",)], "t恤 男"),
    ],
)
def test_signs(query: str, without: list[tuple[str, ...]], left: str) -> None:  # 1
    assert read(query) == (without, left)


@pytest.mark.parametrize(
    "query",
    [
        "dh-7719",
        "t-shirt 男",
        "usb -c",
        "温度计 -20度",
        "动画 -第4集",
        "5 - 8岁",
        "-透明",
        "not 透明",
        "索尼 wh -1000",
        "a- b款",
    ],
)
def test_no_signs(query: str) -> None:  # 2
    assert read(query)[0] == []


def test_meaning() -> None:  # 3
    assert read("零食 -辣")[0] == read("不辣的零食")[0]
