"""Shade words (底纹词): what may stand in an empty search box, for one shopper.

What others asked beside the last queries of this shopper comes first, then names of what the shopper likes, then what
is hot. What the shopper asked just now does not come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from retrieval.interest.profile import Dimension
from retrieval.mall.answer import RelatedQuery
from retrieval.suggest.answer import Because, ShadeWord
from retrieval.suggest.shopper import Shopper

_SEEDS = 3
"""Queries of the shopper, the last ones, that words are derived from."""
_EACH = 2
"""Words of one query."""
_NOUNS = 4
"""Words of interests."""


def shade_words(
    shopper: Shopper, related: Callable[[str], Sequence[RelatedQuery]], names: Callable[[str], bool], hot: Iterable[str]
) -> Iterator[ShadeWord]:
    """All that may be shown, the likeliest first, each once.

    Args:
        related: queries that go with a query; names: whether a text names what is sold; hot: the hot list.
    """
    asked = [*shopper.asked][::-1]
    found = chain(
        _further(asked[:_SEEDS], related),
        islice(_liked(shopper, names), _NOUNS),
        (ShadeWord(query, Because.HOT) for query in hot),
    )
    seen = set(asked)
    for one in found:
        if one.query not in seen:
            seen.add(one.query)
            yield one


def _further(queries: Sequence[str], related: Callable[[str], Sequence[RelatedQuery]]) -> Iterator[ShadeWord]:
    for query in queries:
        for one in related(query)[:_EACH]:
            yield ShadeWord(one.query, Because.RELATED, query)


def _liked(shopper: Shopper, names: Callable[[str], bool]) -> Iterator[ShadeWord]:
    for one in shopper.interests:
        text = one.value.rpartition("/")[2] if one.dimension is Dimension.CATEGORY else one.value
        if one.weight > 0 and one.sayable and names(text):
            yield ShadeWord(text, Because.INTEREST, one.called)
