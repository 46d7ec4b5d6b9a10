"""Number columns of a generation and its tail at an epoch. What an older view shows never changes.

Appended values go behind what older views see of an array; a patch goes into a copy (8 MB a column at a million rows).
"""

from __future__ import annotations

import numpy as np

from retrieval.backends.embedded.columns import ColumnsReader
from retrieval.backends.embedded.tail import Tail
from retrieval.changes.history import Seen
from retrieval.types import IntArray


class NumberColumns:
    """One thread at a time. The arrays of the latest epoch are kept; for an older one they are made again."""

    def __init__(self, base: ColumnsReader, tail: Tail) -> None:
        self._base, self._tail = base, tail
        self._arrays, self._epoch, self._appended = dict(base.numbers()), -1, 0

    def at(self, seen: Seen) -> dict[str, IntArray]:
        """Column → its values, shape (rows,)."""
        if seen.epoch < self._epoch:
            return NumberColumns(self._base, self._tail).at(seen)
        rows, start = self._base.size + seen.appended, self._base.size + self._appended
        for name in self._arrays:
            if seen.appended > self._appended:
                array = self._with_room(self._arrays[name], rows)
                array[start:rows] = self._tail.numbers(name, self._appended, seen.appended)
                self._arrays[name] = array
            if name in seen.numbers:
                changed, values = seen.numbers[name].between(self._epoch, seen.epoch)
                if len(changed):
                    self._arrays[name] = self._arrays[name].copy()
                    self._arrays[name][changed] = values
        self._epoch, self._appended = seen.epoch, seen.appended
        return {name: array[:rows] for name, array in self._arrays.items()}

    def _with_room(self, array: IntArray, rows: int) -> IntArray:
        if len(array) >= rows and array.flags.writeable:
            return array
        grown = np.empty(rows + rows // 8 + 64, np.int64)
        grown[: self._base.size + self._appended] = array[: self._base.size + self._appended]
        return grown
