"""Which leaf category a query is about: naive Bayes over the words of titles (and of clicked queries).

With n_c titles in category c, n_wc of them with word w, prior P(c) = n_c / N and n_w = Σ_c n_wc:

    P(c|w)   = (n_wc + μ·P(c)) / (n_w + μ)                               Dirichlet smoothing (Zhai and Lafferty 2001)
    P(c|q)   ∝ P(c) · Π_w (P(c|w) / P(c))^τ                              τ < 1: words of a title are not independent

Categories without any word of the query share one closed-form remainder, so a query costs only as much as its words are
known. Where the query was clicked, the clicks count: P = (clicks_c + κ·P(c|q)) / (clicks + κ). Rules then multiply the
probability of a category and all below it, before it sums to one again; 0 forbids.

The entropy is H = -Σ P ln P / ln n over all n categories: 0 is one category for sure, 1 is anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import CategoryGuess
from retrieval.understanding.reading.category_rules import CategoryRule

SMOOTHING, TEMPER, CLICK_PRIOR = 5.0, 0.8, 5.0
GUESSES = 5


@dataclass(frozen=True, slots=True)
class CategoryPrediction:
    """The likeliest categories, most likely first, and the entropy of all, in [0, 1]; 1 where nothing is known."""

    guesses: tuple[CategoryGuess, ...] = ()
    entropy: float = 1.0


class CategoryModel:
    """Immutable after construction and safe to share between threads."""

    def __init__(self, knowledge: Knowledge, rules: Sequence[CategoryRule] = ()) -> None:
        self._words = knowledge.category_words
        self._clicks = knowledge.clicks
        self._rules = tuple(rules)
        total = sum(knowledge.categories.values())
        self._prior = {category: n / total for category, n in knowledge.categories.items()}
        self._prior_entropy = -sum(p * math.log(p) for p in self._prior.values())

    def predict(self, words: Iterable[str], query: str = "", more: Sequence[CategoryRule] = ()) -> CategoryPrediction:
        """The categories of a query.

        Args:
            words: its words and product nouns, e.g. the texts of its terms; unknown ones say nothing.
            query: normalised; finds its clicks and the rules that speak of it.
            more: rules for this query alone.
        """
        if not self._prior:
            return CategoryPrediction()
        shares, rest = self._shares(tuple(dict.fromkeys(words)))
        rest = self._count_clicks(shares, rest, query)
        rest = self._apply_rules(shares, rest, query, more)
        total = sum(shares.values()) + rest
        if total <= 1e-12:  # every category is forbidden
            return CategoryPrediction()
        found = {category: share / total for category, share in shares.items() if share > 0}
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:GUESSES]
        return CategoryPrediction(
            tuple(CategoryGuess(category, round(p, 4)) for category, p in best), self._entropy(found, rest / total)
        )

    def _shares(self, words: Sequence[str]) -> tuple[dict[str, float], float]:
        """P(c|q) of every category that has a word, and of all others together."""
        counts = [known for word in words if (known := self._words.get(word))]
        totals = [sum(each.values()) for each in counts]
        seen = {category for each in counts for category in each if category in self._prior}
        shares = {category: self._prior[category] for category in seen}
        unseen = 1.0 - sum(shares.values())
        for each, uses in zip(counts, totals, strict=True):
            absent = (SMOOTHING / (uses + SMOOTHING)) ** TEMPER
            unseen *= absent
            for category in seen:
                n = each.get(category)
                if n:
                    ratio = (n / self._prior[category] + SMOOTHING) / (uses + SMOOTHING)
                    shares[category] *= ratio**TEMPER
                else:
                    shares[category] *= absent
        total = sum(shares.values()) + unseen
        return {category: share / total for category, share in shares.items()}, max(unseen, 0.0) / total

    def _count_clicks(self, shares: dict[str, float], rest: float, query: str) -> float:
        """Adds the clicks after the query; returns the remainder on the new scale."""
        clicked = self._clicks.get(query)
        if not clicked:
            return rest
        for category in {*shares, *clicked}:
            shares[category] = clicked.get(category, 0) + CLICK_PRIOR * shares.get(category, 0.0)
        return CLICK_PRIOR * rest

    def _apply_rules(self, shares: dict[str, float], rest: float, query: str, more: Sequence[CategoryRule]) -> float:
        """Multiplies the shares by the rules; returns the remainder without the categories that became named."""
        for rule in (*self._rules, *more):
            if rule.pattern in query:
                unnamed = sum(p for category, p in self._prior.items() if category not in shares)
                for category, prior in self._prior.items():
                    if rule.covers(category):
                        if category not in shares:
                            shares[category] = rest * prior / max(unnamed, prior)
                            rest -= shares[category]
                            unnamed -= prior
                        shares[category] *= rule.factor
        return max(rest, 0.0)

    def _entropy(self, found: Mapping[str, float], rest: float) -> float:
        """Entropy in [0, 1]; the remainder is spread as the prior is."""
        if len(self._prior) < 2:
            return 0.0
        entropy = -sum(p * math.log(p) for p in found.values())
        if rest > 1e-12:
            entropy += rest * (self._prior_entropy - math.log(rest))
        return round(min(1.0, max(0.0, entropy / math.log(len(self._prior)))), 4)
