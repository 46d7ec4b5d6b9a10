"""Conditions said in words → constraints, each with the characters it came from; and what is left to search.

    「送妈妈的保温杯 100元以内」 → ¥100 以内, and 「送妈妈的保温杯」 is searched

Everything said is read by its own module (prices, amounts, wishes, negations) from the phrases of the rules; where two
readings overlap, the longer one counts, then the one that starts first.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from retrieval.analysis.quantities import Unit
from retrieval.types import Filters
from retrieval.understanding.constraints.amounts import AmountReader
from retrieval.understanding.constraints.constraint_rules import ConstraintRules
from retrieval.understanding.constraints.exclusions import exclusions
from retrieval.understanding.constraints.expressions import ExpressionFinder
from retrieval.understanding.constraints.meanings import MeaningReader
from retrieval.understanding.constraints.negations import NegationReader
from retrieval.understanding.constraints.prices import PriceReader, price_label
from retrieval.understanding.constraints.wishes import WishReader
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint
from retrieval.understanding.reading.expansion_rules import Expansion

_AND = re.compile(r"[ 和且但并而的]*")


class ConstraintReader:
    """Reads the constraints of a query. Immutable after construction and safe to share between threads."""

    def __init__(
        self, rules: ConstraintRules, units: Mapping[str, Unit], known: Container[str] = (),
        meanings: Iterable[Expansion] = (), names: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """
        Args:
            units: those of the lexicon.
            known: words (brands, materials, colours) that may be excluded.
            meanings: words that mean more than they say.
            names: word → other names of what it names, which is excluded by all of them.
        """
        self._names = names
        self._meanings = MeaningReader(meanings, rules)
        self._expressions = ExpressionFinder(rules, units)
        self._prices = PriceReader(rules)
        self._amounts = AmountReader(rules, units)
        self._wishes = WishReader(rules)
        self._negations = NegationReader(rules, known)

    def read(self, normalized: str) -> tuple[Constraint, ...]:
        """The constraints of a normalised query, left to right, without overlap. Never raises."""
        expressions = list(self._expressions.find(normalized))
        found = self._prices.read(normalized, expressions) if expressions else []
        found += self._amounts.read(normalized, expressions) if expressions else []
        found += self._wishes.read(normalized)
        found += self._meanings.read(normalized)
        negations = [*exclusions(normalized), *self._negations.read(normalized, [c.start for c in found])]
        found += [self._named(self._meanings.refined(normalized, negation)) for negation in negations]
        return _merge_bounds(normalized, _longest(found))

    def _named(self, negation: Constraint) -> Constraint:
        """A negation that excludes its things by all their names: 不要红色 is 不要大红, too."""
        without = negation.filters.without
        others = [name for thing in without for name in self._names.get(thing, ()) if _telling(name)]
        return (
            replace(negation, filters=Filters(without=tuple(dict.fromkeys((*without, *others)))))
            if others
            else negation
        )


def _telling(name: str) -> bool:
    """Whether a name is no part of other words: two Han characters, or four letters."""
    return len(name) >= (4 if name.isascii() else 2)


def rest(normalized: str, constraints: Iterable[Constraint]) -> str:
    """What is left to search: `normalized` without the consumed characters, blanks tidied. Never longer."""
    pieces, at = [], 0
    for constraint in sorted((c for c in constraints if c.consumed), key=lambda c: (c.start, c.end)):
        pieces.append(normalized[at : constraint.start])
        at = max(at, constraint.end)
    return " ".join(" ".join([*pieces, normalized[at:]]).split())


def _longest(constraints: Iterable[Constraint]) -> list[Constraint]:
    kept: list[Constraint] = []
    for one in sorted(constraints, key=lambda c: (c.start - c.end, c.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda c: c.start)


def _merge_bounds(text: str, constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """「100以上 300以下」 is one range: a lower and an upper price side by side become one."""
    merged: list[Constraint] = []
    for one in constraints:
        last = merged[-1] if merged else None
        if last and last.kind is one.kind is ConstraintKind.PRICE and _AND.fullmatch(text, last.end, one.start):
            lows = [c.filters.price[0] for c in (last, one) if c.filters.price[0] is not None]
            highs = [c.filters.price[1] for c in (last, one) if c.filters.price[1] is not None]
            if len(lows) == len(highs) == 1 and lows[0] <= highs[0]:
                price = (lows[0], highs[0])
                merged[-1] = replace(
                    last,
                    id=f"price:{last.start}-{one.end}",
                    label=price_label(price),
                    end=one.end,
                    filters=Filters(price=price),
                )
                continue
        merged.append(one)
    return tuple(merged)
