"""The report in a terminal and as a page."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from eval.page import Figure, Table, render
from eval.personal.calibration import ACTS, STRENGTH
from eval.personal.cells import (
    band_of,
    by_shoppers,
    calibration_table,
    control_table,
    difference,
    gain_table,
    movement_table,
    variety_table,
    weight_table,
)
from eval.personal.types import NEUTRAL, PERSONAL, SHUFFLED, WARM_ACTS, Group, PersonalSummary
from eval.personal.ways import WEIGHTS, fixed
from eval.plots import BarRow, interval_bars
from eval.tables import shown_table
from eval.types import Interval
from eval.wording import coverage_lines, signed, tiny_mark

_GAIN = "nDCG@10 (linear gain): as served for who asks, against the list of everybody"
_CONTROL = "Own against another shopper's profile, and against the best fixed weight without the bound"
_WEIGHTS = "nDCG@10 of a fixed weight without the bound"
_MOVEMENT = (
    "Places that a hit could move as served; the share of the first ten that stand elsewhere, and that fits the words"
)
_VARIETY = "What the first ten show: coverage of the catalogue; diversity is 1 − likeness of titles within a list"
_CALIBRATION = "Where taste gains, and the fixed weight that would be best there (0: none)"


def personal_tables(summary: PersonalSummary) -> Iterator[RenderableType]:
    """What `eval personal` prints."""
    about = "".join(f" · {key}: {value}" for key, value in summary.about.items())
    yield Text(f"{summary.name}{about}", style="bold")
    yield Text(_setup(summary))
    yield from (Text(line, style="yellow") for line in coverage_lines(summary.coverage))
    for title, table in _tables(summary):
        yield Text(f"\n{title}", style="bold")
        yield shown_table(table)


def personal_page(summary: PersonalSummary) -> str:
    """One self-contained HTML page."""
    whole = summary.groups[0]
    gain, control = difference(whole, PERSONAL, NEUTRAL), difference(whole, PERSONAL, summary.best_fixed)
    stranger = difference(whole, PERSONAL, SHUFFLED)
    tiles = [
        (what, signed(one.delta.mean), f"Holm p {one.holm_p_value:.3g}")
        for what, one in (
            (f"{PERSONAL} − {NEUTRAL}", gain), (f"{PERSONAL} − {SHUFFLED}", stranger),
            (f"{PERSONAL} − {summary.best_fixed}", control),
        )
    ]  # fmt: skip
    return render(
        "personal.html",
        title=f"The shopper's own order: {summary.name}",
        about=[" · ".join(f"{key}: {value}" for key, value in summary.about.items()), _setup(summary),
               *coverage_lines(summary.coverage)],
        tiles=tiles,
        figures=_figures(summary),
        tables=_tables(summary),
    )  # fmt: skip


def _setup(summary: PersonalSummary) -> str:
    coverage = summary.coverage
    return (
        f"{coverage.judged} judged of {coverage.asked} queries · cold: fewer than {WARM_ACTS} acts before the query · "
        f"Holm p: corrected for the {summary.tests} differences of this report · {summary.permutations} permutations, "
        f"{summary.resamples} bootstrap resamples, seed {summary.seed}"
    )


def _tables(summary: PersonalSummary) -> list[tuple[str, Table]]:
    groups = summary.groups
    return [
        (_GAIN, gain_table(groups)), (_CONTROL, control_table(groups, summary.best_fixed)),
        (_WEIGHTS, weight_table(groups)), (_MOVEMENT, movement_table(groups)), (_VARIETY, variety_table(summary)),
        (_CALIBRATION, calibration_table(summary)),
    ]  # fmt: skip


def _figures(summary: PersonalSummary) -> list[Figure]:
    pairs = ((PERSONAL, NEUTRAL), (PERSONAL, SHUFFLED), (PERSONAL, summary.best_fixed))
    figures = [
        (f"{way} − {against}", "by band, with 95 % bootstrap intervals",
         interval_bars([(head, [_bar(one, way, against) for one in groups])
                        for head, groups in by_shoppers(summary.groups)], title=f"{way} − {against}", signed=True))
        for way, against in pairs
    ]  # fmt: skip
    whole = summary.groups[0].ndcg
    ways = [BarRow(way, "", whole[way], None, None) for way in (NEUTRAL, PERSONAL, SHUFFLED, *map(fixed, WEIGHTS))]
    figures.append(("nDCG@10 of every way", "all queries", interval_bars([("", ways)], title="nDCG@10 of every way")))
    for of in (STRENGTH, ACTS):
        rows = [_row(one.label, f"n = {one.n}, shift {one.shift:.0f}", one.gain, one.tiny)
                for one in summary.calibration if one.of == of]  # fmt: skip
        plot = interval_bars([("", rows)], title=of, signed=True)
        figures.append((f"By {of}", f"{PERSONAL} − {NEUTRAL}, with 95 % bootstrap intervals", plot))
    return figures


def _bar(group: Group, way: str, against: str) -> BarRow:
    return _row(band_of(group), f"n = {group.n}", difference(group, way, against).delta, group.tiny)


def _row(label: str, note: str, interval: Interval, tiny: bool) -> BarRow:
    return BarRow(label, note + tiny_mark(tiny), interval.mean, interval.low, interval.high, tiny)
