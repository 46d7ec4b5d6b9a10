"""The form in which queries, and what rules say of them, are compared."""

from __future__ import annotations

from retrieval.analysis.normalize import normalize


def normalized(query: str) -> str:
    """A query in this form."""
    return " ".join(normalize(query).split())
