"""A query as rules see it: its words, and what is surely meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from retrieval.analysis.segment import Segmenter
from retrieval.rules.compared import normalized
from retrieval.understanding.plan import Plan


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it may be meant.

    Attributes:
        query: normalised.
        cuts: characters at which a word begins or ends, ascending.
        category_share: least probability of a category that is surely meant, in [0, 1].
    """

    query: str
    cuts: tuple[int, ...]
    plan: Plan
    category_share: float

    @classmethod
    def of(cls, query: str, plan: Plan, segmenter: Segmenter, category_share: float) -> Reading:
        """Of a query as typed."""
        text = normalized(query)
        words = segmenter.cut(text)
        return cls(text, tuple(accumulate(map(len, words), initial=0)), plan, category_share)

    @property
    def phrases(self) -> Iterator[str]:
        """All that stands in it as whole words."""
        for place, start in enumerate(self.cuts):
            for end in self.cuts[place + 1 :]:
                yield self.query[start:end]

    @property
    def paths(self) -> frozenset[str]:
        """The categories that are surely meant, with all above them."""
        shares: dict[str, float] = {}
        for guess in self.plan.categories:
            parts = guess.category.split("/")
            for depth in range(1, len(parts) + 1):
                path = "/".join(parts[:depth])
                shares[path] = shares.get(path, 0.0) + guess.probability
        return frozenset(path for path, share in shares.items() if share >= self.category_share)
