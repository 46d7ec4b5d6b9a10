"""Which of the counted values an answer shows, and where it leaves some out.

An attribute is a facet of its own among the others: each has its bound, or a name of many values would push out the
colours and sizes of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.answer import TruncatedFacet
from retrieval.lists.facet_order import ordered
from retrieval.types import FacetOrder, FacetValue
from retrieval.understanding.plan import Plan

LIKELY = 0.1
"""A category of less probability keeps its place by count."""

BANDS = frozenset({"price"})
"""Facets whose values have an order of their own."""

ATTRIBUTES = "attributes"
"""The facet whose values are ``name=value``."""


@dataclass(frozen=True, slots=True)
class FacetBounds:
    """Most `values` of a facet, and names of attributes; most `attribute_values` of one attribute."""

    values: int
    attribute_values: int


def facets_of(
    counted: Mapping[str, tuple[FacetValue, ...]],
    plan: Plan | None,
    bounds: FacetBounds,
    order: FacetOrder = FacetOrder.COUNT,
) -> tuple[dict[str, tuple[FacetValue, ...]], tuple[TruncatedFacet, ...]]:
    """The first values of each facet, and what was cut; the best bands of quality come first, and categories that the
    query is likely about come before more frequent ones.

    The probability of a category is that of all leaves below it. `plan`: None where nobody asked with words.
    """
    guesses = plan.categories if plan else ()

    def unlikely(value: FacetValue) -> float:
        path = value.value
        share = sum(g.probability for g in guesses if f"{g.category}/".startswith(f"{path}/"))
        return -share if share >= LIKELY else 0.0

    shown: dict[str, tuple[FacetValue, ...]] = {}
    cut: list[TruncatedFacet] = []
    for name, values in counted.items():
        if name == ATTRIBUTES:
            kept, left_out = _attributes(ordered(values, FacetOrder.COUNT), bounds)
            shown[name] = kept if order is FacetOrder.COUNT else _by_value(kept)
            cut += left_out
            continue
        if name not in BANDS:
            values = ordered(values, order)
        if name == "quality":
            values = tuple(reversed(ordered(values, FacetOrder.VALUE)))
        if name == "category":
            values = tuple(sorted(values, key=unlikely))
        shown[name] = values[: bounds.values]
        cut += _cut(name, None, len(values) - bounds.values)
    return shown, tuple(cut)


def _by_value(values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    """The names in the order they have, the values of each by value."""
    names = {value.value.partition("=")[0]: place for place, value in reversed([*enumerate(values)])}
    return tuple(sorted(ordered(values, FacetOrder.VALUE), key=lambda each: names[each.value.partition("=")[0]]))


def _attributes(
    values: Sequence[FacetValue], bounds: FacetBounds
) -> tuple[tuple[FacetValue, ...], list[TruncatedFacet]]:
    """In the order counted: the names whose best value comes first, and the first values of each."""
    of: dict[str, list[FacetValue]] = {}
    for value in values:
        of.setdefault(value.value.partition("=")[0], []).append(value)
    named = list(of.items())
    kept = {id(value) for _, some in named[: bounds.values] for value in some[: bounds.attribute_values]}
    cut = [
        one
        for name, some in named[: bounds.values]
        for one in _cut(ATTRIBUTES, name, len(some) - bounds.attribute_values)
    ]
    cut += _cut(ATTRIBUTES, None, sum(len(some) for _, some in named[bounds.values :]))
    return tuple(value for value in values if id(value) in kept), cut


def _cut(facet: str, attribute: str | None, more: int) -> Iterator[TruncatedFacet]:
    if more > 0:
        yield TruncatedFacet(facet, attribute, more)
