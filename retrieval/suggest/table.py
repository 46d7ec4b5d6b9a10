"""The entries of a generation, or of what is asked now: columns beside the keys they are found by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import pack, part, parts, unpack
from retrieval.analysis.text_table import TextTable
from retrieval.errors import GenerationError
from retrieval.suggest.entry import WITNESSES, Entry, Kind
from retrieval.suggest.keys import Keys
from retrieval.suggest.sorted_keys import SortedKeys
from retrieval.types import Buffer, FloatArray, IntArray
from retrieval.understanding.spelling.pinyin import Readings

ATTACHMENT = "suggest"
VERSION = 1
_KINDS = tuple(Kind)
_READ = 4_096
"""Characters whose readings are remembered."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Shape (entries,) each, `rows` (entries, WITNESSES); places in `names` are 0 where there is no name."""

    kinds: npt.NDArray[np.uint8]
    demand: FloatArray
    quality: FloatArray
    found: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.int32]
    asks: npt.NDArray[np.uint32]
    shops: npt.NDArray[np.uint32]
    categories: npt.NDArray[np.uint32]
    inside: npt.NDArray[np.int32]


class Table:
    """Immutable; safe between threads.

    Attributes:
        texts: of the entries; keys: what they are found by; readings: of single characters, for what is typed;
            read: the same of one, remembered.
        worth: what an entry counts before anything else is known, shape (entries,).
    """

    def __init__(
        self, texts: TextTable, names: TextTable, columns: _Columns, keys: SortedKeys, readings: Readings
    ) -> None:  # fmt: skip
        self.texts, self.keys, self.readings = texts, keys, readings
        self.read = lru_cache(maxsize=_READ)(readings.of)
        self._names, self._columns = names, columns

    @classmethod
    def of(cls, entries: Iterable[Entry], keys: Keys, readings: Readings) -> Table:
        """Of entries with distinct texts."""
        listed = list(entries)
        names = {"": 0}

        def named(values: Iterable[str]) -> npt.NDArray[np.uint32]:
            return np.array([names.setdefault(value, len(names)) for value in values], np.uint32)

        rows = np.full((len(listed), WITNESSES), -1, np.int32)
        for place, one in enumerate(listed):
            rows[place, : len(one.rows)] = one.rows
        columns = _Columns(
            np.array([_KINDS.index(one.kind) for one in listed], np.uint8),
            np.array([one.demand for one in listed], np.float32),
            np.array([one.quality for one in listed], np.float32),
            np.array([one.found for one in listed], np.uint32),
            rows,
            named(one.asks for one in listed),
            named(one.shop for one in listed),
            named(one.category for one in listed),
            np.array([one.inside for one in listed], np.int32),
        )
        texts = TextTable.of(tuple(one.text for one in listed))
        found_by = [(key, place) for place, one in enumerate(listed) for key in keys.of(one.text)]
        ordered = SortedKeys.of(found_by, worth(columns.demand, columns.quality))
        return cls(texts, TextTable.of(tuple(names)), columns, ordered, readings)

    @classmethod
    def from_bytes(cls, stored: Buffer) -> Table:
        """Reads what `to_bytes` gave, over the memory of `stored`.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        try:
            arrays = unpack(stored)
            if int(arrays["version"][0]) != VERSION:
                raise ValueError
            columns = _Columns(**part(arrays, "columns"))
            texts, names = (TextTable.of_arrays(part(arrays, name)) for name in ("texts", "names"))
            keys, readings = SortedKeys.of_arrays(part(arrays, "keys")), Readings.of_arrays(part(arrays, "readings"))
            return cls(texts, names, columns, keys, readings)
        except (ValueError, KeyError, TypeError, IndexError):
            raise GenerationError(
                "the suggestions of the generation are damaged, or of another version", hint="rebuild (xunhuo rebuild)"
            ) from None

    def to_bytes(self) -> bytes:
        """Its stored form: the same entries in the same order give the same bytes."""
        columns = {name: getattr(self._columns, name) for name in _Columns.__slots__}
        stored = {
            "columns": columns, "texts": self.texts.arrays(), "names": self._names.arrays(),
            "keys": self.keys.arrays(), "readings": self.readings.arrays(),
        }  # fmt: skip
        return pack({"version": np.array([VERSION]), **parts(stored)})

    def moved(self, places: IntArray) -> Table:
        """The same over documents that stand elsewhere.

        Args:
            places: the new row of each old one, -1 of one that is gone.
        """
        rows, inside = (_moved(each, places) for each in (self._columns.rows, self._columns.inside))
        return Table(
            self.texts, self._names, replace(self._columns, rows=rows, inside=inside), self.keys, self.readings
        )

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: int) -> Entry:
        own = self._columns
        rows = own.rows[place]
        return Entry(
            self.texts[place], _KINDS[own.kinds[place]], float(own.demand[place]), float(own.quality[place]),
            int(own.found[place]), tuple(rows[rows >= 0].tolist()), self._names[own.asks[place]],
            self._names[own.shops[place]], self._names[own.categories[place]], int(own.inside[place]),
        )  # fmt: skip

    def best_of(self, beginning: str) -> list[int]:
        """Entries that have a key which begins so, the worthiest first."""
        found: list[int] = self.keys.best_of(beginning, self.worth).tolist()
        return found

    @cached_property
    def syllables(self) -> frozenset[str]:
        """All there are, in letters."""
        return self.readings.typed

    @cached_property
    def begun(self) -> frozenset[str]:
        """Syllables and what they begin with."""
        return frozenset(one[:size] for one in self.syllables for size in range(1, len(one) + 1))

    @cached_property
    def worth(self) -> FloatArray:
        return worth(self._columns.demand, self._columns.quality)


def worth(demand: FloatArray, quality: FloatArray) -> FloatArray:
    """ln (1 + demand) · quality, shape of both."""
    return np.asarray(np.log1p(demand) * quality, np.float32)


def _moved(rows: npt.NDArray[np.int32], places: IntArray) -> npt.NDArray[np.int32]:
    known = (rows >= 0) & (rows < len(places))
    found = places[np.where(known, rows, 0)] if len(places) else np.full(rows.shape, -1)
    return np.where(known, found, -1).astype(np.int32)
