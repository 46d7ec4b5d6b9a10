"""A finished generation becomes the served one if it is fit for it; else it is taken away again.

Whatever goes wrong in between, an interrupt too: what was served before goes on serving. Who publishes one that is not
fit leaves a trace in its manifest: who, when, why, and what had failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from indexer.checks.context import Bounds, CheckContext, Judge
from indexer.checks.gate import SERVABLE, GateReport, refuse, run_checks
from retrieval.analysis.analyzer import Analyzer
from retrieval.errors import XunhuoError
from retrieval.generations import Manifest
from retrieval.protocols import Backend, Encoder
from retrieval.schema import PRODUCT


@dataclass(frozen=True, slots=True)
class Force:
    """Somebody publishes whatever the checks say.

    Attributes:
        by: who; at: when (ISO 8601).
        why: the reason given.
    """

    by: str
    at: str
    why: str


def publish_checked(
    backend: Backend, generation: str, analyzer: Analyzer, previous: Manifest | None, bounds: Bounds, *,
    encoder: Encoder | None = None, judge: Judge | None = None, force: Force | None = None,
    told: Callable[[GateReport], object] = lambda report: None,
) -> GateReport:  # fmt: skip
    """Runs every check on `generation` and publishes it; `previous` is the one that is served.

    Args:
        encoder: what made the vectors; judge: asks judged queries, where there are some.
        force: publishes it although checks fail, unless it cannot be opened.
        told: of what the checks found, whatever becomes of it.

    Raises:
        CheckFailed: it is not fit to be published.
    """
    with published(backend, generation):
        report = examined(backend, generation, analyzer, previous, bounds, encoder=encoder, judge=judge)
        told(report)
        if not force or SERVABLE in report.failed:
            refuse(report, serving=backend.current() is not None)
        backend.annotate(generation, {"gates": trace_of(report, force)})
    return report


def examined(
    backend: Backend, generation: str, analyzer: Analyzer, previous: Manifest | None, bounds: Bounds, *,
    encoder: Encoder | None = None, judge: Judge | None = None,
) -> GateReport:  # fmt: skip
    """What the checks find in `generation`; one that cannot be opened fails as damaged."""
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(closing(backend.open(generation))).collection(PRODUCT.kind)
        except (XunhuoError, ValueError, OSError) as why:
            problems = backend.verify(generation) or [f"it cannot be opened: {why}"]
            against = previous.generation if previous else None
            return GateReport(generation, against, {SERVABLE: problems}, {SERVABLE: 0.0})
        context = CheckContext(backend, reader, previous, analyzer, bounds, encoder=encoder, judge=judge)
        if previous is not None and previous.generation != generation:
            with suppress(XunhuoError, ValueError, OSError):  # what is served may be of an old format, or damaged
                served = stack.enter_context(closing(backend.open(previous.generation)))
                context = context.after(served.collection(PRODUCT.kind))
        return run_checks(context)


def trace_of(report: GateReport, force: Force | None) -> dict[str, Any]:
    """What the manifest keeps of the checks."""
    kept: dict[str, Any] = {"against": report.against, "passed": [n for n, found in report.found.items() if not found]}
    if report.failed:
        kept["failed"] = report.failed
    if force and report.failed:
        kept["forced"] = {"by": force.by, "at": force.at, "why": force.why}
    return kept


@contextmanager
def published(backend: Backend, generation: str) -> Iterator[None]:
    """Publishes `generation` when the block ends well, and deletes it when it raises."""
    try:
        yield
        backend.publish(generation)
    except BaseException:
        if backend.current() != generation:
            backend.delete(generation)
        raise


def served_by(backend: Backend) -> Manifest | None:
    """The manifest of the published generation; not of the newest, which may have been rolled back."""
    current = backend.current()
    return next((manifest for manifest in backend.manifests() if manifest.generation == current), None)
