"""Take-downs, and the entries of the journal about them, as JSON values: for operators and the audit."""

from __future__ import annotations

from typing import Any

from retrieval.changes.journal import Entry
from retrieval.takedowns.takedown import EXPIRY, KIND_NAMES, REASON_NAMES, TakeDown, said_in


def shown(one: TakeDown) -> dict[str, Any]:
    """One that stands."""
    return {
        "target": one.target, "kind": one.kind.value, "kind_name": KIND_NAMES[one.kind], "value": one.value,
        "reason": one.reason.value, "reason_name": REASON_NAMES[one.reason], "note": one.note,
        "operator": one.operator, "since": one.since, "until": one.until, "show_notice": one.show_notice,
        "position": one.position,
    }  # fmt: skip


def told(entry: Entry) -> dict[str, Any]:
    """What an entry says: who did what, when and why."""
    said, change = said_in(entry), entry.change
    return {
        "position": entry.position, "action": "expire" if change.by == EXPIRY else change.kind,
        "target": change.target, "operator": change.by, "at": change.at, "note": said.get("note", ""),
        **{name: said.get(name) for name in ("reason", "until", "show_notice")},
    }  # fmt: skip
