"""What a rule says of a listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What becomes of a listing, the strictest first."""

    BLOCK = "block"
    """It is not listed; the row is rejected with the reason."""
    DEMOTE = "demote"
    """It is listed, and ranked behind what is as good."""
    FLAG = "flag"
    """It is listed as ever, and shown to those who look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a listing.

    Attributes:
        rule: the name of its file in `indexer.listing.rules`.
        matched: the text that it is about, as it stands in the listing; "" where it is about numbers.
        message: what is wrong, in Chinese, for those who sell.
    """

    rule: str
    decision: Decision
    matched: str
    message: str


def decided(findings: Iterable[Finding]) -> Decision | None:
    """The strictest decision; None where nothing is wrong."""
    given = {finding.decision for finding in findings}
    return next((decision for decision in Decision if decision in given), None)
