"""All dictionaries as a service reads them, loaded at once, and the steps of understanding made from one such set."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon, load_lexicon
from retrieval.dictionaries.files import CATEGORIES, Folders
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader
from retrieval.understanding.counted import Counts
from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.categories import CategoryModel
from retrieval.understanding.reading.category_rules import CategoryRule, load_category_rules
from retrieval.understanding.reading.entities import Tagger
from retrieval.understanding.reading.entity_lexicon import EntityLexicon, load_entity_lexicon
from retrieval.understanding.reading.expansion_rules import FILE as EXPANSIONS
from retrieval.understanding.reading.expansion_rules import Expansion, load_expansions
from retrieval.understanding.reading.expansions import Expansions
from retrieval.understanding.reading.intent import IntentModel
from retrieval.understanding.reading.language import ShopLanguage
from retrieval.understanding.reading.rewrites import FILE as REWRITES
from retrieval.understanding.reading.rewrites import Rewrites, load_rewrites
from retrieval.understanding.spelling.context import Context
from retrieval.understanding.spelling.rules import FILE as SPELLING
from retrieval.understanding.spelling.rules import SpellingRules, load_spelling_rules
from retrieval.understanding.spelling.speller import Speller
from retrieval.understanding.spelling.tables import SpellingTables
from retrieval.understanding.understand import Spelling, Understander

EXCLUDED = frozenset({Kind.COLOR, Kind.MATERIAL, Kind.BRAND})
"""Kinds of things that are excluded by all their names."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The dictionaries in force."""

    lexicon: Lexicon
    entities: EntityLexicon
    constraints: ConstraintRules
    categories: tuple[CategoryRule, ...]
    spelling: SpellingRules
    rewrites: Rewrites
    expansions: tuple[Expansion, ...]


def load_ruleset(folders: Folders) -> Ruleset:
    """Reads them all.

    Raises:
        LexiconError: for a missing folder or a line that cannot be read, with file and line.
    """
    return Ruleset(
        lexicon=load_lexicon(folders.lexicon),
        entities=load_entity_lexicon(folders.entities),
        constraints=load_constraint_rules(folders.rules),
        categories=load_category_rules(folders.rules / CATEGORIES),
        spelling=load_spelling_rules(folders.rules / SPELLING),
        rewrites=Rewrites(load_rewrites(folders.rules / REWRITES)),
        expansions=load_expansions(folders.rules / EXPANSIONS),
    )


def speller_of(rules: Ruleset, knowledge: Knowledge, tables: SpellingTables) -> Speller:
    """What corrects queries with `rules`, over a catalogue that taught `knowledge` and `tables`."""
    return Speller(tables, Counts.of(knowledge.brands), rules.spelling)


def understander(
    rules: Ruleset,
    analyzer: Analyzer,
    knowledge: Knowledge,
    *,
    speller: Spelling | None,
    context: Context | None = None,
) -> Understander:
    """What reads queries with `rules`, over a catalogue that taught `knowledge`, `context`, and that `analyzer` cut."""
    return Understander(
        analyzer=analyzer,
        knowledge=knowledge,
        constraints=ConstraintReader(
            rules.constraints,
            analyzer.lexicon.units,
            knowledge.brands,
            rules.expansions,
            rules.entities.also_called(EXCLUDED),
        ),
        speller=speller,
        tagger=Tagger(knowledge, rules.entities, analyzer.segmenter, analyzer.quantities),
        categories=CategoryModel(knowledge, rules.categories),
        intents=IntentModel(knowledge, rules.entities),
        language=ShopLanguage(knowledge, analyzer.segmenter, context),
        rewrites=rules.rewrites,
        expansions=Expansions(rules.expansions, analyzer, knowledge, rules.entities.cue("packings")),
    )
