"""One edition of the rules, and which of them hold for a query: an exact query is looked up, the rest are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from retrieval.analysis.segment import Segmenter
from retrieval.rules.model import Banner, Redirect, Rule, RuleSet
from retrieval.rules.read import normalized
from retrieval.understanding.plan import Plan

Mark = tuple[int, tuple[int, ...]]
"""Which rules hold, as keys and cursors say it: where the edition stands in the journal, and their places in it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it may be meant.

    Attributes:
        query: normalised.
        cuts: characters at which a word begins or ends.
        category_share: least probability of a category that is surely meant, in [0, 1].
    """

    query: str
    cuts: frozenset[int]
    plan: Plan
    category_share: float

    @classmethod
    def of(cls, query: str, plan: Plan, segmenter: Segmenter, category_share: float) -> Reading:
        """Of a query as typed."""
        text = normalized(query)
        words = segmenter.cut(text)
        return cls(text, frozenset(accumulate(map(len, words), initial=0)), plan, category_share)

    def holds(self, phrase: str) -> bool:
        """Whether a normalised phrase stands in it, as whole words."""
        at = self.query.find(phrase)
        while at >= 0:
            if at in self.cuts and at + len(phrase) in self.cuts:
                return True
            at = self.query.find(phrase, at + 1)
        return False

    def means(self, category: str) -> bool:
        """Whether this category, with all below it, is surely meant."""
        path = category.rstrip("/") + "/"
        share = sum(each.probability for each in self.plan.categories if f"{each.category}/".startswith(path))
        return share >= self.category_share


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rule asks of the text of a query, normalised."""

    queries: frozenset[str]
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """All rules, as they were published once.

    Attributes:
        version: counts from 1; 0: nothing was published yet.
        position: where it stands in the journal; below 0 for a draft.
    """

    version: int
    position: int
    rules: RuleSet
    asked: tuple[_Asked, ...]
    by_query: Mapping[str, tuple[int, ...]]
    others: tuple[int, ...]

    @classmethod
    def of(cls, version: int, position: int, rules: RuleSet) -> Edition:
        """With what is looked up."""
        asked = tuple(
            _Asked(frozenset(map(normalized, rule.when.query)), tuple(map(normalized, rule.when.phrase)))
            for rule in rules.rules
        )
        by_query: dict[str, tuple[int, ...]] = {}
        for place, each in enumerate(asked):
            for query in each.queries:
                by_query[query] = (*by_query.get(query, ()), place)
        others = tuple(place for place, each in enumerate(asked) if not each.queries)
        return cls(version, position, rules, asked, by_query, others)

    def holding(self, readings: Sequence[Reading], now: float, segment: Callable[[str], bool]) -> tuple[int, ...]:
        """Places of the rules that hold, ascending.

        Args:
            readings: the query as typed, and as rewritten; a rule holds for either.
            now: seconds since 1970.
            segment: whether the shopper belongs to one; asked last, and only where the rest holds.
        """
        found = [*self.others, *(place for reading in readings for place in self.by_query.get(reading.query, ()))]
        return tuple(
            place
            for place in sorted(set(found))
            if (rule := self.rules.rules[place]).holds_at(now)
            and any(_holds(rule, self.asked[place], reading) for reading in readings)
            and (not rule.when.segment or any(map(segment, rule.when.segment)))
        )


EMPTY = Edition.of(0, 0, RuleSet())


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rules that hold for a search: `at` are their places in the edition, ascending, so the first counts first."""

    edition: Edition = EMPTY
    at: tuple[int, ...] = ()

    @property
    def mark(self) -> Mark:
        """What tells it apart from others."""
        return (self.edition.position, self.at) if self.at else (0, ())

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(self.edition.rules.rules[place] for place in self.at)

    @property
    def rewriting(self) -> Rule | None:
        """What has another query searched."""
        return next((rule for rule in self.rules if rule.rewrite), None)

    @property
    def redirect(self) -> Redirect | None:
        """Where to go instead."""
        return next((rule.redirect for rule in self.rules if rule.redirect), None)

    @property
    def banners(self) -> tuple[Banner, ...]:
        """What is shown over the list, each once."""
        return tuple(dict.fromkeys(banner for rule in self.rules for banner in rule.banner))


NOTHING = Ruled()
"""No rule holds."""


def _holds(rule: Rule, asked: _Asked, reading: Reading) -> bool:
    when, intent = rule.when, reading.plan.intent
    return (
        (not asked.queries or reading.query in asked.queries)
        and (not asked.phrases or any(map(reading.holds, asked.phrases)))
        and (not when.category or any(map(reading.means, when.category)))
        and (not when.intent or (intent is not None and intent.kind in when.intent))
    )
