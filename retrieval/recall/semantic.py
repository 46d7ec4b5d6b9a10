"""The semantic channel: the nearest documents by meaning, and what nearness is worth for this query.

Cosines of one query are not those of another (with e5 they all lie between 0.75 and 0.95), so a cosine is read against
a background: the query's cosines to a fixed, evenly spaced sample of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from retrieval.late.encoder import read_queries
from retrieval.late.query import QueryVectors
from retrieval.protocols import Encoder, IndexReader
from retrieval.recall.asked import Asked
from retrieval.types import EVERYTHING, Candidates, Filters, FloatArray, IntArray, Sort

BACKGROUND_ROWS = 512
CHANNEL = "semantic"


@dataclass(frozen=True, slots=True)
class SemanticMatch:
    """What counts as near to this query.

    Attributes:
        query: its vector and its tokens.
        candidates: the nearest of the whole catalogue.
        centre, unit: mean and standard deviation of the background cosines.
    """

    query: QueryVectors
    candidates: Candidates
    centre: float
    unit: float

    @property
    def scale(self) -> tuple[float, float]:
        """A cosine is read in deviations from the mean of the background."""
        return self.centre, self.unit

    def select(
        self, reader: IndexReader, filters: Filters, depth: int, sort: Sort, sorted_floor: float, best: int
    ) -> Candidates:
        """See `retrieval.recall.matches.ChannelMatch`; the neighbourhood is the same for every order."""
        near = self.candidates
        if filters.empty:  # what is gone was left out when it was recalled, from this very snapshot
            return near
        passing = np.isin(near.rows, reader.passing(filters, near.rows))
        return replace(near, rows=near.rows[passing], scores=near.scores[passing])

    def nearest(self, reader: IndexReader, filters: Filters, depth: int) -> Candidates:
        """The nearest of all that pass, where no match does."""
        return reader.semantic(self.query.vector, filters, depth)

    def measure(self, reader: IndexReader, rows: IntArray) -> FloatArray | None:
        """Their cosines."""
        return reader.semantic_scores(self.query.vector, rows)


def recall_semantic(
    reader: IndexReader, encoder: Encoder, background: FloatArray, text: str, depth: int
) -> SemanticMatch:
    """Encodes the normalised query and takes the `depth` nearest; `background` is that of the generation."""
    return recall_near(reader, read_queries(encoder, [text])[0], background, depth)


def recall_near(reader: IndexReader, query: QueryVectors, background: FloatArray, depth: int) -> SemanticMatch:
    """The `depth` nearest to a query."""
    cosines = background @ query.vector
    centre, unit = (float(cosines.mean()), float(cosines.std())) if len(cosines) else (0.0, 1.0)
    return SemanticMatch(query, reader.semantic(query.vector, EVERYTHING, depth), centre, max(unit, 1e-6))


def background_of(reader: IndexReader) -> FloatArray:
    """Vectors of the background sample of a generation, shape (at most `BACKGROUND_ROWS`, dim)."""
    if reader.manifest.encoder is None:
        return np.empty((0, 0), np.float32)
    return reader.vectors(reader.passing(EVERYTHING, background_rows(reader.rows)))


def background_rows(bound: int) -> IntArray:
    """Its rows, evenly spaced below `bound`."""
    return np.unique(np.linspace(0, max(bound - 1, 0), min(bound, BACKGROUND_ROWS)).astype(np.int64))


@dataclass(frozen=True, slots=True)
class SemanticRecall:
    """The channel; see `retrieval.recall.matches.Recall`. Recalls the `depth` nearest."""

    encoder: Encoder
    depth: int
    name: str = CHANNEL

    def answers(self, asked: Asked) -> bool:
        """Words and vectors are needed."""
        return bool(asked.text.terms) and asked.reader.manifest.encoder is not None

    def recall(self, asked: Asked) -> SemanticMatch:
        """See `recall_semantic`."""
        return recall_semantic(asked.reader, self.encoder, asked.background, asked.text.normalized, self.depth)
