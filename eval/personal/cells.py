"""The rows of every table of the report, as text: the terminal and the page show the same. They fit 80 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from eval.page import Table
from eval.personal.types import ALL, COLD, NEUTRAL, PERSONAL, SHUFFLED, WARM, Difference, Group, PersonalSummary
from eval.personal.ways import WEIGHTS, fixed
from eval.wording import signed, signed_bounds, tiny_mark

_SHOPPERS = {ALL: "all shoppers", WARM: "warm shoppers", COLD: "cold shoppers"}


def gain_table(groups: Sequence[Group]) -> Table:
    """Own against neutral."""

    def cells(group: Group) -> tuple[str, ...]:
        one = difference(group, PERSONAL, NEUTRAL)
        means = (f"{group.ndcg[NEUTRAL]:.3f}", f"{group.ndcg[PERSONAL]:.3f}")
        return str(group.n), *means, _percent(one.relative), signed_bounds(one.delta), _p(one)

    return ("", "n", NEUTRAL, PERSONAL, "Δ %", "95 % of Δ", "Holm p"), _rows(groups, cells)


def control_table(groups: Sequence[Group], best: str) -> Table:
    """Own against a stranger's, and against the best fixed weight; and what the stranger's does."""

    def cells(group: Group) -> tuple[str, ...]:
        own, other, weight = (
            difference(group, *pair) for pair in ((PERSONAL, SHUFFLED), (SHUFFLED, NEUTRAL), (PERSONAL, best))
        )
        found = (signed(own.delta.mean), _percent(other.relative), signed(weight.delta.mean))
        return found[0], _p(own), found[1], _p(other), found[2], _p(weight)

    headers = ("", "− shuffled", "Holm p", "shuffled", "Holm p", f"− {best}", "Holm p")
    return headers, _rows(groups, cells)


def weight_table(groups: Sequence[Group]) -> Table:
    """nDCG@10 with each fixed weight, without the bound."""
    rows = _rows(groups, lambda group: [f"{group.ndcg[fixed(w)]:.3f}".removeprefix("0") for w in WEIGHTS])
    return ("", *(f"{weight:.1f}" for weight in WEIGHTS)), rows


def movement_table(groups: Sequence[Group]) -> Table:
    """How far hits could move, how many of the first ten did, and how many fit the words."""

    def cells(group: Group) -> tuple[str, ...]:
        fit = (f"{group.fit[way]:.1%}" for way in (NEUTRAL, PERSONAL))
        return f"{group.shift:.1f}", f"{group.moved:.0%}", *fit

    return ("", "shift", "moved", f"fit, {NEUTRAL}", f"fit, {PERSONAL}"), _rows(groups, cells)


def variety_table(summary: PersonalSummary) -> Table:
    """What the first ten show."""
    rows = [
        (way, f"{one.documents:,}", f"{one.coverage:.1%}", f"{one.diversity:.3f}")
        for way in (NEUTRAL, PERSONAL, SHUFFLED, summary.best_fixed)
        for one in [summary.variety[way]]
    ]
    return ("", "different documents", "of the catalogue", "diversity"), rows


def calibration_table(summary: PersonalSummary) -> Table:
    """What taste gains where."""
    rows: list[tuple[str, ...]] = []
    for of in dict.fromkeys(one.of for one in summary.calibration):
        rows.append((of, *[""] * 7))
        for one in summary.calibration:
            if one.of == of:
                label, share = (
                    f"  {one.label}{tiny_mark(one.tiny)}",
                    f"{one.share:.0%}" if one.share is not None else "—",
                )
                gain = (signed(one.gain.mean), signed_bounds(one.gain), share)
                best = (f"{one.best_weight:.1f}", signed(one.best_gain))
                rows.append((label, str(one.n), f"{one.shift:.0f}", *gain, *best))
    return ("", "n", "shift", "Δ", "95 %", "of gain", "best w", "its Δ"), rows


def by_shoppers(groups: Sequence[Group]) -> Iterator[tuple[str, list[Group]]]:
    """Heading → its groups."""
    for shoppers in dict.fromkeys(group.shoppers for group in groups):
        yield _SHOPPERS[shoppers], [group for group in groups if group.shoppers == shoppers]


def band_of(group: Group) -> str:
    """What its row is called."""
    return "all bands" if group.band == ALL else group.band


def difference(group: Group, way: str, against: str) -> Difference:
    """The one between these ways."""
    return next(one for one in group.differences if (one.way, one.against) == (way, against))


def _rows(groups: Sequence[Group], cells: Callable[[Group], Sequence[str]]) -> list[tuple[str, ...]]:
    """Under headings, each row beginning with its band."""
    rows: list[tuple[str, ...]] = []
    for heading, its in by_shoppers(groups):
        each = [(f"  {band_of(group)}{tiny_mark(group.tiny)}", *cells(group)) for group in its]
        rows += [(heading, *[""] * (len(each[0]) - 1)), *each]
    return rows


def _p(one: Difference) -> str:
    return f"{one.holm_p_value:.4f}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{signed(100 * share, 1)} %"
