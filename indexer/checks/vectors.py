"""A vector that is not finite or not of unit length makes a cosine that looks right and is not."""

from __future__ import annotations

from indexer.checks.context import CheckContext


def vectors(context: CheckContext) -> list[str]:
    """All vectors are finite and of unit length."""
    return context.reader.check_vectors()
