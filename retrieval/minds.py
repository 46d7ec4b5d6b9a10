"""What reads the queries of a generation: made once for it, from what its catalogue taught and the dictionaries say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from retrieval.analysis.analyzer import Analyzer
from retrieval.protocols import IndexReader
from retrieval.understanding.plan import Plan

_KEPT = 3


class Mind(Protocol):
    """Reads queries. Safe between threads."""

    @property
    def analyzer(self) -> Analyzer:
        """Cuts queries as the documents of its generation were cut."""

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        """What `query` means. Never raises."""


MakeMind = Callable[[IndexReader], Mind]


@dataclass(frozen=True, slots=True)
class WordsOnly:
    """Takes a query for its words; its plans have no intent."""

    analyzer: Analyzer

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        text = self.analyzer.query(query)
        return Plan(text.normalized, text)


class Minds:
    """Thread-safe. `make` may take a second; two threads that ask for the same one wait for the first.

    Attributes:
        edition: another object than that of any other `Minds`, to tell apart what is remembered of their plans.
    """

    def __init__(self, make: MakeMind) -> None:
        self._make = make
        self.edition = object()
        self._made: OrderedDict[str, Mind] = OrderedDict()
        self._lock = Lock()

    def of(self, reader: IndexReader) -> Mind:
        """What reads the queries of this generation."""
        name = reader.manifest.generation
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(reader)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            return self._made[name]
