"""A query → its plan: constraints → rewrites → spelling → entities → weights, categories and intent.

    「送妈妈的保温杯 100元以内」 → ¥100 以内; searched: 「送妈妈的保温杯」; 保温杯 is the product, 妈妈 the audience

Each step is a module of its own and says what it did; what a caller does not mean is switched off by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from retrieval.analysis.analyzer import Analyzer, QueryText, Term
from retrieval.types import Filters
from retrieval.understanding.constraints.constraints import ConstraintReader, rest
from retrieval.understanding.kinds import ConstraintKind, CorrectionAction, Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Constraint, Correction, Entity, Plan
from retrieval.understanding.reading.categories import CategoryModel
from retrieval.understanding.reading.entities import Tagger
from retrieval.understanding.reading.expansions import Expansions
from retrieval.understanding.reading.intent import IntentModel
from retrieval.understanding.reading.labels import alone, carried, renamed
from retrieval.understanding.reading.language import ShopLanguage
from retrieval.understanding.reading.rewrites import Rewrites
from retrieval.understanding.reading.synonymous import synonymous
from retrieval.understanding.reading.weights import kinds, weights

CORRECTION = "correction"
"""Sent back among the ignored ids, a query is searched as it was typed."""
REWRITE = "rewrite"
"""Sent back among the ignored ids, no rule of the shop rewrites the query."""
WORDS = "words"
"""Sent back among the ignored ids, words that name nothing (便宜点的) are searched for as they stand."""
BOOST_WEIGHT = 0.3
"""What a word counts that a constraint adds (国产 for 国货), a word of the query counting 1."""
ANSWERED = frozenset({ConstraintKind.NEGATION, ConstraintKind.OCCASION})
"""Wishes that titles answer in words of their own: 原味 for 不辣. Alone they are what is looked for."""
WISH = 0.5
"""What missing such an answer costs, in [0, 1]; the most telling term of the query counts 1."""
EXPANSIONS = 3
"""So many readings of pinyin are searched beside each other."""
NONE_SUCH = "=none:0"
"""A token that no document has: stands for the amounts of a range in which the catalogue has none."""


class Spelling(Protocol):
    """What may correct a query."""

    def expand_latin(self, normalized: str) -> Sequence[Correction]:
        """What pinyin or initials in a normalised query may stand for, most probable first; mostly nothing."""

    def correct(self, normalized: str) -> Correction | None:
        """Another spelling of a normalised query, None when it is fine."""


@dataclass(frozen=True, slots=True)
class Understander:
    """The steps, for one generation: what its catalogue taught them. Safe to share between threads."""

    analyzer: Analyzer
    knowledge: Knowledge
    constraints: ConstraintReader
    speller: Spelling | None
    tagger: Tagger
    categories: CategoryModel
    intents: IntentModel
    language: ShopLanguage
    rewrites: Rewrites
    expansions: Expansions

    def plan(self, query: str, ignore: Collection[str] = ()) -> Plan:
        """What `query`, as typed, means. Never raises.

        Args:
            ignore: ids of constraints that are not meant; `CORRECTION` to keep the spelling, `REWRITE` and `WORDS` the
                words.
        """
        typed = self.analyzer.query(query)
        said = alone(self.constraints.read(typed.normalized), typed.normalized, self.analyzer)
        kept = tuple(self._resolved(c) for c in said if c.id not in ignore)
        consumed = [c for c in said if c.consumed]
        searched = renamed(rest(typed.normalized, said), kept, typed.normalized)
        if WORDS in ignore and not self.analyzer.query(searched).terms:
            kept, consumed, searched = (), [], typed.normalized
        rewrite = self.rewrites.apply(searched) if REWRITE not in ignore else None
        searched = rewrite.text if rewrite else searched
        # What somebody wrote into a rule is right as it is.
        correctable = self.speller if rewrite is None and CORRECTION not in ignore else None
        corrections = _corrections(correctable, searched) if correctable else ()
        text = typed if searched == typed.normalized else self.analyzer.query(searched)
        text, beside = self._corrected(text, corrections)
        entities = self.tagger.tag(typed.normalized)
        meant = entities if text.normalized == typed.normalized else self.tagger.tag(text.normalized)
        expanded = self.expansions.of(text, meant)
        words = self.expansions.contents([term.text for term in text.terms])
        prediction = self.categories.predict(
            words, text.normalized, expanded.categories, expanded.beside, expanded.thing
        )
        named = WORDS in ignore or _names_thing(text, meant)
        text = self._wished(
            carried(expanded.text, kept) if named else replace(typed, terms=(), weights={}),
            kept,
            typed,
        )
        costs, of = weights(text.terms, meant, self.knowledge), kinds(text.terms, meant)
        others = synonymous(text, self.analyzer, costs, of)
        things = dict.fromkeys(
            term.text for each in expanded.instances.values() for term in each.terms
        )  # in their order
        return Plan(
            query=typed.normalized,
            text=replace(text, text=typed.text),
            constraints=kept,
            ignored=tuple(c for c in said if c.id in ignore),
            rewrite=rewrite,
            correction=corrections[0] if corrections else None,
            beside=(*beside, *others.texts),
            instances={
                thing: replace(each, wishes=text.wishes)
                for thing, each in {**expanded.instances, **others.amounts}.items()
            },
            entities=tuple(e for e in entities if not any(c.start < e.end and e.start < c.end for c in consumed)),
            term_weights={
                **dict.fromkeys(things, 1.0),
                **others.costs,
                **costs,
                **{term.text: WISH for term in text.wishes},
            },
            term_kinds={**dict.fromkeys(things, Kind.PRODUCT), **others.kinds, **of},
            categories=prediction.guesses,
            category_entropy=prediction.entropy,
            elsewhere=prediction.elsewhere if self.expansions.names_thing(meant) else frozenset(),
            intent=self.intents.judge(text.normalized, meant, prediction),
            language=self.language.judge(text.normalized),
        )

    def _resolved(self, constraint: Constraint) -> Constraint:
        """An amount becomes a filter: any of the amounts of this catalogue that lie in its range."""
        if constraint.amount is None:
            return constraint
        tokens = self.knowledge.amount_tokens(*constraint.amount) or (NONE_SUCH,)
        return replace(constraint, filters=Filters(having=(tokens,)))

    def _corrected(
        self, typed: QueryText, corrections: Sequence[Correction]
    ) -> tuple[QueryText, tuple[QueryText, ...]]:
        """The text to search, and those beside it whose words score as well."""
        taken = [each for each in corrections if each.action is not CorrectionAction.SUGGEST]
        if not taken:
            return typed, ()
        others = [self.analyzer.query(each.text) for each in taken]
        if taken[0].action is CorrectionAction.REPLACE:
            return others[0], ()
        weights: dict[str, float] = {}
        for factor, text in [(1.0, typed), *((c.confidence, o) for c, o in zip(taken, others, strict=True))]:
            for token, weight in text.weights.items():
                weights[token] = max(factor * weight, weights.get(token, 0.0))
        return replace(others[0], terms=_or_typed(others[0].terms, typed), weights=weights), (*others[1:], typed)

    def _wished(self, text: QueryText, constraints: Collection[Constraint], typed: QueryText) -> QueryText:
        """The text with what answers its wishes; of a text that names nothing they are all there is to search."""
        answered = [each.boosts for each in constraints if each.kind in ANSWERED and each.boosts]
        if not text.terms:
            return self.expansions.only(text, answered)
        text = self._boosted(text, [each for each in constraints if each.kind not in ANSWERED])
        for answers in answered:
            text = self.expansions.answered(text, answers, typed.normalized)
        return text

    def _boosted(self, text: QueryText, constraints: Collection[Constraint]) -> QueryText:
        words = [word for constraint in constraints for word in constraint.boosts]
        added = {token: BOOST_WEIGHT for word in words for token in self.analyzer.query(word).weights}
        added |= {token: 1.0 for constraint in constraints for token in constraint.labels}
        return replace(text, weights=added | text.weights) if added else text


def _names_thing(text: QueryText, entities: Sequence[Entity]) -> bool:
    """Whether anything is said but noise (高级感, 便宜): what can be looked for."""
    of = kinds(text.terms, entities)
    return any(not term.optional and of.get(term.text) is not Kind.NOISE for term in text.terms)


def _or_typed(terms: tuple[Term, ...], typed: QueryText) -> tuple[Term, ...]:
    """`terms`, each satisfied by the word that was typed, too: what is searched beside it must not hide it."""
    if len(typed.terms) != 1:
        return terms
    ways = typed.terms[0].alternatives
    return tuple(replace(term, alternatives=(*term.alternatives, *ways)) for term in terms)


def _corrections(speller: Spelling, query: str) -> Sequence[Correction]:
    """Another spelling, or what its letters may stand for."""
    correction = speller.correct(query)
    return (correction,) if correction else speller.expand_latin(query)[:EXPANSIONS]
