"""Two runs against each other in what grades say.

1. Δ is B − A of the same figures that a run gives, over each group of queries; n counts the queries that say something.
2. A run against itself has Δ = 0 and no width; a share of hits is pooled on both sides.
3. A measure that says nothing in one of the runs is left out; a query that says nothing under one of them is not.
4. A comparison has it where the runs are graded; runs to which different grades are an answer are refused.
5. The grid for the terminal has a star where the interval leaves out 0, and what is not there is a dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.compare import compare
from eval.graded.deltas import GradedDelta, graded_deltas
from eval.graded.report import delta_grid
from eval.store import StoredRun
from eval.types import Interval, Outcome
from retrieval.errors import InputError
from tests.unit.eval import world
from tests.unit.eval.graded.pages import page


def deltas(a: Sequence[Outcome], b: Sequence[Outcome]) -> dict[tuple[str, str], GradedDelta]:
    found = graded_deltas(list(zip(a, b, strict=True)), 2, seed=0, resamples=200)
    return {(one.measure, one.over): one for one in found}


def test_difference() -> None:  # 1
    a = [page("13", relevance=(0.6, 0.4)), page("10", relevance=(0.1, 0.1)), page("?2", relevance=(0.1, 0.4))]
    b = [page("31", relevance=(0.6, 0.4)), page("|1", missed="0"), page("2?", relevance=(0.4, 0.1))]
    found = deltas(a, b)
    first = found["first hit an answer", "with an answer"]
    assert (first.part, first.n, first.mean_a, first.mean_b, first.delta) == ("order", 2, 0, 1, Interval(1.0, 1.0, 1.0))
    nothing = found["queries with nothing above", "without"]
    assert (nothing.n, nothing.mean_a, nothing.mean_b, nothing.delta) == (1, 0, 1, Interval(1.0, None, None))
    zeros = found["above: graded 0", "all"]
    assert (zeros.n, zeros.mean_a, zeros.mean_b) == (3, 0.2, 0)
    auc = found["AUC of relevance", "all"]
    # A: the answers, twice 0.4, beat 0.1 twice and lose to 0.6; B: 0.6 and 0.4 against 0.4, which one is level with.
    assert [auc.mean_a, auc.mean_b] == pytest.approx([2 / 3, 0.75], abs=1e-6)
    assert auc.delta.mean == pytest.approx(0.75 - 2 / 3, abs=1e-6)


def test_itself() -> None:  # 2
    a = [page("0" * 9 + "2"), page("2")]
    found = deltas(a, a)
    assert all(one.delta == Interval(0.0, 0.0, 0.0) for one in found.values())
    assert found["hits graded 0", "all"].mean_a == pytest.approx(9 / 11, abs=1e-6)
    assert {over for _, over in found} == {"with an answer", "all"}


def test_left_out() -> None:  # 3
    found = deltas([page("20"), page("2")], [page("", missed="20"), page("?", missed="2")])
    assert ("hits graded 0", "all") not in found
    assert found["judged@10", "all"].mean_b == 0
    assert ("AUC of relevance", "all") not in found
    half = deltas([page("20"), page("", missed="2")], [page("20"), page("00", missed="2")])["hits graded 0", "all"]
    assert (half.n, half.mean_a, half.mean_b) == (2, 0.5, 0.75)


def test_in_a_comparison() -> None:  # 4
    a, b = (world.run(search) for search in (world.shared_characters, world.blind_to_p1))
    runs = [StoredRun(one.summary, one.outcomes) for one in (a, b)]
    summary = compare(*runs).summary
    assert ("judged@10", "with an answer") in {(one.measure, one.over) for one in summary.graded}
    ungraded = [replace(one, summary=replace(one.summary, graded=None)) for one in runs]
    assert compare(*ungraded).summary.graded == ()
    with pytest.raises(InputError, match="another grade is an answer"):
        compare(runs[0], ungraded[1])


def test_grid() -> None:  # 5
    def delta(low: float, high: float, over: str) -> GradedDelta:
        return GradedDelta("order", "judged@1", over, 9, 0.25, 0.5, Interval(0.25, low, high))

    headers, rows = delta_grid([delta(0.1, 0.4, "with an answer"), delta(-0.1, 0.4, "all")])
    assert headers == ("", "first ten, A → B", "with an answer", "without", "all")
    assert rows == [("order", "judged@1", "0.250 → 0.500*", "— ", "0.250 → 0.500 ")]
