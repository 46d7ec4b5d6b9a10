"""Which entries have a key that begins so, the worthiest first: sorted keys in one run of bytes, read where they lie.

A beginning is found by bisection. Of one that few keys have, all are looked at; for each that many have, the best are
written down when the table is made, so no letter costs more than another.

A million entries have three million keys: 90 MB of a mapped file, of which a keystroke touches a few pages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array, part, parts
from retrieval.analysis.text_table import TextTable

MANY = 2_048
"""Keys with one beginning, from which on the best are written down."""
BEST = 128
"""Entries that are written down for a beginning."""

Places = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class SortedKeys:
    """Keys and whose they are.

    Attributes:
        letters: uint8, all keys in UTF-8, ascending, one after another; ends: uint32 (keys,), where each ends.
        entries: uint32 (keys,), the entry of each.
        heads: beginnings that many keys have; best: uint32 (heads, BEST), their entries, the worthiest first, those
            that are fewer repeating the last one.
    """

    letters: npt.NDArray[np.uint8]
    ends: Places
    entries: Places
    heads: TextTable
    best: Places

    @classmethod
    def of(cls, keys: Sequence[tuple[str, int]], worth: npt.NDArray[np.float32]) -> SortedKeys:
        """
        Args:
            keys: (key, its entry), in any order.
            worth: of the entries, shape (entries,).
        """
        ordered = sorted((key.encode(), entry) for key, entry in keys)
        letters = np.frombuffer(b"".join(key for key, _ in ordered), np.uint8)
        ends = np.cumsum(np.fromiter((len(key) for key, _ in ordered), np.int64, len(ordered))).astype(np.uint32)
        entries = np.fromiter((entry for _, entry in ordered), np.uint32, len(ordered))
        bare = cls(letters, ends, entries, TextTable.of(()), np.empty((0, BEST), np.uint32))
        heads = dict(bare._many("", 0, len(ordered), worth))
        best = np.array(list(heads.values()), np.uint32).reshape(-1, BEST)
        return cls(letters, ends, entries, TextTable.of(tuple(heads)), best)

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> SortedKeys:
        """Those that gave these `arrays`."""
        heads = TextTable.of_arrays(part(arrays, "heads"))
        return cls(arrays["letters"], arrays["ends"], arrays["entries"], heads, arrays["best"])

    def arrays(self) -> dict[str, Array]:
        """What they are stored as."""
        own: dict[str, Array] = {"letters": self.letters, "ends": self.ends, "entries": self.entries, "best": self.best}
        return own | parts({"heads": self.heads.arrays()})

    def best_of(self, beginning: str, worth: npt.NDArray[np.float32]) -> Places:
        """Entries with such a key, each once, the worthiest first; at most `BEST` of many."""
        if (head := self.heads.find(beginning)) >= 0:
            return _once(self.best[head])
        first, last = self.span(beginning)
        if last - first > MANY:  # none that the table knows: it was made so
            last = first + MANY
        return _worthiest(self.entries[first:last], worth)

    def has(self, beginning: str, within: tuple[int, int] | None = None) -> bool:
        """Whether any key begins so; `within`: the `span` of a shorter beginning of it, where it is known."""
        wanted = beginning.encode()
        at = self._at(wanted, *(within or ()))
        return at < len(self.ends) and self._key(at).startswith(wanted)

    def span(self, beginning: str, within: tuple[int, int] | None = None) -> tuple[int, int]:
        """First and last + 1 of the keys that begin so."""
        wanted, (low, high) = beginning.encode(), within or (0, len(self.ends))
        # No key in UTF-8 has a byte 255.
        first = self._at(wanted, low, high)
        return first, self._at(wanted + b"\xff", first, high)

    def after(self, beginning: str, within: tuple[int, int]) -> Iterator[str]:
        """The characters that keys with this beginning go on with; `within`: its span."""
        size, (first, last) = len(beginning.encode()), within
        while first < last:
            key = self._key(first)
            if len(key) == size:
                first += 1
                continue
            char = key[size:].decode()[0]
            yield char
            first = self._at(key[:size] + char.encode() + b"\xff", first, last)

    def _at(self, wanted: bytes, low: int = 0, high: int | None = None) -> int:
        return bisect_left(range(len(self.ends)), wanted, low, high, key=self._key)

    def _key(self, at: int) -> bytes:
        letters, ends = self.letters.data, self.ends.data
        return bytes(letters[ends[at - 1] if at else 0 : ends[at]])

    def _many(
        self, beginning: str, first: int, last: int, worth: npt.NDArray[np.float32]
    ) -> Iterator[tuple[str, Places]]:
        """The beginnings longer than this one that many of the keys from `first` to `last` have."""
        size = len(beginning.encode())
        while first < last:
            key = self._key(first)
            if len(key) == size:  # it goes on no further
                first += 1
                continue
            longer = beginning + key[size:].decode()[0]
            end = self._at(longer.encode() + b"\xff", first, last)
            if end - first > MANY:
                found = _worthiest(self.entries[first:end], worth)
                yield longer, np.resize(found, BEST) if len(found) >= BEST else _filled(found)
                yield from self._many(longer, first, end, worth)
            first = end


def _worthiest(entries: Places, worth: npt.NDArray[np.float32]) -> Places:
    """Each once; equal ones by number."""
    found = np.unique(entries)
    return found[np.argsort(-worth[found], kind="stable")[:BEST]]


def _filled(found: Places) -> Places:
    return np.concatenate([found, np.full(BEST - len(found), found[-1], np.uint32)])


def _once(best: Places) -> Places:
    """Without the repetitions at the end."""
    return best[: int(np.argmax(best == best[-1])) + 1]
