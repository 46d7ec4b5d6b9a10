"""The page of a comparison: what changed, for which queries, and whether chance could have done it."""

from __future__ import annotations

from collections.abc import Sequence

from eval.compare import TIE, Comparison, ComparisonSummary, MeasureDelta, Pair, SliceDelta
from eval.graded.report import delta_table
from eval.measures import primary_of
from eval.page import RECALLED, Figure, Table, render
from eval.plots import BarRow, interval_bars, scatter, win_loss
from eval.slices import GROUPS
from eval.wording import signed, signed_bounds, tiny_mark

SHOWN = 15
"""Wins and losses shown, each."""

_HEADERS = ("A", "B", "Δ", "95 % interval", "wins", "ties", "losses", "p")

HOLM_NOTE = (
    "p: paired randomisation test over queries, two-sided. Holm p: corrected for testing {m} measures at once "
    "(Holm–Bonferroni); read this one. Slice p values are not corrected: they point, they do not prove."
)


def comparison_report(comparison: Comparison) -> str:
    """One self-contained HTML page of a comparison."""
    s = comparison.summary
    names = [one.measure for one in s.measures]
    wins, losses = biggest(comparison.pairs, primary_of(names))
    return render(
        "comparison.html",
        title=f"{s.name_b} against {s.name_a}",
        about=[f"A: {about_of(s.name_a, s.about_a)}", f"B: {about_of(s.name_b, s.about_b)}", _setup(s)],
        tiles=[
            (one.measure, signed(one.delta.mean), f"{one.mean_a:.3f} → {one.mean_b:.3f}, Holm p {one.holm_p_value:.3g}")
            for one in s.measures
        ],
        whole=_whole(comparison),
        holm_note=HOLM_NOTE.format(m=len(s.measures)),
        measure_table=_measure_table(s.measures),
        graded_table=delta_table(s.graded),
        slice_figures=_slice_figures(s.slices, primary_of(names)),
        slice_table=_slice_table(s.slices),
        wins=[(pair, values_of(pair, primary_of(names))) for pair in wins],
        losses=[(pair, values_of(pair, primary_of(names))) for pair in losses],
        judged=s.n,
        query_table=_query_table(comparison.pairs, names),
    )


def biggest(pairs: Sequence[Pair], primary: str) -> tuple[list[Pair], list[Pair]]:
    """The largest wins and the largest losses of B in the primary measure, ties in neither, equals by qid."""
    ordered = sorted(pairs, key=lambda pair: (-abs(pair.delta(primary)), pair.a.qid))
    wins = [pair for pair in ordered if pair.delta(primary) >= TIE]
    losses = [pair for pair in ordered if pair.delta(primary) <= -TIE]
    return wins[:SHOWN], losses[:SHOWN]


def about_of(name: str, about: dict[str, str]) -> str:
    """The name of a run, and what it says of itself."""
    return " · ".join([name, *(f"{key}: {value}" for key, value in about.items())])


def _setup(s: ComparisonSummary) -> str:
    method = f"{s.permutations} permutations, {s.resamples} bootstrap resamples, seed {s.seed}"
    return f"{s.n} judged queries · Δ = B − A · {method}"


def _whole(comparison: Comparison) -> list[Figure]:
    s = comparison.summary
    name = primary_of(one.measure for one in s.measures)
    primary = next(one for one in s.measures if one.measure == name)
    rows = [_row(one.measure, f"+{one.wins} ={one.ties} −{one.losses}", one) for one in s.measures]
    points = [(pair.a.measures[name], pair.b.measures[name]) for pair in comparison.pairs]
    return [
        ("Δ of every measure", "with 95 % bootstrap intervals", interval_bars([("", rows)], title="Δ", signed=True)),
        (
            f"Δ {name} query by query",
            f"{primary.wins} wins, {primary.ties} ties, {primary.losses} losses of B",
            win_loss([pair.delta(name) for pair in comparison.pairs], title=f"Δ {name} query by query"),
        ),
        (
            f"{name}, A against B",
            "above the line B is better; a larger disc is more queries",
            scatter(points, title=f"{name}, A against B", x_axis=f"A: {s.name_a}", y_axis=f"B: {s.name_b}"),
        ),
    ]


def _slice_figures(slices: Sequence[SliceDelta], primary: str) -> list[Figure]:
    def chart(measure: str) -> str:
        groups = [
            (
                group,
                [
                    _row(one.label, f"n = {one.n}{tiny_mark(one.tiny)}", delta, one.tiny)
                    for one in slices
                    for delta in one.measures
                    if one.group == group and delta.measure == measure
                ],
            )
            for group in GROUPS
        ]
        return interval_bars([(g, rows) for g, rows in groups if rows], title=f"Δ {measure} by kind", signed=True)

    return [(f"Δ {name}", "mean with 95 % bootstrap interval", chart(name)) for name in (primary, RECALLED)]


def _row(label: str, note: str, one: MeasureDelta, tiny: bool = False) -> BarRow:
    return BarRow(label, note, one.delta.mean, one.delta.low, one.delta.high, tiny)


def _measure_table(measures: Sequence[MeasureDelta]) -> Table:
    rows = [(one.measure, *_cells(one), f"{one.holm_p_value:.4f}") for one in measures]
    return ("measure", *_HEADERS, "Holm p"), rows


def _cells(one: MeasureDelta) -> tuple[str, ...]:
    means = (f"{one.mean_a:.3f}", f"{one.mean_b:.3f}", signed(one.delta.mean))
    counts = (str(one.wins), str(one.ties), str(one.losses))
    return (*means, signed_bounds(one.delta), *counts, f"{one.p_value:.4f}")


def _slice_table(slices: Sequence[SliceDelta]) -> Table:
    rows = [
        (one.group, one.label + tiny_mark(one.tiny), delta.measure, str(one.n), *_cells(delta))
        for one in slices
        for delta in one.measures
    ]
    return ("group", "kind", "measure", "n", *_HEADERS), rows


def values_of(pair: Pair, primary: str) -> str:
    """The query's name, and what both runs have in the primary measure."""
    a, b = pair.a.measures[primary], pair.b.measures[primary]
    return f"{pair.a.qid} · {primary} {a:.3f} → {b:.3f} ({signed(b - a)})"


def _query_table(pairs: Sequence[Pair], names: Sequence[str]) -> Table:
    primary = primary_of(names)
    rows = [
        (
            pair.a.query,
            pair.a.qid,
            *(signed(pair.delta(measure)) for measure in names),
            str(pair.a.first_relevant or "—"),
            str(pair.b.first_relevant or "—"),
        )
        for pair in sorted(pairs, key=lambda pair: (-pair.delta(primary), pair.a.qid))
    ]
    return ("query", "qid", *(f"Δ {measure}" for measure in names), "first relevant A", "B"), rows
