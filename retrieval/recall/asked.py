"""What a channel is asked."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.analysis.analyzer import QueryText
from retrieval.protocols import IndexReader
from retrieval.spoken.said import Said
from retrieval.types import FloatArray


@dataclass(frozen=True, slots=True)
class Asked:
    """An analysed query of a generation; one without terms asks for whatever is good.

    Attributes:
        background: vectors of the background sample of the generation, shape (n, dim).
        said: in videos; None where there are none.
        reads_vectors: ranking is going to read the vectors of what is found.
    """

    reader: IndexReader
    text: QueryText
    background: FloatArray
    said: Said | None = None
    reads_vectors: bool = False
