"""The lexical channel: all words first, then most of them, then any, and never less than a share of the best score.

Real queries seldom match a title in every word (in 492 real queries over 71,643 titles, 3 of 4 have no such title), so
a strict *and* loses what was meant, and a flat *or* shows noise. A step is taken when it finds at least `enough`
documents; at every step a document must reach `floor` of the best BM25 score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from retrieval.analysis.analyzer import QueryText
from retrieval.protocols import IndexReader
from retrieval.types import Candidates, Filters, LexicalQuery

EVERYTHING = Filters()


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
        step: ``all``, ``most`` or ``any``.
        best: the highest BM25 score of a match in the catalogue; 0 when nothing matches.
        floor: the least score of a match.
        candidates: the matches in the whole catalogue.
    """

    query: LexicalQuery
    step: str
    best: float
    floor: float
    candidates: Candidates


def recall_lexical(reader: IndexReader, text: QueryText, options: LexicalOptions) -> LexicalMatch:
    """Takes the strictest step that finds enough."""
    asked = looks(text, options)
    steps = [step for step, _ in _steps(len(text.required), options.most)]
    for step, (query, _), candidates in zip(steps, asked, reader.lexical_steps(asked), strict=False):
        if step != "any":
            if len(candidates.rows) < options.enough:
                continue
            candidates = reader.lexical(query, EVERYTHING, options.depth)
        best = float(candidates.scores[0]) if len(candidates.scores) else 0.0
        found = above(candidates, best * options.floor)
        if step == "any" or len(found.rows) >= options.enough:
            break
    return LexicalMatch(query, step, best, best * options.floor, found)


def looks(text: QueryText, options: LexicalOptions) -> list[tuple[LexicalQuery, int]]:
    """What is asked first, strictest step first, and how deep.

    Most steps of most queries find too little: that is seen cheaply, before a long list is asked for.
    """
    required = tuple(term.alternatives for term in text.required)
    return [
        (
            LexicalQuery(text.weights, options.fields, required, need),
            options.depth if step == "any" else options.enough,
        )
        for step, need in _steps(len(required), options.most)
    ]


def above(candidates: Candidates, floor: float) -> Candidates:
    """The candidates whose score reaches `floor`; the list is complete if it ended there and not at its depth."""
    keep = candidates.scores >= floor
    complete = candidates.complete or not bool(keep.all())
    return replace(candidates, rows=candidates.rows[keep], scores=candidates.scores[keep], complete=complete)


def _steps(terms: int, most: float) -> list[tuple[str, int]]:
    """Step and how many terms it needs; ``any`` (0) asks only for a token."""
    steps = {math.ceil(terms * most): "most", terms: "all"}
    return [(step, need) for need, step in sorted(steps.items(), reverse=True) if need > 0] + [("any", 0)]
