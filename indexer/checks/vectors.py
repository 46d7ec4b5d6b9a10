"""A vector that is not finite or not of unit length makes a cosine that looks right and is not; one that all share
says nothing."""

from __future__ import annotations

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext, reaches

_APART = 0.001
"""Distance of two unit vectors, below which they are one to half precision."""


def vectors(context: CheckContext) -> list[str]:
    """All vectors are finite and of unit length, and different titles have different ones."""
    if problems := context.reader.check_vectors():
        return problems
    if not context.reader.manifest.dim:
        return []
    titles = {
        str(record["title"]): row for record, row in zip(context.sample.records, context.sample.rows, strict=True)
    }
    if len(titles) < ENOUGH:
        return []
    found = context.reader.vectors(np.array(list(titles.values()), np.int64))
    order = np.lexsort(found.T[:8])  # equal vectors come to stand side by side
    apart = np.linalg.norm(found[order[1:]] - found[order[:-1]], axis=1)
    same = int((apart < _APART).sum())
    if reaches(len(titles) - same, 1 - context.gates.alike_vectors, len(titles)):
        return []
    return [
        f"{same:,} of {len(titles):,} different titles have the vector of another one; at most "
        f"{context.gates.alike_vectors:.0%} may (gates.alike_vectors)"
    ]
