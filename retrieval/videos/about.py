"""What tells a video about a query from one that is merely nearest: how much of the query somebody says.

Who names a thing gets videos that say it, or have it in their title. A long question is asked in other words than it is
answered in: what says some of it and is near will do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.analysis.analyzer import QueryText, Term
from retrieval.understanding.plan import Plan
from retrieval.videos.words import words_for_speech

_LEAST = 0.4
"""Share that must be said."""
_LONG = 4
"""Terms of a question that names more than a thing."""


@dataclass(frozen=True, slots=True)
class About:
    """A query as it is compared with speech.

    Attributes:
        text: without its light words.
        weights: text of a term → what missing it costs; 1 for others.
        named: whether it is short and names a thing.
    """

    text: QueryText
    weights: Mapping[str, float]
    named: bool

    @classmethod
    def of(cls, plan: Plan) -> About:
        """Of a query as it was read."""
        text = words_for_speech(plan)
        named = len(text.required) < _LONG and any(entity.names_thing for entity in plan.entities)
        return cls(text, plan.term_weights, named)

    def told(self, words: str, *, near: bool) -> bool:
        """Whether a moment tells it: `words` are what it says and its title, in normal form."""
        return self.share(words) >= _LEAST or (near and not self.named)

    def share(self, words: str) -> float:
        """How much of the query is said, in [0, 1]; half a word is a quarter of it: 运动 is not 运动鞋."""
        costs = [self.weights.get(term.text, 1.0) for term in self.text.required]
        said = [_said(words, term) ** 2 for term in self.text.required]
        return sum(c * s for c, s in zip(costs, said, strict=True)) / max(sum(costs), 1e-9)


def _said(words: str, term: Term) -> float:
    """Of the way of saying it that is said most, the share of its pieces."""
    if term.text in words:
        return 1.0
    return max((sum(piece in words for piece in way) / len(way) for way in term.alternatives if way), default=0.0)
