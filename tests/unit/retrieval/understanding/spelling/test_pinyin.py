"""Pinyin:

1. A character has its frequent readings, the usual one first; ü is v; what is no Han character has none.
2. A word is read as the dictionary has it, any other word in each reading of its characters, at most eight.
3. Near syllables share a class, others do not.
4. The stored readings say what the dictionaries say, of every character.
5. Homophones share a syllable, near ones only a class; a character outside the pool has them too; nobody is its own.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.packed import pack, unpack
from retrieval.understanding.spelling.pinyin import Homophones, Readings, near, readings, spellings


@pytest.mark.parametrize(
    ("char", "expected"), [("杯", ("bei",)), ("绿", ("lv",)), ("乐", ("le", "yue")), ("a", ()), ("杯子", ()), ("", ())]
)
def test_readings(char: str, expected: tuple[str, ...]) -> None:
    assert readings(char) == expected


def test_words() -> None:
    assert spellings("音乐") == (("yin", "yue"),)
    assert spellings("长裙") == (("zhang", "qun"), ("chang", "qun"))
    assert spellings("a杯") == ()
    assert spellings("") == ()
    assert len(spellings("乐" * 7)) == 8


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("zhang", "zan", True),
        ("chi", "ci", True),
        ("sheng", "sen", True),
        ("nan", "lang", True),
        ("re", "le", True),
        ("fu", "hu", True),
        ("ying", "yin", True),
        ("bao", "bei", False),
        ("ping", "bing", False),
        ("er", "a", False),
    ],
)
def test_near_syllables(one: str, other: str, alike: bool) -> None:
    assert (near(one) == near(other)) is alike


def test_homophones() -> None:
    sounds = Homophones("温文稳问暖杯")
    assert sounds.same("温") == ("文", "稳", "问")
    assert sounds.same("纹") == ("文", "温", "稳", "问")
    assert sounds.near("蓝") == ()
    assert Homophones("南蓝男").near("兰") == ("南", "男")
    assert Homophones("南蓝男").same("兰") == ("蓝",)
    assert sounds.same("x") == ()


def test_stored_readings() -> None:  # 4
    stored = Readings.of_arrays(unpack(pack(Readings.general().arrays())))
    for char in ("杯", "绿", "乐", "a", "\U0010ffff", "\0"):
        assert stored.of(char) == readings(char)
    assert {"bao", "lv"} <= stored.typed
    assert not any("ê" in syllable or not syllable.isascii() for syllable in stored.typed)
