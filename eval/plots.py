"""Plots as inline SVG: text a browser draws by itself, in the page's own colours.

A plot is 360 units wide, so that a phone shows its text at full size.
Every function returns one ``<svg>`` element; the classes it uses are styled in ``templates/page.html``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from eval.wording import signed as difference

WIDTH = 360
_LABELS = 128  # width of the label column of horizontal bars
_VALUES = 48  # width of the value column


@dataclass(frozen=True, slots=True)
class BarRow:
    """One horizontal bar with its interval; ``note`` stands small under the label, ``faint`` for tiny slices."""

    label: str
    note: str
    value: float
    low: float | None
    high: float | None
    faint: bool = False


def interval_bars(groups: Sequence[tuple[str, Sequence[BarRow]]], *, title: str, signed: bool = False) -> str:
    """Horizontal bars from zero with whiskers, under group headings; the axis is [0, 1], or symmetric when signed."""
    rows = [row for _, group in groups for row in group]
    reach = max((abs(x) for row in rows for x in (row.value, row.low, row.high) if x is not None), default=0.0)
    limit = _nice(reach) if signed else 1.0
    low = -limit if signed else 0.0
    left, right = _LABELS + 6, WIDTH - _VALUES - 6

    def x(value: float) -> float:
        return left + (value - low) / (limit - low) * (right - left)

    body: list[str] = []
    y = 6.0
    for heading, group in groups:
        if heading:
            y += 18
            body.append(_text(0, y - 4, heading, "head"))
        for row in group:
            body.append(_bar(row, x, y, signed))
            y += 32
    ticks = (low, low / 2, 0.0, limit / 2, limit) if signed else (0.0, 0.25, 0.5, 0.75, 1.0)
    grid = "".join(
        f'<line class="{"zero" if tick == 0 else "grid"}" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="4" y2="{y:.1f}"/>'
        + _text(
            x(tick), y + 14, f"{tick:+.3g}".replace("-", "−") if signed and tick else f"{tick:.3g}", "tick", "middle"
        )
        for tick in ticks
    )
    return _svg(y + 20, title, grid + "".join(body))


def columns(labels: Sequence[str], counts: Sequence[int], *, title: str, axis: str) -> str:
    """Upright bars of counts with the count on top and the label below."""
    top, base = 24.0, 150.0
    step = WIDTH / len(labels)
    highest = max(1, *counts)
    body = [f'<line class="zero" x1="0" x2="{WIDTH}" y1="{base}" y2="{base}"/>']
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        height = count / highest * (base - top)
        middle = (place + 0.5) * step
        body.append(
            f'<rect class="bar" x="{middle - step * 0.4:.1f}" y="{base - height:.1f}" width="{step * 0.8:.1f}" '
            f'height="{height:.1f}"><title>{escape(label)}: {count}</title></rect>'
        )
        body.append(_text(middle, base - height - 5, str(count), "value", "middle"))
        body.append(_text(middle, base + 15, label, "tick", "middle"))
    body.append(_text(WIDTH / 2, base + 34, axis, "tick", "middle"))
    return _svg(base + 42, title, "".join(body))


def win_loss(deltas: Sequence[float], *, title: str) -> str:
    """All per-query differences, largest win first, as one silhouette: wins above the line, losses below."""
    ordered = sorted(deltas, reverse=True)
    limit = _nice(max((abs(delta) for delta in ordered), default=0.0))
    left, top, base, bottom = 40.0, 10.0, 95.0, 180.0
    step = (WIDTH - left) / max(1, len(ordered))

    def outline(style: str, keep: Sequence[float]) -> str:
        points = [f"M{left:.1f} {base:.1f}"]
        for place, delta in enumerate(keep):
            points.append(f"V{base - delta / limit * (base - top):.2f}H{left + (place + 1) * step:.2f}")
        return f'<path class="{style}" d="{"".join(points)}V{base:.1f}Z"/>'

    grid = "".join(
        f'<line class="{style}" x1="{left}" x2="{WIDTH}" y1="{y}" y2="{y}"/>'
        + _text(left - 5, y + 4, label, "tick", "end")
        for y, label, style in ((top, f"+{limit:g}", "grid"), (base, "0", "zero"), (bottom, f"−{limit:g}", "grid"))
    )
    wins = outline("win", [max(delta, 0.0) for delta in ordered])
    losses = outline("loss", [min(delta, 0.0) for delta in ordered])
    caption = _text((left + WIDTH) / 2, bottom + 18, f"{len(ordered)} queries, largest win first", "tick", "middle")
    return _svg(bottom + 26, title, grid + wins + losses + caption)


def scatter(points: Sequence[tuple[float, float]], *, title: str, x_axis: str, y_axis: str) -> str:
    """Values in [0, 1] of run A across and run B up; queries on one spot make a larger disc."""
    left, top, side, gap = 58.0, 20.0, 270.0, 20.0
    spots = Counter((round(a, 3), round(b, 3)) for a, b in points)
    body: list[str] = []
    for tick in (0.0, 0.5, 1.0):
        x, y = left + tick * side, top + (1 - tick) * side
        body.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{top + side}"/>')
        body.append(f'<line class="grid" x1="{left}" x2="{left + side}" y1="{y}" y2="{y}"/>')
        body.append(
            _text(x, top + side + gap + 12, f"{tick:g}", "tick", "middle")
            + _text(left - gap - 4, y + 4, f"{tick:g}", "tick", "end")
        )
    body.append(f'<line class="zero" x1="{left}" x2="{left + side}" y1="{top + side}" y2="{top}"/>')
    for (a, b), count in sorted(spots.items(), key=lambda item: (-item[1], item[0])):
        style = "win" if b > a else "loss" if b < a else "tie"
        body.append(
            f'<circle class="{style} spot" cx="{left + a * side:.1f}" cy="{top + (1 - b) * side:.1f}" '
            f'r="{min(18.0, 2.0 + math.sqrt(count)):.1f}"><title>A {a:g}, B {b:g}: {count} queries</title></circle>'
        )
    body.append(_text(left + side / 2, top + side + gap + 30, x_axis, "tick", "middle"))
    across = f"translate(12 {top + side / 2}) rotate(-90)"
    body.append(f'<g transform="{across}">{_text(0, 0, y_axis, "tick", "middle")}</g>')
    return _svg(top + side + gap + 38, title, "".join(body))


def _bar(row: BarRow, x: Callable[[float], float], y: float, signed: bool) -> str:
    """Label and note left, bar and whisker in the middle of a row 32 high, value right."""
    middle = y + 15
    start, end = sorted((x(0.0), x(row.value)))
    style = "bar" if not signed else "win" if row.value >= 0 else "loss"
    parts = [
        _text(_LABELS, y + 12, row.label, "label", "end"),
        _text(_LABELS, y + 25, row.note, "note", "end"),
        f'<rect class="{style}{" faint" if row.faint else ""}" x="{start:.1f}" y="{middle - 8}" '
        f'width="{end - start:.1f}" height="16"/>',
        _text(WIDTH, middle + 4, difference(row.value) if signed else f"{row.value:.3f}", "value", "end"),
    ]
    if row.low is not None and row.high is not None:
        a, b = x(row.low), x(row.high)
        ends = f"M{a:.1f} {middle}H{b:.1f}M{a:.1f} {middle - 4}v8M{b:.1f} {middle - 4}v8"
        parts.append(f'<path class="whisker" d="{ends}"><title>{row.low:.3f} to {row.high:.3f}</title></path>')
    return "".join(parts)


def _nice(reach: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten (at most 1, at least 0.01) that covers ``reach``."""
    steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    return next((step for step in steps if step >= reach), 1.0)


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, body: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img"><title>{escape(title)}</title>{body}</svg>'
