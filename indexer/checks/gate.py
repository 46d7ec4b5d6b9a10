"""All checks, in order, each asked whatever the others said: who mends a feed wants to know all that is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from indexer.checks.analysis import analysis
from indexer.checks.categories import categories
from indexer.checks.columns import columns
from indexer.checks.context import CheckContext
from indexer.checks.counts import counts
from indexer.checks.drift import drift
from indexer.checks.fields import fields
from indexer.checks.gold import gold
from indexer.checks.identity import identity
from indexer.checks.ids import ids
from indexer.checks.integrity import integrity
from indexer.checks.judged import judged
from indexer.checks.latency import latency
from indexer.checks.prices import prices
from indexer.checks.scale import scale
from indexer.checks.spread import spread
from indexer.checks.stock import stock
from indexer.checks.titles import titles
from indexer.checks.twins import twins
from indexer.checks.values import values
from indexer.checks.vectors import vectors
from retrieval.errors import CheckFailed, XunhuoError

Check = Callable[[CheckContext], list[str]]

CHECKS: dict[str, Check] = {
    "counts": counts,
    "integrity": integrity,
    "categories": categories,
    "fields": fields,
    "titles": titles,
    "identity": identity,
    "ids": ids,
    "values": values,
    "columns": columns,
    "prices": prices,
    "spread": spread,
    "scale": scale,
    "stock": stock,
    "vectors": vectors,
    "drift": drift,
    "analysis": analysis,
    "twins": twins,
    "gold": gold,
    "latency": latency,
    "judged": judged,
}
FATAL = ("counts", "integrity")
"""Where one of these fails, nothing else can be looked at."""
SERVABLE = "integrity"
"""What fails this one cannot be opened, so nobody can want it served."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """What the checks of a generation found.

    Attributes:
        against: the generation that was served, None before the first.
        found: check → what is wrong, empty where all is well; those that were asked, in order.
        seconds: check → how long it took.
    """

    generation: str
    against: str | None
    found: Mapping[str, list[str]]
    seconds: Mapping[str, float]

    @property
    def failed(self) -> dict[str, list[str]]:
        """Those that found something."""
        return {name: problems for name, problems in self.found.items() if problems}


def run_checks(context: CheckContext) -> GateReport:
    """Runs every check; one that cannot look has found something, too."""
    found: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    for name, check in CHECKS.items():
        started = time.perf_counter()
        if name not in FATAL and not len(context.sample):
            context = context.sampled()
        try:
            found[name] = check(context)
        except (XunhuoError, ValueError, IndexError, KeyError) as why:
            found[name] = [f"it cannot be looked at: {type(why).__name__}: {why}"]
        seconds[name] = round(time.perf_counter() - started, 3)
        if found[name] and name in FATAL:
            break
    previous = context.previous.generation if context.previous else None
    return GateReport(context.reader.manifest.generation, previous, found, seconds)


def refuse(report: GateReport, *, serving: bool) -> None:
    """Stops the publication if a check failed.

    Raises:
        CheckFailed: naming the first check with what it found, and the others.
    """
    if not report.failed:
        return
    (name, problems), *others = report.failed.items()
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    also = f"; also failed: {', '.join(other for other, _ in others)}" if others else ""
    still = "the old generation goes on serving" if serving else "nothing is published yet"
    raise CheckFailed(
        f"check {name}: {problems[0]}{more}{also}",
        field=report.generation,
        hint=f"{still}; mend the input, change the limit in section gates or index, or say --force",
    )
