"""A generation much smaller than the last one is a broken feed, not a smaller shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.checks.context import CheckContext, reaches
from retrieval.generations import Manifest
from retrieval.schema import PRODUCT, VIDEO

_COUNTED = {PRODUCT.kind: "documents", VIDEO.kind: "videos"}


def counts(context: CheckContext) -> list[str]:
    """There are products, and not far fewer than before, nor far fewer videos, where any are read."""
    now = context.reader.manifest
    if _held(now, PRODUCT.kind) == 0:
        return [f"the generation is empty{_why_empty(now.details)}"]
    served, share = context.previous, context.bounds.min_count_ratio
    return [
        f"{_held(now, kind):,} {many}, the published generation {served.generation} has {_held(served, kind):,}; at "
        f"least {share:.0%} of them are asked for (index.min_count_ratio); --allow-shrink says that so few are meant"
        for kind, many in _COUNTED.items()
        if served is not None and kind in now.collections
        if not reaches(_held(now, kind), share, _held(served, kind))
    ]


def _held(manifest: Manifest, kind: str) -> int:
    return manifest.collections[kind].documents if kind in manifest.collections else 0


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
