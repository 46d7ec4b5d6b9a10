"""How well a document has what the query names of a kind: the thing itself, its maker, its model, whom it is for.

`term_coverage` weighs all terms together; each of these stands alone, so that a missing thing and a missing colour can
count differently. A query that names nothing of the kind says nothing by it: the value is then that of `term_coverage`.
"""

from __future__ import annotations

from collections.abc import Callable

from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.term_matches import weighted_mean
from retrieval.types import FloatArray
from retrieval.understanding.kinds import Kind


def entity_match(kinds: frozenset[Kind]) -> Callable[[Pairs], FloatArray]:
    """The measure for entities of these kinds: in [0, 1], the mean match of their terms, by weight."""

    def measure(pairs: Pairs) -> FloatArray:
        named = [term for term, kind in enumerate(pairs.wanted.kinds) if kind in kinds]
        if not named:
            return pairs.term_coverage
        return weighted_mean(pairs.matches[:, named], pairs.wanted.term_weights[named])

    return measure
