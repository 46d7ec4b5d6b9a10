"""A generation much smaller than the last one is a broken feed, not a smaller shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.checks.context import CheckContext, reaches


def counts(context: CheckContext) -> list[str]:
    """There are documents, and not far fewer than before."""
    now = context.reader.manifest.documents
    if now == 0:
        return [f"the generation is empty{_why_empty(context.reader.manifest.details)}"]
    served, share = context.previous, context.bounds.min_count_ratio
    if served is None or reaches(now, share, served.documents):
        return []
    return [
        f"{now:,} documents, the published generation {served.generation} has {served.documents:,}; at least "
        f"{share:.0%} of them are asked for (index.min_count_ratio); --allow-shrink says that so few are meant"
    ]


def _why_empty(details: Mapping[str, Any]) -> str:
    """What became of the products, as far as the manifest tells."""
    counts = {what: details.get(what, {}).get("products", 0) for what in ("accepted", "rejected")}
    reasons = sorted(details.get("reasons", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    why = ", ".join(f"{reason} {count:,}" for reason, count in reasons[:3])
    parts = [
        f"{counts['rejected']:,} products were rejected ({why}; the rejects file names each)"
        if counts["rejected"]
        else "",
        f"{details.get('withheld', 0):,} are off the shelf or banned" if details.get("withheld") else "",
        "" if any(counts.values()) else "no product was read",
    ]
    return ": " + ", ".join(part for part in parts if part)
