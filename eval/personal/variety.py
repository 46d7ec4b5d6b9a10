"""Does the shopper's own order show more of the catalogue, and are its lists less alike in themselves?

Coverage is aggregate diversity (Adomavicius & Kwon 2012): the share of the catalogue in the first ten of any query.
Diversity is that within a list (Ziegler et al. 2005), by titles, since most of a real catalogue has no category:
1 - the mean Jaccard similarity of the character bigrams of two titles.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np

from eval.personal.types import Shown, Variety


def variety_of(lists: Sequence[Shown], documents: int) -> Variety:
    """Of the first hits of all queries. Lists of fewer than two hits have no diversity and do not count in its mean."""
    seen = {id_ for one in lists for id_ in one.ids}
    each = [diversity(one.titles) for one in lists if len(one.titles) > 1]
    return Variety(len(seen), round(len(seen) / max(documents, 1), 6), round(float(np.mean(each)), 6) if each else 0.0)


def diversity(titles: Sequence[str]) -> float:
    """Of one list, in [0, 1]; 0 where all titles are the same. At least two titles."""
    return float(np.mean([1 - _alike(_bigrams(a), _bigrams(b)) for a, b in combinations(titles, 2)]))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    either = len(one | other)
    return len(one & other) / either if either else 1.0


@lru_cache(maxsize=100_000)
def _bigrams(title: str) -> frozenset[str]:
    text = "".join(title.casefold().split())
    return frozenset(a + b for a, b in pairwise(text)) or frozenset({text})
