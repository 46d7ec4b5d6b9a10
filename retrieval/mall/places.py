"""The places that are kept: of the last few generations, under what the crowd did as it was last learned."""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache

from retrieval.mall.columns import Columns, Forbids, read_columns
from retrieval.mall.crowd import Crowd
from retrieval.mall.place import Place, fitted, furnish
from retrieval.protocols import IndexReader
from retrieval.serving.once import Once

_KEPT = 3


class Places:
    """Thread-safe. `least_quality`: in [0, 1], of what is shown to everybody."""

    def __init__(self, least_quality: float, forbids: Forbids) -> None:
        self._least, self._forbids = least_quality, forbids
        self._furnished: Once[tuple[str, int], Place] = Once(_KEPT)
        self._fitted: Once[tuple[str, int, int], Place] = Once(_KEPT)
        self._columns: LRUCache[str, Columns] = LRUCache(_KEPT)
        self._reading, self._lock = Lock(), Lock()

    def of(self, reader: IndexReader, edition: int, crowd: Crowd) -> Place:
        """The place of a reader; `edition` counts how often the crowd was learned."""
        name, columns = reader.snapshot.generation, self._columns_of(reader)
        place = self._furnished.of((name, edition), lambda: furnish(reader, columns, crowd, self._least))
        if len(place.shelf.liking) == reader.rows:
            return place
        return self._fitted.of((name, edition, reader.rows), lambda: fitted(place, columns, reader.rows, self._least))

    def _columns_of(self, reader: IndexReader) -> Columns:
        """Of at least its rows: those of what was written since are read behind the others."""
        name = reader.snapshot.generation
        with self._lock:
            known = self._columns.get(name)
        if known is None or len(known) < reader.rows:
            with self._reading:
                known = read_columns(reader, self._forbids, known)
            with self._lock:
                self._columns[name] = known
        return known
