"""From pages to the rows of the report.

1. What an answer is: 2 where there are such grades, nothing where there are only 0 and 1; what is given, if it occurs.
2. A row is over the queries with an answer, those without, and all; where it says nothing there is no cell.
3. A share of hits is that of all hits together, not the mean of queries; its interval is over queries.
4. A run on graded judgments has the rows of order as measured, and condensed: unjudged counts as 0, or is left out.
5. On judgments of 0 and 1 a run says nothing of grades, and its measures are as ever, unless an answer is named.
6. What stands on a page comes from the search: relevance and the side of the divider.
"""

from __future__ import annotations

from math import log2

import pytest

from eval.graded.summary import answer_grade, graded_of
from eval.measures import MEASURES
from eval.run import evaluate
from eval.types import Evaluation, Found, Graded, GradedRow, Interval, Outcome, Qrels, Query
from retrieval.errors import InputError
from tests.unit.eval.graded.pages import page


def graded(*outcomes: Outcome) -> Graded:
    return graded_of(outcomes, 2, seed=0, resamples=200)


def row(of: Graded, measure: str) -> GradedRow:
    return next(one for one in of.rows if one.measure == measure)


def test_answer_grade() -> None:  # 1
    assert answer_grade({"q": {"a": 3, "b": 0}}) == 2
    assert answer_grade({"q": {"a": 0}, "r": {"a": 2}}) == 2
    assert answer_grade({"q": {"a": 1, "b": 0}}) is None
    assert answer_grade({"q": {"a": 1, "b": 0}}, 1) == 1
    assert answer_grade({"q": {"a": 3}}, 3) == 3
    with pytest.raises(InputError, match="no document is graded 4 or more") as refused:
        answer_grade({"q": {"a": 3}}, 4)
    assert refused.value.hint == "use 3 or less"


def test_groups() -> None:  # 2
    found = graded(page("31"), page("1", missed="2"), page("|0"), page("1"), page(""))
    assert (found.answer, found.answered, found.unanswered) == (2, 2, 3)
    first = row(found, "first hit an answer")
    assert first.answered is not None
    assert first.every is not None
    assert (first.answered.n, first.answered.value.mean, first.unanswered, first.every.n) == (2, 0.5, None, 2)
    nothing = row(found, "queries with nothing above")
    cells = (nothing.answered, nothing.unanswered, nothing.every)
    assert [(cell.n, cell.value.mean) for cell in cells if cell] == [(2, 0), (3, 0.666667), (5, 0.4)]
    assert row(graded(page("31")), "hits graded 0").unanswered is None


def test_shares_of_hits_are_pooled() -> None:  # 3
    # Nine of ten and none of one: the share of hits is 9 / 11, the mean of queries would be 0.45.
    found = row(graded(page("0000000002"), page("2")), "hits graded 0").every
    assert found is not None
    assert found.n == 11
    assert found.value.mean == pytest.approx(9 / 11, abs=1e-6)
    assert (found.value.low, found.value.high) == (0, 0.9)
    alone = row(graded(page("0000000002")), "hits graded 0").every
    assert alone is not None
    assert alone.value == Interval(0.9, None, None)


QUERIES = (Query("q", "红色"), Query("r", "蓝色"))


def run(qrels: Qrels, answer: int | None = None) -> Evaluation:
    def search(query: str, depth: int) -> list[Found]:
        found = [Found("x", 9.0, 0.9), Found("a", 8.0, 0.7), Found("b", 7.0, 0.2, near=True)]
        return found if query == "红色" else found[1:]

    return evaluate(search, QUERIES, qrels, answer=answer)


def test_measured_and_condensed() -> None:  # 4
    evaluation = run({"q": {"a": 3, "b": 1}, "r": {"a": 1, "c": 0}})
    found = evaluation.summary.graded
    assert found is not None
    whole, bare = 7 + 1 / log2(3), 3 + 1 / log2(3)
    expected = {
        "nDCG_exp@10": (7 / log2(3) + 1 / log2(4)) / whole,
        "nDCG_exp@10 (condensed)": 1.0,
        "nDCG@10": (3 / log2(3) + 1 / log2(4)) / bare,
        "nDCG@10 (condensed)": 1.0,
    }
    for measure, value in expected.items():
        cell = row(found, measure).answered
        assert cell is not None
        assert cell.n == 1
        assert cell.value.mean == pytest.approx(value, abs=1e-6), measure
    assert [one.part for one in found.rows[:5]] == ["order"] * 5
    assert evaluation.summary.measures["nDCG_exp@10"].mean == pytest.approx((expected["nDCG_exp@10"] + 1) / 2, abs=1e-6)
    slices = {(one.group, one.label): one.n for one in evaluation.summary.slices}
    assert (slices["answer", "has an answer"], slices["answer", "has none"]) == (1, 1)


def test_single_gold() -> None:  # 5
    qrels = {"q": {"a": 1}, "r": {"b": 1, "a": 0}}
    plain, named = run(qrels), run(qrels, answer=1)
    assert plain.summary.graded is None
    assert tuple(plain.summary.measures) == tuple(named.summary.measures) == MEASURES
    assert all(one.group != "answer" for one in plain.summary.slices)
    assert all(outcome.condensed == {} for outcome in plain.outcomes)
    assert named.summary.graded is not None
    assert (named.summary.graded.answer, named.summary.graded.answered) == (1, 2)
    under = row(named.summary.graded, "answers of the page under it").every
    assert under is not None
    assert (under.n, under.value.mean) == (2, 0.5)


def test_what_the_search_says() -> None:  # 6
    top = run({"q": {"a": 3}}).outcomes[0].top
    assert [(one.id, one.relevance, one.near) for one in top] == [
        ("x", 0.9, False),
        ("a", 0.7, False),
        ("b", 0.2, True),
    ]
