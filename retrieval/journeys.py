"""Asking ahead, where every question is a journey to another machine, so that several travel together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeGuard, runtime_checkable

from retrieval.deadline import Deadline
from retrieval.protocols import IndexReader
from retrieval.types import FloatArray, IntArray, LexicalQuery


@dataclass(frozen=True, slots=True)
class Expected:
    """What is going to be asked of the whole catalogue, so that it may be asked together.

    Attributes:
        counted, up_to: as in `lexical_counts`.
        words, depth: the list of which `lexical` asks.
        vector, near: as in `semantic`; None where only words are asked.
        first: of so many of the best by words, and of all that is near, `Upcoming` names most.
        vectors: whether their vectors are among that.
    """

    counted: tuple[LexicalQuery, ...]
    up_to: int
    words: LexicalQuery
    depth: int
    vector: FloatArray | None
    near: int
    first: int
    vectors: bool


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is going to be asked of a list, so that it may be asked together.

    Attributes:
        facets: fields that are counted on the ascending rows `among`.
        forward: rows whose forward rows are read.
        records: rows whose records are shown, most probably.
        vector, near: rows whose cosine with the unit vector is asked; none where it is None.
        vectors: rows whose vectors are read.
    """

    facets: tuple[str, ...]
    among: IntArray
    forward: IntArray
    records: IntArray
    vector: FloatArray | None
    near: IntArray
    vectors: IntArray


@runtime_checkable
class Travelling(Protocol):
    """A reader whose questions are journeys to another machine."""

    def journey(self, deadline: Deadline) -> IndexReader:
        """A reader for one request that is a `Journey`, too: nothing is waited for after `deadline`.

        Then, and only then, its methods raise DeadlineExceeded.
        """


@runtime_checkable
class Journey(Protocol):
    """What a reader for one request has where asking several questions at once is worth waiting for.

    Both are hints, on which no answer depends.
    """

    def expect(self, expected: Expected) -> None:
        """What is asked next, without a filter; after it comes what `announce` names.

        Raises:
            XunhuoError: the journey failed as a whole; so would every question.
        """

    def announce(self, upcoming: Upcoming) -> None:
        """What is going to be asked of a list."""


def for_request(reader: IndexReader, deadline: Deadline) -> IndexReader:
    """The reader that a request asks: where questions travel, one that waits for none after `deadline`."""
    return reader.journey(deadline) if _travels(reader) else reader


def is_journey(reader: IndexReader) -> TypeGuard[Journey]:
    """Whether the reader takes hints."""
    return _has_methods_of(Journey, type(reader))


def _travels(reader: IndexReader) -> TypeGuard[Travelling]:
    return _has_methods_of(Travelling, type(reader))


@lru_cache(maxsize=64)
def _has_methods_of(protocol: type, kind: type) -> bool:
    """Remembered, for a protocol takes 40 µs to compare."""
    return issubclass(kind, protocol)
