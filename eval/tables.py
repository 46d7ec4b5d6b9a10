"""The same numbers for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eval.compare import ComparisonSummary, MeasureDelta
from eval.graded.report import calibration_table, delta_grid, graded_note, graded_table
from eval.measures import primary_of
from eval.page import Table as Cells
from eval.types import Summary
from eval.wording import bounds, coverage_lines, signed, signed_bounds, tiny_mark

_OTHERS = ("MRR@10", "R@100")  # beside the primary measure, what 80 columns hold; the rest is in the JSON


def run_tables(summary: Summary) -> Iterator[RenderableType]:
    """What `eval run` prints: coverage, the means with intervals, the slices."""
    latency, coverage = summary.latency, summary.coverage
    about = "".join(f" · {key}: {value}" for key, value in summary.about.items())
    yield Text(f"{summary.name}{about}", style="bold")
    yield Text(
        f"{coverage.judged} judged of {coverage.asked} queries · p50 {latency.p50_ms} ms, p99 {latency.p99_ms} ms"
    )
    yield from (Text(line, style="yellow") for line in coverage_lines(coverage))
    means = plain_table(("measure", "mean", "95 % interval"))
    for name, interval in summary.measures.items():
        means.add_row(name, f"{interval.mean:.3f}", bounds(interval))
    yield means
    if summary.graded is not None:
        yield Text(graded_note(summary.graded), style="bold")
        yield grouped_table(graded_table(summary.graded))
        if summary.graded.calibration:
            yield shown_table(calibration_table(summary.graded))
    primary_name = primary_of(summary.measures)
    slices = plain_table(("kind of query", "n", primary_name, "95 % interval", *_OTHERS))
    for group in dict.fromkeys(one.group for one in summary.slices):
        slices.add_row(Text(group, style="bold"))
        for one in summary.slices:
            if one.group == group:
                shown = f"  {one.label}{tiny_mark(one.tiny)}"
                primary = one.measures[primary_name]
                others = (f"{one.measures[name].mean:.3f}" for name in _OTHERS)
                slices.add_row(shown, str(one.n), f"{primary.mean:.3f}", bounds(primary), *others)
    yield slices


def comparison_tables(summary: ComparisonSummary) -> Iterator[RenderableType]:
    """What `eval compare` prints: every measure, then every slice in the primary measure."""
    yield Text(f"A: {summary.name_a}   B: {summary.name_b}   {summary.n} judged queries, Δ = B − A", style="bold")
    headers = ("Δ", "95 % interval", "+/=/−", "p")
    whole = plain_table(("measure", "A", "B", *headers, "Holm p"))
    for one in summary.measures:
        means = (f"{one.mean_a:.3f}", f"{one.mean_b:.3f}")
        whole.add_row(one.measure, *means, *_cells(one), f"{one.holm_p_value:.4f}")
    yield whole
    if summary.graded:
        yield grouped_table(delta_grid(summary.graded))
        yield Text("*: the 95 % interval of the difference leaves out 0")
    primary_name = primary_of(one.measure for one in summary.measures)
    yield Text(
        f"Holm p is corrected for {len(summary.measures)} measures; below, {primary_name} by kind, p not corrected"
    )
    slices = plain_table(("kind of query", "n", *headers))
    for group in dict.fromkeys(part.group for part in summary.slices):
        slices.add_row(Text(group, style="bold"))
        for part in summary.slices:
            if part.group == group:
                primary = next(one for one in part.measures if one.measure == primary_name)
                slices.add_row(f"  {part.label}{tiny_mark(part.tiny)}", str(part.n), *_cells(primary))
    yield slices


def _cells(one: MeasureDelta) -> tuple[str, ...]:
    difference = (signed(one.delta.mean), signed_bounds(one.delta))
    return (*difference, f"{one.wins}/{one.ties}/{one.losses}", f"{one.p_value:.4f}")


def shown_table(cells: Cells) -> Table:
    headers, rows = cells
    shown = plain_table(tuple(headers))
    for row in rows:
        shown.add_row(*row)
    return shown


def grouped_table(cells: Cells) -> Table:
    """The first cell of a row names its group, which stands as a heading over the first of its rows."""
    headers, rows = cells
    shown = plain_table(tuple(headers[1:]))
    for group in dict.fromkeys(row[0] for row in rows):
        shown.add_row(Text(group, style="bold"))
        for row in rows:
            if row[0] == group:
                shown.add_row(f"  {row[1]}", *row[2:])
    return shown


def plain_table(headers: tuple[str, ...]) -> Table:
    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place else "left", no_wrap=place == 0)
    return table
