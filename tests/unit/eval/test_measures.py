"""The measures against their formulas.

1. Each measure of a graded ranking is what its formula gives.
2. The order given is what counts, whatever the scores: equal or rising scores change nothing.
3. Cut-offs fall between 10 and 11 and between 100 and 101.
4. Exponential gain takes 2^grade − 1 in place of the grade; it is measured where grades exceed 1, up to 10.
5. Condensed, an answer has lost what nobody judged, and its rest has moved up; spam is judged.
6. A judged query without result, or without a relevant document, has 0 everywhere; one without judgment has nothing.
"""

from __future__ import annotations

from math import log2

import pytest

from eval.measures import EXPONENTIAL, MEASURES, PRIMARY, condensed, measures_for, primary_of, score
from eval.types import Answer


def answer(*doc_ids: str, values: list[float] | None = None) -> Answer:
    scores = values or [float(-place) for place in range(len(doc_ids))]
    return Answer("q", tuple(zip(doc_ids, scores, strict=True)), 1.0)


def test_graded_ranking() -> None:  # 1
    grades = {"a": 3, "b": 1, "c": 2, "spam": -1, "zero": 0}
    measured = score([answer("spam", "b", "x", "a")], {"q": grades})["q"]
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert measured == pytest.approx(
        {
            "nDCG@10": (1 / log2(3) + 3 / log2(5)) / ideal,
            "MRR@10": 1 / 2,
            "R@10": 2 / 3,
            "R@100": 2 / 3,
            "P@10": 2 / 10,
            "Success@1": 0,
        }
    )


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1e-9, 1e-10, 1e-11], [0.0, -0.0, 0.0]])
@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_the_order_counts(values: list[float], order: str) -> None:  # 2
    for place, wanted in enumerate(order, start=1):
        measured = score([answer(*order, values=values)], {"q": {wanted: 1}})["q"]
        assert measured["MRR@10"] == pytest.approx(1 / place)
        assert measured["Success@1"] == float(place == 1)
        assert measured["nDCG@10"] == pytest.approx(1 / log2(place + 1))


@pytest.mark.parametrize("rank", [1, 10, 11, 100, 101])
def test_cut_offs(rank: int) -> None:  # 3
    measured = score([answer(*(f"d{place}" for place in range(1, 121)))], {"q": {f"d{rank}": 1}})["q"]
    assert measured == pytest.approx(
        {
            "nDCG@10": 1 / log2(rank + 1) if rank <= 10 else 0,
            "MRR@10": 1 / rank if rank <= 10 else 0,
            "R@10": float(rank <= 10),
            "R@100": float(rank <= 100),
            "P@10": 0.1 if rank <= 10 else 0,
            "Success@1": float(rank == 1),
        }
    )


def test_exponential_gain() -> None:  # 4
    grades = {"a": 3, "b": 1, "c": 2, "spam": -1}
    both = score([answer("spam", "b", "x", "a")], {"q": grades}, (EXPONENTIAL, *MEASURES))["q"]
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
    assert both[EXPONENTIAL] == pytest.approx((1 / log2(3) + 7 / log2(5)) / ideal)
    assert {name: both[name] for name in MEASURES} == score([answer("spam", "b", "x", "a")], {"q": grades})["q"]
    for highest, first in ((0, PRIMARY), (1, PRIMARY), (2, EXPONENTIAL), (10, EXPONENTIAL), (11, PRIMARY)):
        names = measures_for({"q": {"a": highest}, "r": {"b": 0}})
        assert (names[0], primary_of(names)) == (first, first)
        assert set(names) - {EXPONENTIAL} == set(MEASURES)
    assert primary_of(reversed(measures_for({"q": {"a": 3}}))) == EXPONENTIAL


def test_condensed() -> None:  # 5
    bare = condensed(answer("x", "b", "y", "spam", "a"), {"a": 3, "b": 1, "spam": -1})
    assert bare.ranking == answer("b", "spam", "a", values=[-1.0, -3.0, -4.0]).ranking
    assert score([bare], {"q": {"a": 3, "b": 1, "spam": -1}})["q"]["nDCG@10"] == pytest.approx(
        (1 + 3 / log2(4)) / (3 + 1 / log2(3))
    )


def test_nothing_to_score() -> None:  # 6
    zeros = dict.fromkeys(MEASURES, 0.0)
    assert score([answer()], {"q": {"a": 1}}) == {"q": zeros}
    assert score([answer("a")], {"q": {"a": 0}}) == {"q": zeros}
    assert score([answer("a")], {"other": {"a": 1}}) == {}
    assert score([], {"q": {"a": 1}}) == {}
    other = Answer("unjudged", (("a", 1.0),), 1.0)
    assert score([answer(), other], {"q": {"a": 1}, "not asked": {"a": 1}}) == {"q": zeros}
