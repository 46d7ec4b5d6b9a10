"""What reads the queries of a generation: made once for it, from what its catalogue taught and the dictionaries say."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from retrieval.analysis.analyzer import Analyzer
from retrieval.generations import check_readable
from retrieval.protocols import IndexReader
from retrieval.serving.once import Once
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Plan

KEPT = 3
"""Generations whose queries are read at the same time: the served one, and those in which cursors go on."""


class Understanding(Protocol):
    """Reads queries. Safe between threads."""

    @property
    def analyzer(self) -> Analyzer:
        """Cuts queries as the documents of its generation were cut."""

    @property
    def knowledge(self) -> Knowledge:
        """What the catalogue of its generation taught."""

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        """What `query` means. Never raises."""


MakeUnderstanding = Callable[[IndexReader], Understanding]


@dataclass(frozen=True, slots=True)
class WordsOnly:
    """Takes a query for its words; its plans have no intent."""

    analyzer: Analyzer
    knowledge: Knowledge = field(default_factory=Knowledge)

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        text = self.analyzer.query(query)
        return Plan(text.normalized, text)


def words_only(analyzer: Analyzer) -> MakeUnderstanding:
    """Takes queries for their words, over generations that `analyzer` cut.

    Raises, when it is made for a generation that another one cut, GenerationError.
    """

    def make(reader: IndexReader) -> Understanding:
        check_readable(reader.manifest, analyzer=analyzer.fingerprint, encoder=None)
        return WordsOnly(analyzer)

    return make


class Understandings:
    """One edition of the dictionaries, for every generation that is asked for. Thread-safe.

    It is told apart from another edition by identity, so it is part of the key of whatever is remembered of it.
    """

    def __init__(self, make: MakeUnderstanding) -> None:
        self._make = make
        self._made: Once[str, Understanding] = Once(KEPT)

    def of(self, reader: IndexReader) -> Understanding:
        """What reads the queries of this generation. Raises whatever making it raises."""
        return self._made.of(reader.manifest.generation, lambda: self._make(reader))
