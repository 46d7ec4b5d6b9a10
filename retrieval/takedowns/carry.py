"""Take-downs move with a catalogue: what stands in the journal that is left stands in the one that is gone to."""

from __future__ import annotations

from retrieval.changes.journal import Journal
from retrieval.takedowns.standing import Standing


def carry(standing: Standing, there: Standing, journal: Journal) -> int:
    """Appends to `journal` what stands and does not stand `there` yet, with who said so and since when; how many.

    Sent again it appends nothing.

    Raises:
        StorageError: they cannot be kept.
    """
    missing = [each for target, each in standing.takedowns.items() if target not in there.takedowns]
    journal.append([each.change(f"carried:{each.position}:{each.since!r}") for each in missing])
    return len(missing)
