"""The words of a query that are looked for in speech: those that say what is asked about.

Somebody says 好, 选 or 怎么 in every other moment, so they must not decide which moment speaks to 跑鞋怎么选.
"""

from __future__ import annotations

from dataclasses import replace

from retrieval.analysis.analyzer import QueryText
from retrieval.analysis.normalize import normalize
from retrieval.understanding.plan import Plan

_LIGHT = 0.1
"""What missing a word costs, below which it says next to nothing."""


def words_for_speech(plan: Plan) -> QueryText:
    """The text of the plan without its light words; as it is where it has no other words."""
    text = plan.text
    heavy = tuple(term for term in text.terms if plan.term_weights.get(term.text, 1.0) >= _LIGHT)
    if not heavy or len(heavy) == len(text.terms):
        return text
    whole = normalize(text.text).strip()
    kept = list(" " * len(whole))
    for term in heavy:
        kept[term.start : term.end] = whole[term.start : term.end]
    left = "".join(kept)
    weights = {token: weight for token, weight in text.weights.items() if token in left or token not in whole}
    return replace(text, terms=heavy, weights=weights)
