"""All checks, in order; the first that fails stops the publication."""

from __future__ import annotations

from collections.abc import Callable

from indexer.checks.context import CheckContext
from indexer.checks.counts import counts
from indexer.checks.gold import gold
from indexer.checks.integrity import integrity
from indexer.checks.vectors import vectors
from retrieval.errors import CheckFailed

CHECKS: dict[str, Callable[[CheckContext], list[str]]] = {
    "counts": counts,
    "integrity": integrity,
    "vectors": vectors,
    "gold": gold,
}


def run_checks(context: CheckContext) -> None:
    """Runs every check.

    Raises:
        CheckFailed: naming the check and what it found.
    """
    for name, check in CHECKS.items():
        if problems := check(context):
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise CheckFailed(
                f"check {name}: {problems[0]}{more}",
                field=context.reader.manifest.generation,
                hint=f"{_still(context)}; mend the input, or change the limit in section index",
            )


def _still(context: CheckContext) -> str:
    return "the old generation goes on serving" if context.backend.current() else "nothing is published yet"
