"""The lexical channel's steps (the score of an item is how many of the words it has):

1. The strictest step that finds `enough` is taken: all words, ⌈most · words⌉, one that tells; the last one always.
2. A candidate has at least `floor` of the best score of its step; the best score and the floor are told.
3. Stop words score and need not be there.
4. A list is complete when it ended above its depth, or when the floor and not the depth cut it.
5. Nothing found: the last step, best 0, no candidates.
6. Of a query of one word every step is all words, however few have it; where they are few the floor cuts none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from retrieval.analysis.analyzer import QueryText, Term
from retrieval.recall.lexical import LexicalMatch, LexicalOptions, above, recall_lexical
from retrieval.types import Candidates
from tests.unit.retrieval.tiny_reader import Item, TinyReader

READER = TinyReader(
    [
        Item("p1", "红 棉 裙 长"),
        Item("p2", "红 棉 裙 长 女"),
        Item("p3", "红 棉 裙"),
        Item("p4", "红 棉"),
        Item("p5", "红"),
        Item("p6", "鞋"),
    ]
)


def asked(words: str, optional: str = "") -> QueryText:
    terms = tuple(Term(w, 2 * i, 2 * i + 1, ((w,),), w in optional.split()) for i, w in enumerate(words.split()))
    return QueryText(words, words, terms, dict.fromkeys(words.split(), 1.0))


def recall(words: str, optional: str = "", **changed: float) -> LexicalMatch:
    options: dict[str, Any] = {"depth": 100, "enough": 1, "most": 0.75, "floor": 0.0, **changed}
    return recall_lexical(READER.reader, asked(words, optional), LexicalOptions({"title": 1.0}, **options))


def ids(match: LexicalMatch) -> list[str]:
    return [READER.items[row].id for row in match.candidates.rows]


@pytest.mark.parametrize(
    ("enough", "step", "need", "found"),
    [
        (1, "all", 4, ["p1", "p2"]),
        (2, "all", 4, ["p1", "p2"]),
        (3, "most", 3, ["p1", "p2", "p3"]),
        (4, "any", 1, ["p1", "p2", "p3", "p4", "p5"]),
        (99, "any", 1, ["p1", "p2", "p3", "p4", "p5"]),
    ],
)
def test_the_strictest_step_that_finds_enough(enough: int, step: str, need: int, found: list[str]) -> None:
    match = recall("红 棉 裙 长", enough=enough)
    assert (match.step, match.query.need, ids(match)) == (step, need, found)


@pytest.mark.parametrize(
    ("words", "most", "step", "need"),
    [
        ("红 棉 裙 长 鞋", 0.75, "most", 4),
        ("红 棉 裙 鞋", 0.5, "most", 2),
        ("红 棉 鞋", 0.75, "any", 1),
        ("红 鞋", 0.5, "most", 1),
        ("红 鞋", 0.75, "any", 1),
        ("红 鞋", 1.0, "any", 1),
    ],
)
def test_how_many_words_are_most(words: str, most: float, step: str, need: int) -> None:
    match = recall(words, most=most)
    assert (match.step, match.query.need) == (step, need)


@pytest.mark.parametrize(
    ("floor", "last"), [(0.0, "p5"), (0.25, "p5"), (0.26, "p4"), (0.5, "p4"), (0.51, "p3"), (0.8, "p2")]
)
def test_the_floor_is_a_share_of_the_best_score(floor: float, last: str) -> None:
    match = recall("红 棉 裙 长", enough=99, floor=floor)
    assert match.best == 4.0
    assert match.floor == 4.0 * floor
    assert ids(match)[-1] == last


def test_the_floor_counts_for_enough() -> None:
    assert recall("红 棉 裙 长", enough=3, floor=0.8).step == "any"
    assert recall("红 棉 裙 长", enough=3, floor=0.75).step == "most"


def test_stop_words_score_and_need_not_be_there() -> None:
    match = recall("红 女", optional="女")
    assert (match.step, match.query.need) == ("all", 1)
    assert ids(match) == ["p2", "p1", "p3", "p4", "p5"]
    assert match.candidates.scores.tolist() == [2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("depth", "floor", "complete"), [(6, 0.0, True), (5, 0.0, True), (4, 0.0, False), (4, 0.6, True)]
)
def test_complete(depth: int, floor: float, complete: bool) -> None:
    match = recall("红 棉 裙 长", enough=99, depth=depth, floor=floor)
    assert match.candidates.complete is complete
    assert len(match.candidates.rows) <= depth


def test_above_keeps_what_reaches_the_floor() -> None:
    scores = np.array([3.0, 2.0, 1.0], np.float32)
    kept = above(Candidates("lexical", np.array([7, 8, 9]), scores, complete=False), 2.0)
    assert (kept.rows.tolist(), kept.scores.tolist(), kept.complete) == ([7, 8], [3.0, 2.0], True)


def test_nothing_found() -> None:
    match = recall("帽 伞")
    assert (match.step, match.best, match.floor, ids(match)) == ("any", 0.0, 0.0, [])
    assert match.candidates.complete


@pytest.mark.parametrize(("words", "found"), [("鞋", ["p6"]), ("长", ["p1", "p2"])])
def test_all_of_one_word_is_all_that_was_asked(words: str, found: list[str]) -> None:
    match = recall(words, enough=99)
    assert (match.step, match.query.need, ids(match)) == ("all", 1, found)


@pytest.mark.parametrize(("enough", "found"), [(1, [0]), (2, [0, 1])])
def test_what_few_have_is_found_wherever_it_stands(enough: int, found: list[int]) -> None:  # 6
    reader = TinyReader([Item("p1", "裙 长"), Item("p2", "裙"), Item("p3", "帽")])
    text = replace(asked("裙"), weights={"裙": 1.0, "长": 9.0})  # p1 scores 10, p2 1: below the floor of 2
    options = LexicalOptions({"title": 1.0}, 100, enough, 0.75, 0.2)
    assert recall_lexical(reader.reader, text, options).candidates.rows.tolist() == found
