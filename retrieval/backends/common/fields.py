"""Which of the fields of a query can match at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from retrieval.types import LexicalQuery


def present(query: LexicalQuery, field_counts: Mapping[str, int]) -> LexicalQuery:
    """Without the fields in which no document has text, and those of no weight: they only cost time.

    Args:
        field_counts: field → documents that have text there.
    """
    fields = {name: weight for name, weight in query.fields.items() if field_counts.get(name) and weight > 0}
    return replace(query, fields=fields)
