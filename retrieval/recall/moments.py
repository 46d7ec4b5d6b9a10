"""The channel of moments: products of which somebody says all that was asked.

A product whose title lacks a word may be found by what is said about it. That is strict, since speech says much about
much: one moment must have every term of the query, spoken and not only in the title of its video, and the moment must
surely be about the product. The score is that surety, the confidence of the link, in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from retrieval.analysis.analyzer import QueryText, Term
from retrieval.protocols import IndexReader
from retrieval.recall.asked import Asked
from retrieval.spoken.moment import MomentRow, decode_rows
from retrieval.spoken.said import Said
from retrieval.types import EVERYTHING, Candidates, Filters, FloatArray, IntArray, LexicalQuery, Sort

CHANNEL = "moments"


@dataclass(frozen=True, slots=True)
class MomentMatch:
    """See `retrieval.recall.matches.ChannelMatch`. `candidates` are products."""

    candidates: Candidates

    @property
    def scale(self) -> tuple[float, float]:
        """A confidence is read as it is."""
        return 0.0, 1.0

    def select(
        self, reader: IndexReader, filters: Filters, depth: int, sort: Sort, sorted_floor: float, best: int
    ) -> Candidates:
        """Those that pass."""
        found = self.candidates
        if filters.empty:
            return found
        passing = np.isin(found.rows, reader.passing(filters, found.rows))
        return replace(found, rows=found.rows[passing], scores=found.scores[passing])

    def measure(self, reader: IndexReader, rows: IntArray) -> FloatArray | None:
        """Nothing: of what was not recalled nobody says it all."""
        return None


@dataclass(frozen=True, slots=True)
class MomentRecall:
    """The channel; see `retrieval.recall.matches.Recall`.

    Attributes:
        fields: searched field of a moment → weight.
        depth: moments that are looked at.
        surely: least confidence of a link.
    """

    fields: dict[str, float]
    depth: int
    surely: float
    name: str = CHANNEL

    def answers(self, asked: Asked) -> bool:
        """Words and moments are needed."""
        return asked.said is not None and bool(asked.text.required)

    def recall(self, asked: Asked) -> MomentMatch:
        """The products of the moments that say it all."""
        if asked.said is None:
            return MomentMatch(Candidates.none(CHANNEL))
        rows, scores = self._shown(asked.reader, asked.said, asked.text)
        order = np.lexsort((asked.reader.by_id(rows), -scores)) if len(rows) else rows
        return MomentMatch(Candidates(CHANNEL, rows[order], scores[order], complete=True))

    def _shown(self, products: IndexReader, said: Said, text: QueryText) -> tuple[IntArray, FloatArray]:
        moments = said.moments
        needed = tuple(term.alternatives for term in text.required)
        query = LexicalQuery(text.weights, self.fields, needed, len(needed))
        if next(iter(moments.lexical_counts([query], 1))) == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found = decode_rows(moments.forward(moments.lexical(query, EVERYTHING, self.depth).rows))
        spoken = [row for row in found if row.products and says(row, text.required)]
        surest: dict[str, float] = {}
        for row in (row for row, open in zip(spoken, said.gate.open(spoken), strict=True) if open):
            for shown in (each for each in row.products if each.confidence >= self.surely):
                surest[shown.id] = max(surest.get(shown.id, 0.0), shown.confidence)
        at = products.rows_of(list(surest))
        there = {row: confidence for row, confidence in zip(at, surest.values(), strict=True) if row is not None}
        return np.array(list(there), np.int64), np.array(list(there.values()), np.float32)


def says(moment: MomentRow, terms: tuple[Term, ...]) -> bool:
    """Whether each of the terms is spoken."""
    return all(
        term.text in moment.spoken or any(all(token in moment.spoken for token in way) for way in term.alternatives)
        for term in terms
    )
