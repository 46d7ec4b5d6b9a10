"""Kinds of queries.

1. Lengths fall into 1–4, 5–8, 9–12 and 13+ characters, white space not counted.
2. Latin letters and digits are seen, full-width ones too; model numbers are letters with digits, quantities are not.
3. Tokens are counted by the given function, and not at all without one.
4. A query shares characters with its gold title unless no letter, digit or ideograph is common to any of them.
5. Whether there is an answer is told where it is known.
6. Every label is one of its group; members list every judged query once per group.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.slices import GROUPS, has_model_number, members, slices_of
from eval.types import Query
from tests.unit.eval import world


@pytest.mark.parametrize(
    ("length", "label"),
    [(1, "1–4"), (4, "1–4"), (5, "5–8"), (8, "5–8"), (9, "9–12"), (12, "9–12"), (13, "13+"), (40, "13+")],
)
def test_length(length: int, label: str) -> None:  # 1
    assert slices_of(Query("q", "裙" * length), [], None)["characters"] == label
    assert slices_of(Query("q", " ".join("裙" * length)), [], None)["characters"] == label


@pytest.mark.parametrize("text", ["z62", "i5-11400f", "ccc100-n2-h3", "启辰r50大灯罩", "Ｒ５０", "小米14pro"])
def test_model_numbers(text: str) -> None:  # 2
    labels = slices_of(Query("q", text), [], None)
    assert (labels["script"], labels["model number"]) == ("Latin or digits", "model number")


@pytest.mark.parametrize("text", ["500ml", "usb 3", "手机128g", "iphone 15", "1.5L装", "2024"])
def test_no_model_numbers(text: str) -> None:  # 2
    labels = slices_of(Query("q", text), [], None)
    assert (labels["script"], labels["model number"]) == ("Latin or digits", "none")
    assert slices_of(Query("q", "大落地窗"), [], None)["script"] == "no Latin or digits"
    assert not has_model_number("大落地窗")


def test_tokens() -> None:  # 3
    counted = [slices_of(Query("q", " ".join("裙" * n)), [], str.split)["tokens"] for n in range(1, 8)]
    assert counted == ["1", "2", "3", "4–5", "4–5", "6+", "6+"]
    assert slices_of(Query("q", "裙"), [], lambda text: [])["tokens"] == "0"
    assert "tokens" not in slices_of(Query("q", "裙"), [], None)


@pytest.mark.parametrize(
    ("query", "titles", "label"),
    [
        ("红裙", ["蓝裙子"], "shares characters"),
        ("红裙", ["可乐", "蓝裙子"], "shares characters"),
        ("红裙", ["可乐"], "no shared character"),
        ("ＡＢＣ", ["abc"], "shares characters"),
        ("a b-c", ["d e-f"], "no shared character"),
        ("红裙", [], None),
    ],
)
def test_gold_title(query: str, titles: list[str], label: str | None) -> None:  # 4
    assert slices_of(Query("q", query), titles, None).get("gold title") == label


def test_answer() -> None:  # 5
    labels = [slices_of(Query("q", "裙"), [], None, known).get("answer") for known in (True, False, None)]
    assert labels == ["has an answer", "has none", None]


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_labels_are_known(text: str, titles: list[str]) -> None:  # 6
    for group, label in slices_of(Query("q", text), titles, list).items():
        assert label in GROUPS[group]


def test_members() -> None:  # 6
    outcomes = world.run().outcomes
    judged = [place for place, outcome in enumerate(outcomes) if outcome.judged]
    for group in GROUPS:
        places = [place for name, _, members_ in members(outcomes) if name == group for place in members_]
        assert sorted(places) == judged
