"""A query with a synonym in the place of its word: what is sold under the other name is the same thing, and as good.

Words and recall know synonyms already (`retrieval.analysis.analyzer`), and amounts however they are said; but ranking
measures characters, codes and vectors too, and by these 肯德基 is nothing like KFC, and 两万毫安 nothing like 20000mah.
So the query is also ranked as if it had been said the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from retrieval.analysis import numerals
from retrieval.analysis.analyzer import Analyzer, QueryText, Term
from retrieval.understanding.kinds import Kind

SAME = 0.8
"""A synonym of at least this weight is the same thing; 球鞋 and 运动鞋 (0.7) are only near."""
MOST = 2
"""So many other texts; each costs a closer look."""


@dataclass(frozen=True, slots=True)
class Synonymous:
    """Other ways to say a query, and what their words cost and are: what the word does that they stand for."""

    texts: tuple[QueryText, ...]
    costs: Mapping[str, float]
    kinds: Mapping[str, Kind]


def synonymous(
    text: QueryText, analyzer: Analyzer, costs: Mapping[str, float], kinds: Mapping[str, Kind]
) -> Synonymous:
    """The first `MOST` ways; `costs` and `kinds` are those of the terms of `text`."""
    texts: list[QueryText] = []
    more_costs: dict[str, float] = {}
    more_kinds: dict[str, Kind] = {}
    for term, target in _same(text, analyzer):
        if len(texts) == MOST:
            break
        other = analyzer.query(text.normalized[: term.start] + target + text.normalized[term.end :])
        inside = [t.text for t in other.terms if t.start < term.start + len(target) and term.start < t.end]
        more_costs |= dict.fromkeys(inside, costs[term.text])
        if term.text in kinds:
            more_kinds |= dict.fromkeys(inside, kinds[term.text])
        texts.append(other)
    return Synonymous(tuple(texts), more_costs, more_kinds)


def _same(text: QueryText, analyzer: Analyzer) -> Iterator[tuple[Term, str]]:
    said = [term for term in text.terms if 0 < len(term.text) == term.end - term.start]
    yield from ((term, written) for term in said for written in _written(term.text, analyzer))
    for term in said:
        for synonym in analyzer.lexicon.synonyms.get(term.text, ()):
            if synonym.weight >= SAME:
                yield term, synonym.target


def _written(said: str, analyzer: Analyzer) -> Iterator[str]:
    """How titles write an amount: 五斤 as 5斤, 两万毫安 as 20000mah, 42码 as 42."""
    found = analyzer.quantities.find(said)
    if not found or found[0].end - found[0].start != len(said):
        return
    base, value = found[0].token[1:].split(":")
    units = analyzer.lexicon.units
    unit = next((units[name] for name in sorted(units, key=len, reverse=True) if name in said), None)
    if unit is None:
        return
    number = numerals.plain(Decimal(value) / unit.factor)
    ways = [f"{number}{unit.name}", found[0].alone]
    if unit.factor == 1 and base in units:
        ways.insert(0, f"{number}{base}")
    yield from (way for way in ways if way and way != said)
