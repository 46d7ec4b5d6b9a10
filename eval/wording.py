"""How numbers and shortfalls are written, the same in the terminal and on the pages."""

from __future__ import annotations

from eval.types import Coverage, Interval

_NAMED = 10


def signed(value: float, digits: int = 3) -> str:
    """A difference: ``+0.120``, ``−0.034``; one that rounds to zero has no sign."""
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def bounds(interval: Interval) -> str:
    """``0.312 – 0.402``, or a dash when there is no interval."""
    if interval.low is None or interval.high is None:
        return "—"
    return f"{interval.low:.3f} – {interval.high:.3f}"


def signed_bounds(interval: Interval) -> str:
    """``−0.012 … +0.034``, or a dash when there is no interval."""
    if interval.low is None or interval.high is None:
        return "—"
    return f"{signed(interval.low)} … {signed(interval.high)}"


def tiny_mark(tiny: bool) -> str:
    """What follows the name of a slice that is too small to conclude from."""
    return " (tiny)" if tiny else ""


def coverage_lines(coverage: Coverage) -> list[str]:
    """What the reader must know about queries that do not count or cannot score; empty when all is well."""
    kinds = (
        ("asked but not judged, not in the means", coverage.unjudged),
        ("judged without any relevant document, counted as 0", coverage.without_relevant),
        ("judged and without result, counted as 0", coverage.without_result),
        ("judged but not among the queries", coverage.judged_not_asked),
        ("with grades below 0 (spam), which count as 0", coverage.with_spam),
    )
    return [
        f"{len(qids)} {what}: {', '.join(qids[:_NAMED])}{' …' if len(qids) > _NAMED else ''}"
        for what, qids in kinds
        if qids
    ]
