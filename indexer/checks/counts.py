"""A generation much smaller than the last one is a broken feed, not a smaller shop."""

from __future__ import annotations

from indexer.checks.context import CheckContext


def counts(context: CheckContext) -> list[str]:
    """There are documents, and not far fewer than before."""
    now = context.reader.manifest.documents
    if now == 0:
        return ["the generation is empty"]
    before = context.previous.documents if context.previous else 0
    if now >= context.min_count_ratio * before:
        return []
    return [
        f"{now:,} documents, the published generation {context.previous.generation if context.previous else ''} has "
        f"{before:,}; at least {context.min_count_ratio:.0%} of them are asked for (index.min_count_ratio)"
    ]
