"""What is wrong with a file of rules, with where and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_HINTS = {
    "unexpected_keyword_argument": "see docs/rules.md for the fields that there are",
    "string_type": "write it in quotes",
    "missing_argument": "add it",
    "enum": "see docs/rules.md for the values that there are",
}
_FIELD_HINTS = {
    "link": "an address that begins with https://, http:// or /",
    "url": "an address that begins with https://, http:// or /",
    "segment": "new, known, or an interest such as brand:小米",
    "id": "letters, digits, _ . and -, at most 64",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong.

    Attributes:
        rule: its id, or ``rules[3]`` where it has none; "" for the file as a whole.
        field: inside it, e.g. ``pin[0].at``; hint: what to do.
        fatal: the set cannot be published; else it is only worth a look.
    """

    rule: str
    field: str
    message: str
    hint: str = ""
    fatal: bool = True

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.rule, self.field) if part)
        return f"{where}: {self.message}" if where else self.message


def problem_of(rule: str, error: Any) -> Problem:
    """What pydantic says of a field, in our words."""
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    last = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")
    hint = _HINTS.get(error["type"]) or _FIELD_HINTS.get(last, "")
    message = str(error["msg"]).replace("Unexpected keyword argument", "there is no such field")
    return Problem(rule, path, message[:1].lower() + message[1:], hint)
