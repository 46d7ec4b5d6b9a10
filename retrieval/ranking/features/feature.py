"""What a feature is: a number in a known range for each pair of a query and a document, higher always better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray


@dataclass(frozen=True, slots=True)
class Feature:
    """All there is to know of one.

    Attributes:
        name: as files of weights and `explain` say it.
        low, high: the range of its values.
        about: what it says, in a line.
        measure: of n pairs, values of shape (n,).
        formerly: what it was called before; a file with that name is told the new one.
        taught_by_words: judgments of words can teach its weight; of the others only a click log can.
        reads_vectors: it needs the vectors of the documents, not only what channels say of them.
        absolute: it depends on the pair alone, so that a probability may stand on it; the others compare a document
            with the rest of the catalogue.
    """

    name: str
    low: float
    high: float
    about: str
    measure: Callable[[Pairs], FloatArray]
    formerly: str = ""
    taught_by_words: bool = True
    absolute: bool = True
    reads_vectors: bool = False
