"""Rows without holes, although a cluster refuses documents: the last ones move into the places of the refused.

Rows are given before it is known whether a document is taken. Of n rows of which h are refused, n − h stay: those that
were taken and stand at n − h or behind move into the refused places before it.
"""

from __future__ import annotations

from collections.abc import Collection


def moves(rows: int, refused: Collection[int]) -> list[tuple[int, int]]:
    """(from, to) pairs that leave ``0 … rows − len(refused) − 1`` filled; as few as that takes."""
    kept = rows - len(refused)
    taken = (row for row in range(kept, rows) if row not in refused)
    return list(zip(taken, sorted(row for row in refused if row < kept), strict=True))


class Tail:
    """The bodies of the last documents: as many as may have to move.

    With w documents on the way and h refused so far, the last w + h are enough. For the row r before them to move, it
    would have to be one of the last ones in the end, so more than h + w + (those that came after) would have to be
    refused: more than there are.
    """

    def __init__(self) -> None:
        self._bodies: dict[int, bytes] = {}
        self._first = 0

    def add(self, row: int, body: bytes) -> None:
        """Rows come one after the other."""
        self._bodies[row] = body

    def keep(self, count: int) -> None:
        """Lets go of all but the last `count`."""
        while len(self._bodies) > count:
            del self._bodies[self._first]
            self._first += 1

    def __getitem__(self, row: int) -> bytes:
        return self._bodies[row]
