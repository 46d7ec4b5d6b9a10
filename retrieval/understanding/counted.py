"""Counts of texts as read-only mappings over arrays, so that a generation's knowledge is mapped instead of built.

They read as the dicts they were made from, in the same order, and are equal to them.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array, part, parts
from retrieval.analysis.text_table import Keys, TextTable

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.uint32]
"""Whole numbers of at least 0."""


def _numbers(values: Sequence[Any]) -> Numbers:
    numbers = np.array(values, np.int64)
    return numbers.astype(np.uint32) if numbers.max(initial=0) < 1 << 32 else numbers


class Counts(Mapping[str, int]):
    """Text → how often it was seen."""

    def __init__(self, texts: TextTable, numbers: Numbers) -> None:
        """`numbers`: shape (texts,)."""
        self.texts, self.numbers = texts, numbers
        self._number_of = numbers.data

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Counts:
        """Those of `counts`, in its order."""
        if isinstance(counts, Counts):
            return counts
        return cls(TextTable.of(tuple(counts)), _numbers(list(counts.values())))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Counts:
        """Those that gave these `arrays`."""
        return cls(TextTable.of_arrays(arrays), arrays["numbers"])

    def arrays(self) -> dict[str, Array]:
        """What they are stored as."""
        return {**self.texts.arrays(), "numbers": self.numbers}

    def __getitem__(self, text: str) -> int:
        place = self.texts.find(text)
        if place < 0:
            raise KeyError(text)
        return self._number_of[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.texts.find(text) >= 0

    def items(self) -> ItemsView[str, int]:
        return _Items(self)

    def values(self) -> ValuesView[int]:
        return _Values(self)

    def get_keys(self, keys: Keys) -> npt.NDArray[np.int64]:
        """The number of the text of each hash, 0 of an unknown one; shape of `keys`."""
        places = self.texts.places_of(keys)
        return (
            np.where(places >= 0, self.numbers[places], 0).astype(np.int64)
            if len(self)
            else np.zeros(keys.shape, np.int64)
        )

    def get_key(self, key: int) -> int:
        """The number of the text of a hash (`retrieval.analysis.text_table.hash_of`), 0 of an unknown one."""
        place = self.texts.find_key(key)
        return self._number_of[place] if place >= 0 else 0


class _Items(ItemsView[str, int]):
    """All pairs in order, without looking any up."""

    _mapping: Counts

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return zip(self._mapping.texts, self._mapping.numbers.tolist(), strict=True)


class _Values(ValuesView[int]):
    """All numbers in order, without looking any up."""

    _mapping: Counts

    def __iter__(self) -> Iterator[int]:
        return iter(self._mapping.numbers.tolist())


class Grouped(Mapping[str, Mapping[str, int]]):
    """Text → second text → how often the two were seen together."""

    def __init__(self, firsts: TextTable, seconds: TextTable, ends: Numbers, pairs: Numbers) -> None:
        """
        Args:
            ends: shape (firsts,), where the rows of each first text end in `pairs`.
            pairs: shape (rows, 2), place of the second text and how often.
        """
        self.firsts = firsts
        self._seconds, self._ends, self._pairs = seconds, ends.data, pairs

    @classmethod
    def of(cls, groups: Mapping[str, Mapping[str, int]]) -> Grouped:
        """Those of `groups`, in its order."""
        if isinstance(groups, Grouped):
            return groups
        places: dict[str, int] = {}
        for counts in groups.values():
            for text in counts:
                places.setdefault(text, len(places))
        pairs = [(places[text], n) for counts in groups.values() for text, n in counts.items()]
        return cls(
            TextTable.of(tuple(groups)),
            TextTable.of(tuple(places)),
            np.cumsum([len(counts) for counts in groups.values()], dtype=np.int64).astype(np.uint32),
            _numbers(pairs).reshape(-1, 2),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Grouped:
        """Those that gave these `arrays`."""
        firsts, seconds = (TextTable.of_arrays(part(arrays, name)) for name in ("firsts", "seconds"))
        return cls(firsts, seconds, arrays["ends"], arrays["pairs"])

    def arrays(self) -> dict[str, Array]:
        """What they are stored as."""
        texts = parts({"firsts": self.firsts.arrays(), "seconds": self._seconds.arrays()})
        return {**texts, "ends": np.asarray(self._ends), "pairs": self._pairs}

    def __getitem__(self, text: str) -> dict[str, int]:
        place = self.firsts.find(text)
        if place < 0:
            raise KeyError(text)
        return self.group(place)

    def __iter__(self) -> Iterator[str]:
        return iter(self.firsts)

    def __len__(self) -> int:
        return len(self.firsts)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.firsts.find(text) >= 0

    def group(self, place: int) -> dict[str, int]:
        """What was seen with the first text of this place."""
        start = self._ends[place - 1] if place else 0
        return {self._seconds[second]: n for second, n in self._pairs[start : self._ends[place]].tolist()}


@dataclass(frozen=True, slots=True)
class Listed:
    """Text → numbers in an order.

    Attributes:
        keys: the texts; ends: uint32 (texts,), where the numbers of each end.
    """

    keys: TextTable
    ends: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[int]]) -> Listed:
        """Those of `lists`; a number is at least 0."""
        ends = np.cumsum([len(numbers) for numbers in lists.values()], dtype=np.int64).astype(np.uint32)
        return cls(TextTable.of(tuple(lists)), ends, np.array([n for each in lists.values() for n in each], np.uint32))

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Listed:
        """Those that gave these `arrays`."""
        return cls(TextTable.of_arrays(part(arrays, "keys")), arrays["ends"], arrays["numbers"])

    def arrays(self) -> dict[str, Array]:
        """What they are stored as."""
        return {**parts({"keys": self.keys.arrays()}), "ends": self.ends, "numbers": self.numbers}

    def __getitem__(self, place: int) -> list[int]:
        """The numbers of the text of this place."""
        start = int(self.ends[place - 1]) if place else 0
        numbers: list[int] = self.numbers[start : self.ends[place]].tolist()
        return numbers

    def get(self, text: str) -> list[int]:
        """The numbers of a text, none of an unknown one."""
        place = self.keys.find(text)
        return self[place] if place >= 0 else []
