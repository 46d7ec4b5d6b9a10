"""Term weights: what it costs a document to lack a term of the query, in [0, 1].

A term counts what the entity it stands in counts (`reading.entities.WEIGHTS`: the head noun 1, a brand
and the model 0.9, 高级感 0.05), less where the tagger was guessing. Of an entity of several terms the last one
counts full, the others `INNER`. A term in no entity counts by how rare it is in the titles:

    weight = LEAST + (MOST - LEAST) · ln (1 + N / (1 + df)) / ln (1 + N)

with N titles and df titles that have the word (inverse document frequency, Spärck Jones 1972, scaled to [0, 1]). Then
all are divided by the greatest, so that the most telling term of any query counts 1: 爆款 alone still asks for 爆款.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity

LEAST, MOST = 0.1, 0.6
INNER = 0.8
GUESS = 0.5
"""An entity of confidence c counts its weight times GUESS + (1 - GUESS)·c."""


class Piece(Protocol):
    """A term of the analyzer (`retrieval.analysis.analyzer.Term`): its text at characters ``[start, end)``."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def weights(terms: Sequence[Piece], entities: Iterable[Entity], knowledge: Knowledge) -> dict[str, float]:
    """Text of each term → its weight in (0, 1]; the greatest is 1. A text that stands twice counts the more."""
    found: dict[str, float] = {}
    tagged = tuple(entities)
    for term in terms:
        found[term.text] = max(found.get(term.text, 0.0), _weight(term, tagged, knowledge))
    greatest = max(found.values(), default=1.0)
    return {text: round(weight / greatest, 4) for text, weight in found.items()}


def kinds(terms: Iterable[Piece], entities: Sequence[Entity]) -> dict[str, Kind]:
    """Text of each term that stands in an entity → its kind; of several the one that costs most to miss."""
    found: dict[str, Entity] = {}
    for term in terms:
        for entity in entities:
            if entity.start < term.end and term.start < entity.end:
                known = found.get(term.text)
                found[term.text] = entity if known is None or entity.weight > known.weight else known
    return {text: entity.kind for text, entity in found.items()}


def _weight(term: Piece, entities: Sequence[Entity], knowledge: Knowledge) -> float:
    overlapping = [each for each in entities if each.start < term.end and term.start < each.end]
    if not overlapping:
        return _rarity(term.text, knowledge)
    return max(
        entity.weight * (GUESS + (1 - GUESS) * entity.confidence) * (1.0 if term.end >= entity.end else INNER)
        for entity in overlapping
    )


def _rarity(word: str, knowledge: Knowledge) -> float:
    if len(word) < 2 or not knowledge.documents:
        return LEAST
    share = math.log1p(knowledge.documents / (1 + knowledge.words.get(word, 0))) / math.log1p(knowledge.documents)
    return LEAST + (MOST - LEAST) * min(1.0, share)
