"""Errors put into transcripts:

1. Each kind does what it says: another character of the same sound, one less, one more behind it; the share of damaged
   characters is the rate, within what chance allows. Only Han characters are damaged.
2. The same seed and place give the same errors, others give others; without a rate nothing is damaged.
"""

from __future__ import annotations

import pytest

from eval.moments.noise import KINDS, Noise

LONG = "甲" * 4_000


def noise(rate: float, *kinds: str, seed: int = 1) -> Noise:
    return Noise(rate, lambda char: ["假"] if char == "甲" else [], ["补"], seed=seed, kinds=kinds or KINDS)


def test_kinds() -> None:  # 1
    assert noise(1.0, "homophone").damaged("甲a1，乙") == "假a1，乙"
    assert noise(1.0, "dropped").damaged("甲a1，乙") == "a1，"
    assert noise(1.0, "inserted").damaged("甲a1，乙") == "甲补a1，乙补"


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_the_rate_is_kept(rate: float) -> None:  # 1
    damaged = noise(rate).damaged(LONG)
    homophones, inserted = damaged.count("假"), damaged.count("补")
    dropped = len(LONG) - damaged.count("甲") - homophones
    for count in (homophones, inserted, dropped):
        assert count / len(LONG) == pytest.approx(rate / 3, abs=0.015)


def test_the_same_errors() -> None:  # 2
    text = "甲" * 50
    assert noise(0.3).damaged(text, "v1:0") == noise(0.3).damaged(text, "v1:0") != text
    assert noise(0.3).damaged(text, "v1:0") != noise(0.3).damaged(text, "v1:1")
    assert noise(0.3).damaged(text, "v1:0") != noise(0.3, seed=2).damaged(text, "v1:0")
    assert noise(0.0).damaged(text) == text
