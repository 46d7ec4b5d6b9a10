"""The page of a comparison: what changed, for which queries, and whether chance could have done it."""

from __future__ import annotations

from collections.abc import Sequence

from eval import page
from eval.compare import TIE, Comparison, ComparisonSummary, MeasureDelta, Pair, SliceDelta
from eval.measures import MEASURES, PRIMARY
from eval.page import SLICE_PLOTS, TINY_NOTE
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
    title = f"{s.name_b} against {s.name_a}"
    wins, losses = biggest(comparison.pairs)
    return page.page(
        title,
        page.heading(title, {}, f"A: {_about(s.name_a, s.about_a)}", f"B: {_about(s.name_b, s.about_b)}", _setup(s)),
        page.tiles(
            (
                one.measure,
                signed(one.delta.mean),
                f"{one.mean_a:.3f} → {one.mean_b:.3f}, Holm p {one.holm_p_value:.3g}",
            )
            for one in s.measures
        ),
        page.section("The whole set", _whole(comparison), note=HOLM_NOTE.format(m=len(s.measures))),
        page.section("Every measure", _measure_table(s.measures)),
        page.section("Kinds of queries", _slice_figures(s.slices), note=TINY_NOTE),
        page.folded("Kinds of queries, every measure", _slice_table(s.slices)),
        page.section(f"Biggest wins ({len(wins)})", page.cards(_card(pair) for pair in wins), note="Marked: relevant."),
        page.section(f"Biggest losses ({len(losses)})", page.cards(_card(pair) for pair in losses)),
        page.folded(f"All {s.n} judged queries", _query_table(comparison.pairs)),
    )


def biggest(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The largest wins and the largest losses of B in the primary measure, ties in neither, equals by qid."""
    ordered = sorted(pairs, key=lambda pair: (-abs(pair.delta(PRIMARY)), pair.a.qid))
    wins = [pair for pair in ordered if pair.delta(PRIMARY) >= TIE]
    losses = [pair for pair in ordered if pair.delta(PRIMARY) <= -TIE]
    return wins[:SHOWN], losses[:SHOWN]


def _about(name: str, about: dict[str, str]) -> str:
    return " · ".join([name, *(f"{key}: {value}" for key, value in about.items())])


def _setup(s: ComparisonSummary) -> str:
    method = f"{s.permutations} permutations, {s.resamples} bootstrap resamples, seed {s.seed}"
    return f"{s.n} judged queries · Δ = B − A · {method}"


def _whole(comparison: Comparison) -> str:
    s = comparison.summary
    primary = next(one for one in s.measures if one.measure == PRIMARY)
    rows = [_row(one.measure, f"+{one.wins} ={one.ties} −{one.losses}", one) for one in s.measures]
    points = [(pair.a.measures[PRIMARY], pair.b.measures[PRIMARY]) for pair in comparison.pairs]
    return page.figures(
        ("Δ of every measure", "with 95 % bootstrap intervals", interval_bars([("", rows)], title="Δ", signed=True)),
        (
            f"Δ {PRIMARY} query by query",
            f"{primary.wins} wins, {primary.ties} ties, {primary.losses} losses of B",
            win_loss([pair.delta(PRIMARY) for pair in comparison.pairs], title=f"Δ {PRIMARY} query by query"),
        ),
        (
            f"{PRIMARY}, A against B",
            "above the line B is better; a larger disc is more queries",
            scatter(points, title=f"{PRIMARY}, A against B", x_axis=f"A: {s.name_a}", y_axis=f"B: {s.name_b}"),
        ),
    )


def _slice_figures(slices: Sequence[SliceDelta]) -> str:
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

    return page.figures(*((f"Δ {name}", "mean with 95 % bootstrap interval", chart(name)) for name in SLICE_PLOTS))


def _row(label: str, note: str, one: MeasureDelta, tiny: bool = False) -> BarRow:
    return BarRow(label, note, one.delta.mean, one.delta.low, one.delta.high, tiny)


def _measure_table(measures: Sequence[MeasureDelta]) -> str:
    rows = ((one.measure, *_cells(one), f"{one.holm_p_value:.4f}") for one in measures)
    return page.table(("measure", *_HEADERS, "Holm p"), rows)


def _cells(one: MeasureDelta) -> tuple[str, ...]:
    means = (f"{one.mean_a:.3f}", f"{one.mean_b:.3f}", signed(one.delta.mean))
    counts = (str(one.wins), str(one.ties), str(one.losses))
    return (*means, signed_bounds(one.delta), *counts, f"{one.p_value:.4f}")


def _slice_table(slices: Sequence[SliceDelta]) -> str:
    rows = (
        (one.group, one.label + tiny_mark(one.tiny), delta.measure, str(one.n), *_cells(delta))
        for one in slices
        for delta in one.measures
    )
    return page.table(("group", "kind", "measure", "n", *_HEADERS), rows, text_columns=3)


def _card(pair: Pair) -> str:
    a, b = pair.a.measures[PRIMARY], pair.b.measures[PRIMARY]
    sides = "".join(
        f'<div><p class="meta">{side} · {page.rank_text(outcome.first_relevant)}</p>{page.results(outcome)}</div>'
        for side, outcome in (("A", pair.a), ("B", pair.b))
    )
    meta = f"{pair.a.qid} · {PRIMARY} {a:.3f} → {b:.3f} ({signed(b - a)})"
    return page.card(pair.a.query, meta, page.gold(pair.b), f'<div class="pair">{sides}</div>')


def _query_table(pairs: Sequence[Pair]) -> str:
    rows = (
        (
            pair.a.query,
            pair.a.qid,
            *(signed(pair.delta(measure)) for measure in MEASURES),
            str(pair.a.first_relevant or "—"),
            str(pair.b.first_relevant or "—"),
        )
        for pair in sorted(pairs, key=lambda pair: (-pair.delta(PRIMARY), pair.a.qid))
    )
    headers = ("query", "qid", *(f"Δ {measure}" for measure in MEASURES), "first relevant A", "B")
    return page.table(headers, rows, text_columns=2, long_column=0)
