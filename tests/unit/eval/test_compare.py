"""Two runs against each other.

1. Δ is B − A, wins are B's, and the exact p follows from the sign patterns of the few queries.
2. A run against itself has Δ = 0, ties only, p = 1; swapping the runs changes the signs only.
3. Slices are those of A, with the same queries on both sides.
4. Other queries, other judgments, another depth: refused, and every reason is given.
5. Folders whose queries differ in spite of equal checksums are refused as damaged.
6. Holm's correction is on the measures, not on the slices; it is what tables and pages print as Holm p.
7. Values that differ by rounding alone are a tie, in the counts and in p.
8. A slice of 19 queries is tiny, one of 20 is not.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from math import log2

import pytest
from rich.console import Console

from eval.compare import Comparison, compare
from eval.compare_report import comparison_report
from eval.measures import PRIMARY
from eval.store import StoredRun
from eval.tables import comparison_tables
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
    ndcg = next(one for one in without_p1().summary.measures if one.measure == "nDCG@10")
    assert ndcg.delta.mean == pytest.approx((gain + loss) / 4, abs=1e-6)
    assert (ndcg.wins, ndcg.ties, ndcg.losses) == (1, 2, 1)
    assert ndcg.p_value == 1.0  # |gain + loss| is the smallest of the sums that signs can make
    assert [pair.delta("nDCG@10") for pair in without_p1().pairs] == pytest.approx([gain, loss, 0, 0])
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
    with pytest.raises(InputError, match=reason) as refused:
        compare(a, StoredRun(replace(a.summary, **change), a.outcomes))  # type: ignore[arg-type]
    assert refused.value.hint


def test_damaged_folders_are_refused() -> None:  # 5
    a = stored()
    other = replace(a.outcomes[0], qid="q7")
    lacking = replace(a.outcomes[0], measures={"nDCG@10": 1.0})
    for outcomes in ((other, *a.outcomes[1:]), a.outcomes[1:], (lacking, *a.outcomes[1:]), ()):
        for pair in ((a, StoredRun(a.summary, outcomes)), (StoredRun(a.summary, outcomes), a)):
            with pytest.raises(InputError, match=r"do not hold the same queries|lacks a measure") as refused:
                compare(*pair)
            assert refused.value.hint


def moved(by: dict[str, list[float]], n: int) -> Comparison:
    """n copies of one query; in B each measure named in `by` is higher by its numbers, one a query."""
    first = stored().outcomes[0]
    zeros = dict.fromkeys(first.measures, 0.5)
    a = tuple(replace(first, qid=f"q{i}", measures=zeros) for i in range(n))
    b = tuple(
        replace(one, measures=zeros | {name: 0.5 + values[i] for name, values in by.items()}) for i, one in enumerate(a)
    )
    summary = stored().summary
    return compare(StoredRun(summary, a), StoredRun(summary, b))


def test_holm_is_on_the_measures() -> None:  # 6
    n = 8
    better, worse = [0.1] * n, [0.1] * (n - 1) + [-0.1]
    comparison = moved({"nDCG@10": better, "R@100": worse}, n)
    found = {one.measure: [one.p_value, one.holm_p_value] for one in comparison.summary.measures}
    # Two of 2^8 sign patterns are as large as eight equal differences, and 18 as large as seven against one.
    assert found["nDCG@10"] == pytest.approx([2 / 256, 7 * 2 / 256], abs=1e-5)
    assert found["R@100"] == pytest.approx([18 / 256, 6 * 18 / 256], abs=1e-5)
    assert found["P@10"] == [1.0, 1.0]
    assert all(one.holm_p_value is None for part in comparison.summary.slices for one in part.measures)
    printed = Console(width=200, record=True, file=io.StringIO())
    for table in comparison_tables(comparison.summary):
        printed.print(table)
    [line] = [line for line in printed.export_text().splitlines() if line.split()[:1] == ["R@100"]]
    assert line.split()[-2:] == ["0.0703", "0.4219"]
    page = comparison_report(comparison)
    assert "Holm p 0.422" in page
    assert re.search(r"R@100</td>.*?0\.0703</td><td>0\.4219</td>", page.replace("\n", ""))


def test_ties() -> None:  # 7
    slip = 0.1 + 0.2 - 0.3  # 5.6e-17
    measure = moved({PRIMARY: [slip] * 7 + [-1e-12]}, 8).summary.measures[1]
    assert (measure.wins, measure.ties, measure.losses, measure.p_value) == (0, 8, 0, 1.0)
    measure = moved({PRIMARY: [1e-6] * 7 + [-1e-6]}, 8).summary.measures[1]
    assert (measure.wins, measure.ties, measure.losses) == (7, 0, 1)


@pytest.mark.parametrize(("n", "tiny"), [(19, True), (20, False)])
def test_tiny_slices(n: int, tiny: bool) -> None:  # 8
    slices = moved({}, n).summary.slices
    assert {(part.n, part.tiny) for part in slices} == {(n, tiny)}
