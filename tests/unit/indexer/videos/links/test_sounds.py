"""Sounds:

1. Characters of near syllables have one unit, others have not; punctuation separates.
2. A number is the same however it is written: 36, 三十六; digits read one by one, 七零二 is 702; 两 is 二.
3. About so many (两三) and 千万 (by all means) are no numbers.
4. Letters and digits join across what separates them.
5. A number of three digits or more is told from a shorter one.
"""

from __future__ import annotations

import numpy as np
import pytest

from indexer.videos.links.sounds import BREAK, fold, is_long_number, units


def same(left: str, right: str) -> bool:
    return bool(np.array_equal(units(fold(left)), units(fold(right))))


@pytest.mark.parametrize(
    ("right", "heard"), [("优宜达", "友谊达"), ("浪莎", "浪纱"), ("兰精", "蓝晶"), ("牛奶", "流奶")]
)
def test_near_syllables_are_one_unit(right: str, heard: str) -> None:
    assert same(right, heard)
    assert fold(right) != fold(heard)


def test_others_are_not_and_punctuation_separates() -> None:
    assert not same("刀架", "毛架")
    assert units(fold("刀，架"))[1] == BREAK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("36色", "三十六色"),
        ("SR702", "sr七零二"),
        ("8孔", "八孔"),
        ("228元", "两百二十八元"),
        ("1.7米", "一点七米"),
        ("2只", "两只"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("text", ["二三度", "千万别"])
def test_about_so_many_and_by_all_means_are_no_numbers(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize("written", ["SW-FL", "SW杠FL", "sw fl", "SWFL"])
def test_letters_join_across_what_separates_them(written: str) -> None:
    assert fold(written) == "swfl"


def test_a_long_number_is_told_from_a_short_one() -> None:
    assert [is_long_number(fold(number)[-1]) for number in ("36", "702", "九九八", "八")] == [False, True, True, False]
