"""A whole evaluation on the tiny world.

1. Means are over the judged queries, a query without result counts as 0, and every shortfall is named.
2. The outcome of a query shows its relevant documents with their ranks and its first results with their grades.
3. Slices have the right queries and are marked when tiny; a slice of one query has no interval.
4. Latency is the clock's; the same input gives the same evaluation.
5. What cannot be measured is refused: small depth, no judged query, a document twice, an id with white space.
6. A query that the search refuses is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log2

import pytest

from eval.run import evaluate
from eval.summary import coverage_of, latency_of
from eval.types import Answer, Latency
from eval.wording import coverage_lines
from retrieval.errors import InputError, InvalidRequest
from tests.unit.eval import world


def test_means_and_coverage() -> None:  # 1
    summary = world.run().summary
    # q1 finds p2 second, q2 is perfect, q3 finds nothing, q5 is perfect
    assert summary.measures["nDCG@10"].mean == pytest.approx((1 / log2(3) + 1 + 0 + 1) / 4, abs=1e-6)
    assert summary.measures["MRR@10"].mean == pytest.approx((1 / 2 + 1 + 0 + 1) / 4)
    assert summary.measures["R@100"].mean == pytest.approx(3 / 4)
    coverage = summary.coverage
    assert (coverage.asked, coverage.judged) == (5, 4)
    assert (coverage.unjudged, coverage.without_result, coverage.judged_not_asked) == (("q4",), ("q3",), ("q9",))
    assert (coverage.without_relevant, coverage.with_spam) == ((), ())
    spam = {"q1": {"p2": 1, "p3": -1}, "q2": {"p3": -1}, "q3": {"p4": 0}}
    judged = evaluate(world.shared_characters, world.QUERIES, spam).summary
    assert (judged.coverage.with_spam, judged.coverage.without_relevant) == (("q1", "q2"), ("q2", "q3"))
    assert "2 with grades below 0 (spam), which count as 0: q1, q2" in coverage_lines(judged.coverage)


def test_outcomes() -> None:  # 2
    q1, q2, q3, q4, q5 = world.run().outcomes
    assert [(d.id, d.title, d.grade, d.rank) for d in q1.relevant] == [("p2", "蓝色连衣裙", 1, 2)]
    assert [(d.id, d.grade, d.score) for d in q1.top] == [("p1", None, 5.0), ("p2", 1, 4.0), ("p3", None, 2.0)]
    assert [document.id for document in q2.relevant] == ["p3", "p1"]
    assert (q1.first_relevant, q2.first_relevant, q3.first_relevant, q5.first_relevant) == (2, 1, None, 1)
    assert [document.id for document in q5.relevant] == ["p4"]
    assert (q4.judged, q4.measures, q4.retrieved, q4.relevant) == (False, {}, 1, ())


def test_slices() -> None:  # 3
    slices = {(one.group, one.label): one for one in world.run().summary.slices}
    assert {key: one.n for key, one in slices.items() if key[0] == "gold title"} == {
        ("gold title", "shares characters"): 3,
        ("gold title", "no shared character"): 1,
    }
    only = slices["gold title", "no shared character"]
    assert (only.tiny, only.measures["nDCG@10"].mean, only.measures["nDCG@10"].low) == (True, 0.0, None)
    assert slices["model number", "model number"].measures["Success@1"].mean == 1.0
    many = [replace(world.QUERIES[0], qid=f"q{n}") for n in range(20)]
    big = evaluate(world.shared_characters, many, {query.qid: {"p1": 1} for query in many}).summary.slices
    assert [(one.n, one.tiny) for one in big] == [(20, False)] * 3  # no tokens and no titles given: three groups
    fewer = evaluate(world.shared_characters, many[1:], {query.qid: {"p1": 1} for query in many}).summary.slices
    assert [(one.n, one.tiny) for one in fewer] == [(19, True)] * 3


def test_clock_and_determinism() -> None:  # 4
    assert world.run().summary.latency == Latency(1.0, 1.0)
    assert world.run() == world.run()


@pytest.mark.parametrize(
    ("ranking", "says"),
    [([("p1", 2.0), ("p1", 1.0)], "twice for query 'q1'"), ([("p 1", 1.0)], "white space"), ([("", 1.0)], "empty")],
)
def test_bad_rankings(ranking: Sequence[tuple[str, float]], says: str) -> None:  # 5
    with pytest.raises(InputError, match=says):
        evaluate(lambda query, depth: ranking, world.QUERIES, world.QRELS)


def test_what_cannot_be_measured() -> None:  # 5
    with pytest.raises(InputError, match="depth 10 cannot give R@100"):
        evaluate(world.shared_characters, world.QUERIES, world.QRELS, depth=10)
    with pytest.raises(InputError, match="no query has a judgment"):
        evaluate(world.shared_characters, world.QUERIES, {"other": {"p1": 1}})


def test_refused_query() -> None:  # 6
    def strict(query: str, depth: int) -> list[tuple[str, float]]:
        if query == "CPU":
            raise InvalidRequest("the query has no Chinese", field="query")
        return world.shared_characters(query, depth)

    with pytest.raises(InputError, match="query 'q3' was refused: the query has no Chinese"):
        evaluate(strict, world.QUERIES, world.QRELS)


def test_ten_results_are_kept() -> None:  # 2
    def many(query: str, depth: int) -> list[tuple[str, float]]:
        return [(f"d{place}", float(-place)) for place in range(12)]

    [outcome] = evaluate(many, world.QUERIES[:1], {"q1": {"d11": 1}}).outcomes
    assert [document.id for document in outcome.top] == [f"d{place}" for place in range(10)]
    assert (outcome.retrieved, outcome.first_relevant) == (12, 12)


def test_latency_is_in_percentiles() -> None:  # 4
    answers = [Answer("q", (), float(ms)) for ms in range(1, 102)]
    assert latency_of(answers) == Latency(p50_ms=51.0, p99_ms=100.0)
    assert latency_of([Answer("q", (), 1.23456)]) == Latency(p50_ms=1.235, p99_ms=1.235)


@pytest.mark.parametrize(("n", "end"), [(10, "q09"), (11, "q09 …")])
def test_ten_shortfalls_are_named(n: int, end: str) -> None:  # 1
    unjudged = [replace(world.QUERIES[0], qid=f"q{i:02}") for i in range(n)]
    coverage = coverage_of([*unjudged, world.QUERIES[0]], {"q1": {"p1": 1}}, [])
    [line] = coverage_lines(coverage)
    assert line.startswith(f"{n} asked but not judged")
    assert line.endswith(f"q08, {end}")
