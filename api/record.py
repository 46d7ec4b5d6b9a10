"""What of a product's record is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = ("title", "price", "list_price", "shop", "brand", "category", "sales_30d", "rating")
"""Taken out of the record; null where it has none."""

LIST_FIELDS = ("services", "labels", "images")
"""Taken out of the record; empty where it has none."""

INTERNAL = frozenset({"listing"})
"""What is between a platform and those who sell: a suspicion is no news."""

SHOWN = frozenset({"id", "kind", *FIELDS, *LIST_FIELDS, *INTERNAL})


def public(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as it came, without what is internal."""
    return {name: value for name, value in record.items() if name not in INTERNAL}


def record_answer(record: Mapping[str, Any]) -> dict[str, Any]:
    """What of a record is shown; what has no name of its own is in ``fields``."""
    return {
        **{name: record.get(name) for name in FIELDS},
        **{name: record.get(name) or [] for name in LIST_FIELDS},
        "fields": {name: value for name, value in record.items() if name not in SHOWN},
    }
