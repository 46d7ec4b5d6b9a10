"""Judged queries are answered no worse: a drop that chance does not explain is one that shoppers would feel."""

from __future__ import annotations

from indexer.checks.context import CheckContext


def judged(context: CheckContext) -> list[str]:
    """The whole 95 % interval of the difference does not lie below the drop that is let through."""
    if context.judge is None or context.previous is None:
        return []
    found = context.judge(context.previous.generation, context.reader.manifest.generation)
    if found.high >= -context.gates.metric_drop:
        return []
    return [
        f"{found.measure} of {found.queries:,} judged queries fell from {found.before:.3f} to {found.after:.3f} "
        f"(difference {found.low:+.3f} … {found.high:+.3f}, 95 %); at most {context.gates.metric_drop:g} is let "
        "through (gates.metric_drop)"
    ]
