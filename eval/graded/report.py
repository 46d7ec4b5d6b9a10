"""What grades say, as tables for the terminal and the pages, and the plot of the calibration."""

from __future__ import annotations

from collections.abc import Sequence

from eval.graded.deltas import OVER, GradedDelta
from eval.page import Figure, Table
from eval.plots import BarRow, interval_bars
from eval.types import CalibrationBin, Cell, Graded
from eval.wording import signed, signed_bounds


def graded_note(graded: Graded) -> str:
    """What an answer is, and how many queries have one."""
    return (
        f"Answer: graded {graded.answer} or more. {graded.answered} queries have one among what was judged, "
        f"{graded.unanswered} none"
    )


def graded_table(graded: Graded) -> Table:
    """A row for each measure: the share and its 95 % interval, over three groups of queries."""
    rows = [
        (row.part, row.measure, *(_cell(cell) for cell in (row.answered, row.unanswered, row.every)))
        for row in graded.rows
    ]
    return ("", "first ten", *OVER), rows


def calibration_table(graded: Graded) -> Table:
    """A row for each fifth of the judged hits: what was said, and what is true."""
    rows = [(f"{one.low:.3f} – {one.high:.3f}", f"{one.mean:.3f}", _cell(one.answers), str(one.answers.n))
            for one in graded.calibration]  # fmt: skip
    return ("relevance", "mean", "answers", "hits"), rows


def calibration_figure(graded: Graded) -> Figure:
    """The same as bars."""
    rows = [_bar(one) for one in graded.calibration]
    caption = (
        "a fifth of the judged hits each: a bar is the share of answers, and should end at the mean below its name"
    )
    return "What relevance says, and what is true", caption, interval_bars([("", rows)], title="Calibration")


def delta_table(deltas: Sequence[GradedDelta]) -> Table:
    """A row for each measure and group of queries."""
    rows = [
        (one.part, one.measure, one.over, str(one.n), f"{one.mean_a:.3f}", f"{one.mean_b:.3f}",
         signed(one.delta.mean), signed_bounds(one.delta))
        for one in deltas
    ]  # fmt: skip
    return ("", "first ten", "over", "n", "A", "B", "Δ", "95 % interval"), rows


def delta_grid(deltas: Sequence[GradedDelta]) -> Table:
    """The same in the shape of `graded_table`, without intervals: a star where theirs leaves out 0."""
    cells = {(one.measure, one.over): f"{one.mean_a:.3f} → {one.mean_b:.3f}{_star(one)}" for one in deltas}
    measures = {one.measure: one.part for one in deltas}
    rows = [(part, measure, *(cells.get((measure, over), "— ") for over in OVER)) for measure, part in measures.items()]
    return ("", "first ten, A → B", *OVER), rows


def _star(one: GradedDelta) -> str:
    low, high = one.delta.low, one.delta.high
    return "*" if low is not None and high is not None and (low > 0 or high < 0) else " "


def _bar(one: CalibrationBin) -> BarRow:
    share, label = one.answers.value, f"{one.low:.2f} – {one.high:.2f}"
    return BarRow(label, f"mean {one.mean:.2f}, n = {one.answers.n}", share.mean, share.low, share.high)


def _cell(cell: Cell | None) -> str:
    """``0.731 .66–.80``: three shares with intervals have room on a line."""
    if cell is None:
        return "—"
    low, high = cell.value.low, cell.value.high
    return f"{cell.value.mean:.3f} {'—' if low is None or high is None else f'{_short(low)}–{_short(high)}'}"


def _short(share: float) -> str:
    return "1" if share > 0.995 else f"{share:.2f}".removeprefix("0")
