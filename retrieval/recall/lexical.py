"""The lexical channel: all words first, then most of them, then any, and never less than a share of the best score.

Real queries seldom match a title in every word (in 492 real queries over 71,643 titles, 3 of 4 have no such title), so
a strict *and* loses what was meant, and a flat *or* over all tokens shows noise. A step is taken when it finds at least
`enough` documents; at every step a document must reach `floor` of the best BM25 score. The last step asks for one whole
word that tells something (`retrieval.recall.telling`): a name that few products have is no reason to fall to its
characters, and a number alone is no answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from retrieval.analysis.analyzer import QueryText
from retrieval.protocols import IndexReader
from retrieval.recall.asked import Asked
from retrieval.recall.telling import telling
from retrieval.types import EVERYTHING, Candidates, Filters, FloatArray, IntArray, LexicalQuery, Match, Sort

CHANNEL = "lexical"


@dataclass(frozen=True, slots=True)
class LexicalOptions:
    """How the channel recalls.

    Attributes:
        fields: searched field → weight of its BM25 score.
        depth: most candidates kept.
        enough: documents that make a stricter step the answer.
        most: share of the terms that the middle step asks for, in (0, 1).
        floor: share of the best score that a candidate must reach, in [0, 1).
    """

    fields: dict[str, float]
    depth: int
    enough: int
    most: float
    floor: float


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """What counts as a lexical match of this query.

    Attributes:
        query: with the number of terms needed.
        step: all words, most of them or any that tells something.
        best: the highest BM25 score of a match in the catalogue; 0 when nothing matches.
        floor: the least score of a match.
        candidates: the matches in the whole catalogue.
    """

    query: LexicalQuery
    step: Match
    best: float
    floor: float
    candidates: Candidates

    @property
    def scale(self) -> tuple[float, float]:
        """BM25 is read in units of the best score."""
        return 0.0, self.best or 1.0

    def select(
        self, reader: IndexReader, filters: Filters, depth: int, sort: Sort, sorted_floor: float, best: int
    ) -> Candidates:
        """See `retrieval.recall.matches.ChannelMatch`. A list that may have been cut is asked for again.

        Of more matches than `depth` another order than relevance has its own first ones: the cheapest of all that
        match, not of the most relevant. Unless all words matched, what is far worse than the best, and not among the
        first by relevance, is no match for such an order, since noise would come first; under a filter nothing may be
        that good, and then all of it is shown.
        """
        if self.best <= 0:
            return Candidates.none(CHANNEL)
        found = self.candidates if filters.empty else above(reader.lexical(self.query, filters, depth), self.floor)
        if sort is Sort.RELEVANCE:
            return found
        floor = self.floor if self.step is Match.ALL else max(self.floor, self.best * sorted_floor)
        good = above(found, floor)
        if not len(good.rows):
            good, floor = found, self.floor
        if not good.complete:
            good = reader.lexical(self.query, filters, depth, sort, floor)
        # Of the whole catalogue, else a filter would let in what no facet of the unfiltered list could count.
        return _with(reader, good, found, self.candidates.rows[:best])

    def measure(self, reader: IndexReader, rows: IntArray) -> FloatArray | None:
        """Nothing: what words did not recall lies below the floor or the best `depth`; asking costs as much again.

        Characters that a near document shares after the last step would be worth 0.002 of nDCG@10, for 3 ms.
        """
        return None


def recall_lexical(reader: IndexReader, text: QueryText, options: LexicalOptions) -> LexicalMatch:
    """Takes the strictest step that finds enough.

    Most stricter steps of most queries find too little: they are counted before a list is asked for.
    """
    *stricter, (last, loosest) = steps(text, options)
    counts = reader.lexical_counts([query for _, query in stricter], options.enough)
    for (step, query), count in zip(stricter, counts, strict=True):
        if count >= options.enough:
            match = _matches(reader, step, query, options)
            if len(match.candidates.rows) >= options.enough:
                return match
    match = _matches(reader, last, loosest, options)
    if last is Match.ALL and len(match.candidates.rows) < options.enough:
        # Few have the word: wherever they have it, they are what there is.
        return _matches(reader, last, loosest, replace(options, floor=0.0))
    return match


def steps(text: QueryText, options: LexicalOptions) -> list[tuple[Match, LexicalQuery]]:
    """What may be asked, strictest first; the last one asks for one telling term, which may be all there is."""
    required, told = tuple(term.alternatives for term in text.required), telling(text.required)
    needs = {math.ceil(len(required) * options.most): Match.MOST, len(required): Match.ALL}
    asked = [(step, required, need) for need, step in sorted(needs.items(), reverse=True) if need > 0]
    asked = [(Match.ALL, told, 1)] if required == told and len(told) == 1 else [*asked, (Match.ANY, told, 1)]
    return [(step, LexicalQuery(text.weights, options.fields, terms, need)) for step, terms, need in asked]


def _matches(reader: IndexReader, step: Match, query: LexicalQuery, options: LexicalOptions) -> LexicalMatch:
    candidates = reader.lexical(query, EVERYTHING, options.depth)
    best = float(candidates.scores[0]) if len(candidates.scores) else 0.0
    floor = best * options.floor
    return LexicalMatch(query, step, best, floor, above(candidates, floor))


def above(candidates: Candidates, floor: float) -> Candidates:
    """The candidates whose score reaches `floor`; the list is complete if it ended there and not at its depth."""
    keep = candidates.scores >= floor
    complete = candidates.complete or not bool(keep.all())
    return replace(candidates, rows=candidates.rows[keep], scores=candidates.scores[keep], complete=complete)


def _with(reader: IndexReader, good: Candidates, found: Candidates, first: IntArray) -> Candidates:
    """`good` with those of `found` that are among these rows."""
    lacking = np.isin(found.rows, first) & ~np.isin(found.rows, good.rows)
    if not lacking.any():
        return good
    rows = np.concatenate([good.rows, found.rows[lacking]])
    scores = np.concatenate([good.scores, found.scores[lacking]])
    order = np.lexsort((reader.by_id(rows), -scores))
    return replace(good, rows=rows[order], scores=scores[order])


@dataclass(frozen=True, slots=True)
class LexicalRecall:
    """The channel; see `retrieval.recall.matches.Recall`."""

    options: LexicalOptions
    name: str = CHANNEL

    def answers(self, asked: Asked) -> bool:
        """Words are needed."""
        return bool(asked.text.terms)

    def recall(self, asked: Asked) -> LexicalMatch:
        """See `recall_lexical`."""
        return recall_lexical(asked.reader, asked.text, self.options)
