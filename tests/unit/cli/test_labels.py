"""The language of a terminal:

1. It is that of the query; a label that is not in the table is said as it is.
2. Every kind that an answer may name has a Chinese word, and none is an English one.
"""

from __future__ import annotations

from enum import StrEnum

import pytest

from cli.labels import CHINESE, words_for
from cli.terminal import _CUES
from retrieval.understanding.kinds import CorrectionKind, IntentKind, Kind, Source


@pytest.mark.parametrize(
    ("query", "said"),
    [("保温杯", "标题"), ("iPhone 15 手机壳", "标题"), ("！！！", "标题"), ("XL", "title"), ("", "title")],
)
def test_language(query: str, said: str) -> None:  # 1
    assert words_for(query)("title") == said
    assert words_for(query)("price:3-9") == "price:3-9"


@pytest.mark.parametrize("kinds", [Kind, Source, IntentKind, CorrectionKind])
def test_every_kind(kinds: type[StrEnum]) -> None:  # 2
    assert {kind.value for kind in kinds} - set(CHINESE) == set()


def test_the_table() -> None:  # 2
    assert set(_CUES.values()) <= set(CHINESE)
    assert not any(letter.isascii() for word in CHINESE.values() for letter in word)
