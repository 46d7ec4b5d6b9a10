"""Two runs against each other.

1. Δ is B − A, wins are B's, and the exact p follows from the sign patterns of the few queries.
2. A run against itself has Δ = 0, ties only, p = 1; swapping the runs changes the signs only.
3. Slices are those of A, with the same queries on both sides.
4. Other queries, other judgments, another depth: refused, and every reason is given.
5. Folders whose queries differ in spite of equal checksums are refused as damaged.
6. Holm's correction is on the measures, not on the slices.
"""

from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest

from eval.compare import Comparison, compare
from eval.store import StoredRun
from eval.types import SearchFunction
from retrieval.errors import InputError
from tests.unit.eval import world


def stored(search: SearchFunction = world.shared_characters, name: str = "a") -> StoredRun:
    evaluation = world.run(search, name)
    return StoredRun(evaluation.summary, evaluation.outcomes)


def without_p1() -> Comparison:
    return compare(stored(), stored(world.blind_to_p1, "b"))


def test_difference() -> None:  # 1
    # Without p1: q1 finds p2 first instead of second, q2 loses its second relevant document, q3 and q5 are the same.
    gain, loss = 1 - 1 / log2(3), -(1 / log2(3)) / (2 + 1 / log2(3))
    ndcg = without_p1().summary.measures[0]
    assert ndcg.measure == "nDCG@10"
    assert ndcg.delta.mean == pytest.approx((gain + loss) / 4, abs=1e-6)
    assert (ndcg.wins, ndcg.ties, ndcg.losses) == (1, 2, 1)
    assert ndcg.p_value == 1.0  # |gain + loss| is the smallest of the sums that signs can make
    recall = next(one for one in without_p1().summary.measures if one.measure == "R@100")
    assert (recall.mean_a, recall.mean_b, recall.wins, recall.losses) == (0.75, 0.625, 0, 1)
    assert recall.p_value == 1.0  # one differing query: both signs are as large


def test_itself_and_swapped() -> None:  # 2
    for one in compare(stored(), stored()).summary.measures:
        assert (one.delta.mean, one.delta.low, one.delta.high, one.wins, one.ties, one.losses) == (0, 0, 0, 0, 4, 0)
        assert (one.p_value, one.holm_p_value) == (1.0, 1.0)
    there = without_p1().summary.measures
    back = compare(stored(world.blind_to_p1, "b"), stored()).summary.measures
    for one, other in zip(there, back, strict=True):
        assert one.delta.mean == -other.delta.mean
        assert (one.wins, one.losses, one.p_value) == (other.losses, other.wins, other.p_value)


def test_slices() -> None:  # 3
    a = stored()
    relabelled = tuple(replace(one, slices={"script": "Latin or digits"}) for one in stored(world.blind_to_p1).outcomes)
    result = compare(a, StoredRun(a.summary, relabelled))
    assert {(s.group, s.label): s.n for s in result.summary.slices} == {
        (s.group, s.label): s.n for s in a.summary.slices
    }
    q2 = next(s for s in result.summary.slices if (s.group, s.label) == ("characters", "1–4"))
    assert q2.n == 2  # q2 and q3
    assert (q2.measures[0].wins, q2.measures[0].ties, q2.measures[0].losses) == (0, 1, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"queries_sha256": "0"}, "asked different queries"),
        ({"qrels_sha256": "0"}, "used different judgments"),
        ({"depth": 200}, "different depths, 100 and 200"),
        ({"queries_sha256": "0", "qrels_sha256": "0"}, "different queries; they used different judgments"),
    ],
)
def test_other_tasks_are_refused(change: dict[str, object], reason: str) -> None:  # 4
    a = stored()
    with pytest.raises(InputError, match=reason):
        compare(a, StoredRun(replace(a.summary, **change), a.outcomes))  # type: ignore[arg-type]


def test_damaged_folders_are_refused() -> None:  # 5
    a = stored()
    other = replace(a.outcomes[0], qid="q7")
    lacking = replace(a.outcomes[0], measures={"nDCG@10": 1.0})
    for outcomes in ((other, *a.outcomes[1:]), a.outcomes[1:], (lacking, *a.outcomes[1:]), ()):
        for pair in ((a, StoredRun(a.summary, outcomes)), (StoredRun(a.summary, outcomes), a)):
            with pytest.raises(InputError, match=r"do not hold the same queries|lacks a measure"):
                compare(*pair)


def test_holm_is_on_the_measures() -> None:  # 6
    summary = without_p1().summary
    assert all(one.holm_p_value is not None for one in summary.measures)
    assert all(one.holm_p_value is None for part in summary.slices for one in part.measures)
