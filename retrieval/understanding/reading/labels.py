"""A query that is nothing but a support label (国货): its words are what is looked for, and who carries it has them.

Beside what is looked for (国货保温杯) a label is a wish like others: it filters, and gives way where too little is
left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from retrieval.analysis.analyzer import Analyzer, QueryText, Term, grams
from retrieval.analysis.labels import label_text
from retrieval.types import EVERYTHING
from retrieval.understanding.constraints.constraints import rest
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint


def alone(constraints: Sequence[Constraint], query: str, analyzer: Analyzer) -> Sequence[Constraint]:
    """`constraints`, where the normalised `query` says nothing else: then labels stay in what is searched, and filter
    nothing."""
    labels = [each for each in constraints if each.kind is ConstraintKind.LABEL]
    if not labels or not all(term.optional for term in analyzer.query(rest(query, constraints)).terms):
        return constraints
    return tuple(
        replace(each, filters=EVERYTHING, consumed=False) if each.kind is ConstraintKind.LABEL else each
        for each in constraints
    )


def renamed(searched: str, constraints: Collection[Constraint], query: str) -> str:
    """What is searched of the normalised `query`, in which labels (`alone`) are called what they are called: 非遗."""
    for wish in _said(constraints):
        searched = searched.replace(query[wish.start : wish.end], label_text(wish.label), 1)
    return searched


def carried(text: QueryText, constraints: Collection[Constraint]) -> QueryText:
    """`text` with the labels that stand in it (`renamed`) satisfied by who carries them, too."""
    for wish in _said(constraints):
        text = _satisfied(text, label_text(wish.label), wish.labels)
    return text


def _said(constraints: Collection[Constraint]) -> list[Constraint]:
    return [each for each in constraints if each.kind is ConstraintKind.LABEL and not each.consumed]


def _satisfied(text: QueryText, phrase: str, tokens: tuple[str, ...]) -> QueryText:
    start = text.normalized.find(phrase)
    end = start + len(phrase)
    inside = [term for term in text.terms if term.start < end and start < term.end]
    if start < 0 or not inside or inside[0].start != start or inside[-1].end != end:
        return text
    one = inside[0] if len(inside) == 1 else Term(phrase, start, end, (tuple(grams(phrase)),))
    said = replace(one, alternatives=(*one.alternatives, *((token,) for token in tokens)))
    terms = sorted((*(term for term in text.terms if term not in inside), said), key=lambda term: term.start)
    return replace(text, terms=tuple(terms), weights={**dict.fromkeys(tokens, 1.0), **text.weights})
