"""Which leaf category a query is about: naive Bayes over the words of titles (and of clicked queries).

With n_c titles in category c, n_wc of them with word w, prior P(c) = n_c / N and n_w = Σ_c n_wc:

    P(c|w)   = (n_wc + μ·P(c)) / (n_w + μ)                               Dirichlet smoothing (Zhai and Lafferty 2001)
    P(c|q)   ∝ P(c) · Π_w (P(c|w) / P(c))^τ                              τ < 1: words of a title are not independent

Categories without any word of the query share one closed-form remainder, so a query costs only as much as its words are
known. Where the query was clicked, the clicks count: P = (clicks_c + κ·P(c|q)) / (clicks + κ). What the query means by
its own word (男士羽绒服 with 羽绒服, sixteen leaves with 衣服) is then raised, and none of it is less than half as
probable as the likeliest: few titles say 衣服, and those of 旗袍 that do say nothing against shirts. Rules multiply the
probability of a category and all below it, before it sums to one again; 0 forbids.

Where something is meant so, what lies in another department (first name of a path) than all likely ones, and than all
that are likely by the words beside it, is elsewhere: bags for mothers say 奶瓶, too; but 宝宝零食 is found among snacks
and among food for babies. What a title says must be what its category sells (清仓 sells anything), and something of
another sort than is asked (童鞋 are 鞋, too). A category of one name alone tells no department.

The entropy is H = -Σ P ln P / ln n over all n categories: 0 is one category for sure, 1 is anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from retrieval.analysis.normalize import normalize
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import CategoryGuess
from retrieval.understanding.reading.category_rules import CategoryRule

SMOOTHING, TEMPER, CLICK_PRIOR = 5.0, 0.8, 5.0
GUESSES, MOST_MEANT = 5, 32
"""So many categories are told; where more are meant, so many of them."""
LEAST_OF_MEANT = 0.5
"""Each of them is at least so probable, the likeliest category being 1."""
LIKELY = 0.25
"""So are those whose departments are meant."""
SOLD, OFTEN = 0.15, 5.0
"""A category sells what its name says where such a share of its titles has a word of it, so many times that of all."""


@dataclass(frozen=True, slots=True)
class CategoryPrediction:
    """What is known of a query's category.

    Attributes:
        guesses: the likeliest, most likely first.
        entropy: of all, in [0, 1]; 1 where nothing is known.
        elsewhere: normalised names of the leaf categories of other departments.
    """

    guesses: tuple[CategoryGuess, ...] = ()
    entropy: float = 1.0
    elsewhere: frozenset[str] = frozenset()


class CategoryModel:
    """Immutable after construction and safe to share between threads."""

    def __init__(self, knowledge: Knowledge, rules: Sequence[CategoryRule] = ()) -> None:
        self._words = knowledge.category_words
        self._clicks = knowledge.clicks
        self._rules = tuple(rules)
        total = sum(knowledge.categories.values())
        self._prior = {category: n / total for category, n in knowledge.categories.items()}
        self._prior_entropy = -sum(p * math.log(p) for p in self._prior.values())
        self._sizes = knowledge.categories
        self._departments: dict[str, list[tuple[str, str]]] = {}
        self._alone = frozenset(normalize(path) for path in self._prior if _ends(path) is None)
        self._holding: dict[str, set[str]] = {}
        self._ending: dict[str, set[str]] = {}
        for path in self._prior:
            if ends := _ends(path):
                self._departments.setdefault(ends[0], []).append((path, ends[1]))
                self._ending.setdefault(ends[1][-1:], set()).add(ends[1])
                for character in ends[1]:
                    self._holding.setdefault(character, set()).add(ends[1])
        self._sold = cache(self._read_sold)
        self._outside = lru_cache(maxsize=256)(self._read_outside)

    def predict(
        self,
        words: Iterable[str],
        query: str = "",
        meant: Mapping[str, float] = MappingProxyType({}),
        beside: Iterable[str] = (),
        thing: str = "",
    ) -> CategoryPrediction:
        """The categories of a query.

        Args:
            words: its words and product nouns, e.g. the texts of its terms; unknown ones say nothing.
            query: normalised; finds its clicks and the rules that speak of it.
            meant: leaf category that the query means → how often it counts.
            beside: the words that say something else than what is meant.
            thing: the word for what is meant.
        """
        if not self._prior:
            return CategoryPrediction()
        shares, rest = self._shares(tuple(dict.fromkeys(words)))
        rest = self._count_clicks(shares, rest, query)
        rest = self._raise_meant(shares, rest, meant)
        rest = self._apply_rules(shares, rest, query)
        total = sum(shares.values()) + rest
        if total <= 1e-12:  # every category is forbidden
            return CategoryPrediction()
        found = {category: share / total for category, share in shares.items() if share > 0}
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[: max(GUESSES, min(len(meant), MOST_MEANT))]
        return CategoryPrediction(
            tuple(CategoryGuess(category, round(p, 4)) for category, p in best),
            self._entropy(found, rest / total),
            self._elsewhere((*_likely(found), *self._likely_by(beside)), thing, meant) if meant else frozenset(),
        )

    def _likely_by(self, words: Iterable[str]) -> tuple[str, ...]:
        known = [word for word in dict.fromkeys(words) if self._words.get(word)]
        return _likely(self._shares(known)[0]) if known else ()

    def _elsewhere(self, likely: Iterable[str], thing: str, meant: Iterable[str]) -> frozenset[str]:
        """The leaves outside the departments of what is likely; none, where some of that tells no department.

        What shares a character with the thing, or ends as something that is meant, may be of its sort: a compound ends
        in its head.
        """
        ends = [_ends(category) for category in likely]
        departments = frozenset(each[0] for each in ends if each)
        heads = frozenset(normalize(path)[-1:] for path in meant)
        return self._outside(departments, thing, heads) if ends and all(ends) else frozenset()

    def _read_outside(self, departments: frozenset[str], thing: str, heads: frozenset[str]) -> frozenset[str]:
        """Sets of leaves taken from each other: a large catalogue has thousands."""
        none: set[str] = set()
        outside = none.union(*(self._sold(each) for each in self._departments if each not in departments))
        inside = ({leaf for _, leaf in self._departments[each]} for each in departments)
        holding = (self._holding.get(character, none) for character in thing)
        ending = (self._ending.get(character, none) for character in heads)
        return frozenset(outside.difference(self._alone, *inside, *holding, *ending))

    def _read_sold(self, department: str) -> frozenset[str]:
        return frozenset(leaf for path, leaf in self._departments[department] if self._sells_its_name(path, leaf))

    def _sells_its_name(self, path: str, name: str) -> bool:
        """Whether a word of its last name is what its titles say, and the titles of few others: 女包, but not 尾货."""
        pieces = (name[start:end] for start in range(len(name)) for end in range(start + 2, len(name) + 1))
        for counts in filter(None, map(self._words.get, pieces)):
            own = counts.get(path, 0)
            if own >= SOLD * self._sizes[path] and own >= OFTEN * self._prior[path] * sum(counts.values()):
                return True
        return False

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

    def _raise_meant(self, shares: dict[str, float], rest: float, meant: Mapping[str, float]) -> float:
        """Raises what is meant; returns the remainder without the categories that became named."""
        known = [category for category in meant if category in self._prior]
        rest = self._named(shares, rest, known)
        least = LEAST_OF_MEANT * max(shares.values(), default=0.0)
        for category in known:
            shares[category] = meant[category] * max(shares[category], least)
        return rest

    def _apply_rules(self, shares: dict[str, float], rest: float, query: str) -> float:
        """Multiplies the shares by the rules; returns the remainder without the categories that became named."""
        for rule in self._rules:
            if rule.pattern in query:
                covered = [category for category in self._prior if rule.covers(category)]
                rest = self._named(shares, rest, covered)
                for category in covered:
                    shares[category] *= rule.factor
        return rest

    def _named(self, shares: dict[str, float], rest: float, categories: Iterable[str]) -> float:
        """Gives each of the categories a share of its own, of the remainder; returns what is left of that."""
        unnamed = sum(p for category, p in self._prior.items() if category not in shares)
        for category in categories:
            if category not in shares:
                prior = self._prior[category]
                shares[category] = rest * prior / max(unnamed, prior)
                rest -= shares[category]
                unnamed -= prior
        return max(rest, 0.0)

    def _entropy(self, found: Mapping[str, float], rest: float) -> float:
        """Entropy in [0, 1]; the remainder is spread as the prior is."""
        if len(self._prior) < 2:
            return 0.0
        entropy = -sum(p * math.log(p) for p in found.values())
        if rest > 1e-12:
            entropy += rest * (self._prior_entropy - math.log(rest))
        return round(min(1.0, max(0.0, entropy / math.log(len(self._prior)))), 4)


def _likely(shares: Mapping[str, float]) -> tuple[str, ...]:
    """The categories of a share above `LIKELY` of the greatest."""
    least = LIKELY * max(shares.values(), default=0.0)
    return tuple(category for category, share in shares.items() if share > least)


def _ends(category: str) -> tuple[str, str] | None:
    """Department and normalised last name of a path; None for one of a single name."""
    department, *inner = category.split("/")
    return (department, normalize(inner[-1])) if inner else None
