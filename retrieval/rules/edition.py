"""One edition of the rules, and which of them hold for a query: an exact query is looked up, the rest are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from retrieval.rules.campaign import Occasion
from retrieval.rules.compared import normalized
from retrieval.rules.model import Banner, Redirect, Rule, RuleSet
from retrieval.rules.reading import Reading

Mark = tuple[int, tuple[int, ...]]
"""Which rules hold, as keys and cursors say it: where the edition stands in the journal, and their places in it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rule asks of a query, as it is compared; nothing asks nothing."""

    queries: frozenset[str]
    phrases: frozenset[str]
    paths: frozenset[str]

    @classmethod
    def of(cls, rule: Rule) -> _Asked:
        when = rule.when
        paths = (path.strip("/") for path in when.category)
        return cls(frozenset(map(normalized, when.query)), frozenset(map(normalized, when.phrase)), frozenset(paths))

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Of which a query has to say one: the narrowest that the rule asks for; none for a rule that asks for none."""
        for kind, values in (("query", self.queries), ("phrase", self.phrases), ("path", self.paths)):
            if values:
                return [(kind, value) for value in values]
        return []


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """All rules, as they were published once.

    Attributes:
        version: counts from 1; 0: nothing was published yet.
        position: where it stands in the journal; below 0 for a draft.
        by_key: what a query says → places of the rules that ask for it; others: places of those that ask for nothing.
        kinds: of what is asked for, by any rule.
        occasions: word → places of the campaigns that it means.
    """

    version: int
    position: int
    rules: RuleSet
    asked: tuple[_Asked, ...]
    by_key: Mapping[tuple[str, str], Sequence[int]]
    others: Sequence[int]
    kinds: frozenset[str]
    occasions: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, version: int, position: int, rules: RuleSet) -> Edition:
        """With what is looked up, so that ten thousand rules cost a search no more than ten."""
        asked = tuple(map(_Asked.of, rules.rules))
        by_key: dict[tuple[str, str], list[int]] = {}
        for place, each in enumerate(asked):
            for key in each.keys:
                by_key.setdefault(key, []).append(place)
        others = [place for place, each in enumerate(asked) if not each.keys]
        used = {"phrase": any(each.phrases for each in asked), "path": any(each.paths for each in asked)}
        kinds, occasions = frozenset(kind for kind in used if used[kind]), dict[str, list[int]]()
        for place, campaign in enumerate(rules.campaigns):
            for word in dict.fromkeys(map(normalized, campaign.words)):
                occasions.setdefault(word, []).append(place)
        return cls(version, position, rules, asked, by_key, others, kinds, occasions)

    def holding(self, readings: Sequence[Reading], now: float, segment: Callable[[str], bool]) -> tuple[int, ...]:
        """Places of the rules that hold, ascending.

        Args:
            readings: the query as typed, and as rewritten; a rule holds for either.
            now: seconds since 1970.
            segment: whether the shopper belongs to one; asked last, and only where the rest holds.
        """
        held: set[int] = set()
        for reading in readings:
            phrases = frozenset(reading.phrases) if "phrase" in self.kinds else frozenset()
            paths = reading.paths if "path" in self.kinds else frozenset()
            keys = [("query", reading.query), *zip(repeat("phrase"), phrases), *zip(repeat("path"), paths)]
            for place in (*self.others, *(place for key in keys for place in self.by_key.get(key, ()))):
                asked, intents, intent = self.asked[place], self.rules.rules[place].when.intent, reading.plan.intent
                if (
                    (not asked.phrases or not asked.phrases.isdisjoint(phrases))
                    and (not asked.paths or not asked.paths.isdisjoint(paths))
                    and (not intents or (intent is not None and intent.kind in intents))
                ):
                    held.add(place)
        return tuple(
            place
            for place in sorted(held)
            if (rule := self.rules.rules[place]).holds_at(now)
            and (not rule.when.segment or any(map(segment, rule.when.segment)))
        )

    def occasion(self, readings: Sequence[Reading], now: float, segment: Callable[[str], bool]) -> Occasion | None:
        """The running campaign that a query means, the first of the file; arguments as in `holding`.

        A bare number (520) means an occasion only where the query begins with it: elsewhere it is a model or a size.
        """
        meant = {
            place
            for reading in readings
            for phrase in reading.phrases
            if phrase in self.occasions and (not phrase.isdigit() or reading.query.startswith(phrase))
            for place in self.occasions[phrase]
        }
        for place in sorted(meant):
            campaign = self.rules.campaigns[place]
            if campaign.runs_at(now) and (not campaign.segment or segment(campaign.segment)):
                return Occasion(self.version, self.position, campaign)
        return None


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
