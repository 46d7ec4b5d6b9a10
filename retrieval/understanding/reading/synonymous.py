"""A query with a synonym in the place of its word: what is sold under the other name is the same thing, and as good.

Words and recall know synonyms already (`retrieval.analysis.analyzer`), amounts however they are said, and 杯子 in 水杯;
but ranking measures characters, codes and vectors too, and by these 肯德基 is nothing like KFC, 两万毫安 nothing like
20000mah. So the query is also ranked as if it had been said the other way; as 5kg only what is of 10斤.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from retrieval.analysis import numerals, whole
from retrieval.analysis.analyzer import Analyzer, QueryText, Term
from retrieval.analysis.quantities import Quantity, Unit
from retrieval.understanding.kinds import Kind

SAME = 0.8
"""A synonym of at least this weight is the same thing; 球鞋 and 运动鞋 (0.7) are only near."""
MOST = 2
"""So many other texts; each costs a closer look."""


@dataclass(frozen=True, slots=True)
class Synonymous:
    """Other ways to say a query, and what their words cost and are: what the word does that they stand for.

    Attributes:
        amounts: amount (``=g:5000``) → the text with it in another unit, for the documents that have this amount.
    """

    texts: tuple[QueryText, ...]
    costs: Mapping[str, float]
    kinds: Mapping[str, Kind]
    amounts: Mapping[str, QueryText] = field(default_factory=dict)


def synonymous(
    text: QueryText, analyzer: Analyzer, costs: Mapping[str, float], kinds: Mapping[str, Kind]
) -> Synonymous:
    """The first `MOST` ways; `costs` and `kinds` are those of the terms of `text`."""
    more_costs: dict[str, float] = {}
    more_kinds: dict[str, Kind] = {}

    def said(term: Term, target: str) -> QueryText:
        other = analyzer.query(text.normalized[: term.start] + target + text.normalized[term.end :])
        inside = [t.text for t in other.terms if t.start < term.start + len(target) and term.start < t.end]
        more_costs.update(dict.fromkeys(inside, costs[term.text]))
        if term.text in kinds:
            more_kinds.update(dict.fromkeys(inside, kinds[term.text]))
        return other

    words = [term for term in text.terms if 0 < len(term.text) == term.end - term.start]
    texts = tuple(said(term, target) for term, target in islice(_same(words, analyzer), MOST))
    amounts = {token: said(term, other) for term in words for token, other in _in_latin(term.text, analyzer)}
    return Synonymous(texts, more_costs, more_kinds, amounts)


def _same(said: Sequence[Term], analyzer: Analyzer) -> Iterator[tuple[Term, str]]:
    yield from ((term, written) for term in said for written in _written(term.text, analyzer))
    yield from ((term, ending) for term in said for ending in _endings(term))
    for term in said:
        for synonym in analyzer.lexicon.synonyms.get(term.text, ()):
            if synonym.weight >= SAME:
                yield term, synonym.target


def _endings(term: Term) -> Iterator[str]:
    """杯子 as 杯, where any word that ends with 杯 is one."""
    ending, suffix = term.text[:1], term.text[1:]
    if suffix == whole.SUFFIX and (whole.ENDS + ending,) in term.alternatives:
        yield ending


def _written(said: str, analyzer: Analyzer) -> Iterator[str]:
    """How titles write an amount: 五斤 as 5斤, 两万毫安 as 20000mah, 42码 as 42."""
    if found := _amount(said, analyzer):
        amount, value, unit = found
        number = numerals.plain(value / unit.factor)
        ways = [f"{number}{unit.name}", amount.alone]
        if unit.factor == 1 and unit.base in analyzer.lexicon.units:
            ways.insert(0, f"{number}{unit.base}")
        yield from (way for way in ways if way and way != said)


def _in_latin(said: str, analyzer: Analyzer) -> Iterator[tuple[str, str]]:
    """An amount in Latin units: in one that is as great, else in the greatest that leaves one decimal at most."""
    found = _amount(said, analyzer)
    if found and not (unit := found[2]).name.isascii():
        amount, value, _ = found
        latin = [each for each in analyzer.lexicon.units.values() if each.base == unit.base and each.name.isascii()]
        fitting = [each for each in latin if each.factor == unit.factor] or [
            each for each in latin if value >= each.factor and value * 10 % each.factor == 0
        ]
        if fitting:
            other = max(fitting, key=lambda each: each.factor)
            yield amount.token, f"{numerals.plain(value / other.factor)}{other.name}"


def _amount(said: str, analyzer: Analyzer) -> tuple[Quantity, Decimal, Unit] | None:
    """The amount that a text is, in base units, too, and the unit in which it is said."""
    found = analyzer.quantities.find(said)
    if not found or found[0].end - found[0].start != len(said):
        return None
    units = analyzer.lexicon.units
    unit = next((units[name] for name in sorted(units, key=len, reverse=True) if name in said), None)
    return None if unit is None else (found[0], Decimal(found[0].token[1:].split(":")[1]), unit)
