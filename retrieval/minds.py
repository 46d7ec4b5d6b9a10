"""What reads the queries of a generation: made once for it, from what its catalogue taught and the dictionaries say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, Protocol, TypeVar

from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import check_readable
from retrieval.protocols import IndexReader
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Plan

_KEPT = 3
_Made = TypeVar("_Made")


class Mind(Protocol):
    """Reads queries. Safe between threads."""

    @property
    def analyzer(self) -> Analyzer:
        """Cuts queries as the documents of its generation were cut."""

    @property
    def knowledge(self) -> Knowledge:
        """What the catalogue of its generation taught."""

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        """What `query` means. Never raises."""


MakeMind = Callable[[IndexReader], Mind]


@dataclass(frozen=True, slots=True)
class WordsOnly:
    """Takes a query for its words; its plans have no intent."""

    analyzer: Analyzer
    knowledge: Knowledge = field(default_factory=Knowledge)

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        text = self.analyzer.query(query)
        return Plan(text.normalized, text)


def words_only(analyzer: Analyzer) -> MakeMind:
    """Takes queries for their words, over generations that `analyzer` cut.

    Raises, when it is made for a generation that another one cut, GenerationError.
    """

    def make(reader: IndexReader) -> Mind:
        check_readable(reader.manifest, analyzer=analyzer.fingerprint, encoder=None)
        return WordsOnly(analyzer)

    return make


class PerGeneration(Generic[_Made]):
    """What is made once for each generation. `make` may take a second; who asks for the same waits for the first.

    Attributes:
        edition: another object than that of any other, to tell apart what is remembered of what it made.
    """

    def __init__(self, make: Callable[[IndexReader], _Made]) -> None:
        self._make = make
        self.edition = object()
        self._made: OrderedDict[str, _Made] = OrderedDict()
        self._lock = Lock()

    def of(self, reader: IndexReader) -> _Made:
        """What was made for this generation."""
        name = reader.manifest.generation
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(reader)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            return self._made[name]


Minds = PerGeneration[Mind]
"""What reads the queries of each generation."""
