"""What a request pins, so that everything it sees belongs together.

A generation never changes, but rows of it may go: a product is taken down, or written anew elsewhere. An epoch counts
these changes. Lists, matches, masks and cursors belong to a snapshot; what a catalogue taught belongs to its
generation, whatever its epoch.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """A generation as it is at one moment.

    Attributes:
        generation: its name.
        epoch: how many changes it has seen, ≥ 0; 0 as it was built.
    """

    generation: str
    epoch: int = 0
