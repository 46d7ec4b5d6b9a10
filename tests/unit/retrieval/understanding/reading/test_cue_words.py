"""Cue words:

1. The cue that ends last is found, the longest of several, with its place; a word with ``*`` only at the end of a text,
   one with ``^`` only where it is all of it.
2. Nothing is found where none is said, and in an empty text.
"""

from __future__ import annotations

import pytest

from retrieval.understanding.reading.cue_words import CueWords

CUES = CueWords(["怎么", "怎么选", "比分", "*攻略", "略", "^你好"])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("保温杯怎么选", (3, 6)),
        ("怎么看比分", (3, 5)),
        ("三亚攻略", (2, 4)),
        ("攻略书", (1, 2)),
        ("攻书", (0, 0)),
        ("你好", (0, 2)),
        ("你好手套", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_places(text: str, place: tuple[int, int]) -> None:  # 1, 2
    assert CUES.last(text) == place
    assert CUES.said(text) == (place != (0, 0))


def test_no_cues() -> None:  # 2
    assert not CueWords([]).said("保温杯")
