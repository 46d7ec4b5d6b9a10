"""The page of one run: how good, where it fails, and the queries to look at first."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from eval.graded.report import calibration_figure, graded_note, graded_table
from eval.measures import primary_of
from eval.page import RECALLED, Figure, Table, render
from eval.plots import BarRow, columns, interval_bars
from eval.slices import GROUPS
from eval.types import Interval, Outcome, SliceSummary, Summary
from eval.wording import bounds, coverage_lines, tiny_mark

WORST = 30

_RANKS = ((1, "1"), (2, "2"), (3, "3"), (5, "4–5"), (10, "6–10"), (20, "11–20"), (50, "21–50"), (100, "51–100"))


def run_report(summary: Summary, outcomes: Sequence[Outcome]) -> str:
    """One self-contained HTML page of a run."""
    judged = [outcome for outcome in outcomes if outcome.judged]
    coverage, latency, primary = summary.coverage, summary.latency, primary_of(summary.measures)
    return render(
        "run.html",
        title=f"Evaluation: {summary.name}",
        about=[
            " · ".join(f"{key}: {value}" for key, value in summary.about.items()),
            f"{coverage.judged} judged of {coverage.asked} queries · depth {summary.depth} · "
            f"latency p50 {latency.p50_ms:.1f} ms, p99 {latency.p99_ms:.1f} ms",
            *coverage_lines(coverage),
        ],
        tiles=[(name, f"{one.mean:.3f}", bounds(one)) for name, one in summary.measures.items()],
        whole=_whole(summary, judged),
        graded=summary.graded and (graded_note(summary.graded), graded_table(summary.graded)),
        calibration=[calibration_figure(summary.graded)] if summary.graded and summary.graded.calibration else [],
        slice_figures=_slice_figures(summary.slices, primary),
        slice_table=_slice_table(summary.slices, tuple(summary.measures)),
        worst=[(outcome, _about(outcome)) for outcome in worst_first(judged)[:WORST]],
        worst_note=f"By {primary}, then by how deep the first relevant document lies. Green: what was wanted.",
        asked=len(outcomes),
        query_table=_query_table(outcomes, tuple(summary.measures)),
    )


def worst_first(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Judged outcomes, lowest primary measure first; among equals not found first, then the deepest, then by qid."""
    deepest = float("inf")
    return sorted(outcomes, key=lambda one: (_value(one), -(one.first_relevant or deepest), one.qid))


def value_histogram(outcomes: Sequence[Outcome]) -> tuple[list[str], list[int]]:
    """Counts of the primary measure: exactly 0, then tenths, each with its upper bound."""
    counts = [0] * 11
    edges = [tenth / 10 for tenth in range(11)]
    for outcome in outcomes:
        counts[bisect.bisect_left(edges, round(_value(outcome), 6))] += 1
    return ["0", *(f"≤{edge:g}".replace("0.", ".") for edge in edges[1:])], counts


def rank_histogram(outcomes: Sequence[Outcome]) -> tuple[list[str], list[int]]:
    """Counts of the rank of the first relevant document; the last column was not retrieved at all."""
    ends = [end for end, _ in _RANKS]
    counts = [0] * (len(_RANKS) + 2)
    for outcome in outcomes:
        counts[-1 if outcome.first_relevant is None else bisect.bisect_left(ends, outcome.first_relevant)] += 1
    labels = [*(label for _, label in _RANKS), "101+", "none"]
    if not counts[-2]:
        del labels[-2], counts[-2]
    return labels, counts


def _whole(summary: Summary, judged: Sequence[Outcome]) -> list[Figure]:
    rows = [_row(name, f"n = {summary.coverage.judged}", one) for name, one in summary.measures.items()]
    values, ranks, primary = value_histogram(judged), rank_histogram(judged), primary_of(summary.measures)
    return [
        ("Means", "with 95 % bootstrap intervals", interval_bars([("", rows)], title="Means with intervals")),
        (f"{primary} per query", "how many queries lie where", columns(*values, title=primary, axis=primary)),
        (
            "First relevant document",
            f"its rank; none: not among the first {summary.depth}",
            columns(*ranks, title="Rank of the first relevant document", axis="rank"),
        ),
    ]


def _slice_figures(slices: Sequence[SliceSummary], primary: str) -> list[Figure]:
    def chart(measure: str) -> str:
        groups = [
            (group, [_row(s.label, f"n = {s.n}", s.measures[measure], s.tiny) for s in slices if s.group == group])
            for group in GROUPS
        ]
        return interval_bars([(group, rows) for group, rows in groups if rows], title=f"{measure} by kind of query")

    return [(measure, "mean with 95 % bootstrap interval", chart(measure)) for measure in (primary, RECALLED)]


def _slice_table(slices: Sequence[SliceSummary], names: Sequence[str]) -> Table:
    rows = [
        (
            s.group,
            s.label + tiny_mark(s.tiny),
            str(s.n),
            *(f"{s.measures[name].mean:.3f} ({bounds(s.measures[name])})" for name in names),
        )
        for s in slices
    ]
    return ("group", "kind", "n", *names), rows


def _about(outcome: Outcome) -> str:
    return f"{outcome.qid} · {primary_of(outcome.measures)} {_value(outcome):.3f} · {outcome.retrieved} results"


def _value(outcome: Outcome) -> float:
    return outcome.measures[primary_of(outcome.measures)]


def _query_table(outcomes: Sequence[Outcome], names: Sequence[str]) -> Table:
    rows = [
        (
            one.query,
            one.qid,
            *(f"{one.measures[name]:.3f}" if one.judged else "not judged" for name in names),
            str(one.first_relevant or "—"),
            f"{one.latency_ms:.1f}",
        )
        for one in outcomes
    ]
    return ("query", "qid", *names, "first relevant", "ms"), rows


def _row(label: str, note: str, interval: Interval, tiny: bool = False) -> BarRow:
    return BarRow(label, note + tiny_mark(tiny), interval.mean, interval.low, interval.high, tiny)
