"""What understands the queries of a generation: made once for it, from what its catalogue taught."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from retrieval.protocols import IndexReader
from retrieval.understanding.understand import Understander

_KEPT = 3
MakeMind = Callable[[IndexReader], Understander]


class Minds:
    """Thread-safe. `make` may take a second; two threads that ask for the same one wait for the first."""

    def __init__(self, make: MakeMind) -> None:
        self._make = make
        self._made: OrderedDict[str, Understander] = OrderedDict()
        self._lock = Lock()

    def of(self, reader: IndexReader) -> Understander:
        """What understands the queries of this generation."""
        name = reader.manifest.generation
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(reader)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            return self._made[name]

    def forget(self) -> None:
        """Has all made again, after the rules or the lexicon changed."""
        with self._lock:
            self._made.clear()
