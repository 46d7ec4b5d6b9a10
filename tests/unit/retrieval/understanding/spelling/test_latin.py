"""Misspellings in Latin words:

1. A slip of a frequent word is found whatever the slip: swapped, doubled, undoubled, left out, put in, another letter.
2. Two slips, short words, rare words and words that the shop has are left alone.
3. A natural slip is surer than an odd one, a longer word surer than a shorter, a frequent one surer than a rare one.
"""

from __future__ import annotations

import math

import pytest

from retrieval.understanding.spelling.latin import LatinWords

WORDS = LatinWords.of({"adidas": 60, "iphone": 400, "shiseido": 30, "nike": 50, "apple": 90, "usb": 500, "mocha": 2})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("adiads", "adidas"),
        ("addidas", "adidas"),
        ("aple", "apple"),
        ("iphne", "iphone"),
        ("iphonne", "iphone"),
        ("shiseifo", "shiseido"),
        ("shisaido", "shiseido"),
        ("nikee", "nike"),
    ],
)
def test_one_slip(typed: str, meant: str) -> None:
    found = WORDS.nearest(typed)
    assert found is not None
    assert found[0] == meant
    assert 0 < found[1] < 1


@pytest.mark.parametrize("typed", ["adiddass", "ipohen", "usd", "mohca", "apple", "zzzzzz", ""])
def test_left_alone(typed: str) -> None:
    assert WORDS.nearest(typed) is None


def confidence(typed: str, words: LatinWords = WORDS) -> float:
    found = words.nearest(typed)
    assert found is not None
    return found[1]


def test_how_sure() -> None:
    assert confidence("shisiedo") > confidence("shseido") > confidence("shisaido")
    assert confidence("shisiedo") > confidence("shiesido", LatinWords.of({"shiseido": 6}))
    assert confidence("iphoen") > confidence("niek")
    assert confidence("iphond") > confidence("uphone")


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("adiads", "adidas", 1.0),  # swapped
        ("addidas", "adidas", 1.0),  # doubled
        ("iphonr", "iphone", 1.0),  # a neighbouring key
        ("iphne", "iphone", 0.3),  # left out
        ("iphonke", "iphone", 0.3),  # put in
        ("iphonq", "iphone", 0.1),  # any other letter
        ("uphone", "iphone", 0.1 * 1.0),  # the first letter is hardly ever mistyped
        ("qphone", "iphone", 0.1 * 0.1),
        ("daidas", "adidas", 0.1 * 1.0),  # swapped at the beginning
        ("phone", "iphone", 0.1 * 0.3),
    ],
)
@pytest.mark.parametrize("frequency", [5, 100])
def test_by_the_formula(typed: str, meant: str, slip: float, frequency: int) -> None:  # 3
    odds = slip * 3.0 ** (max(len(typed), len(meant)) - 6) * math.sqrt(frequency) / 4
    found = LatinWords.of({meant: frequency}).nearest(typed)
    assert found is not None
    assert found[0] == meant
    assert found[1] == pytest.approx(odds / (1 + odds))
