"""All dictionaries as a service reads them, loaded at once: what is made from one set belongs together."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.analysis.lexicon import Lexicon, load_lexicon
from retrieval.understanding.category_rules import CategoryRule, load_category_rules
from retrieval.understanding.constraint_rules import ConstraintRules, load_constraint_rules
from retrieval.understanding.dictionary_files import CATEGORIES, Folders
from retrieval.understanding.entity_lexicon import EntityLexicon, load_entity_lexicon
from retrieval.understanding.rewrites import FILE as REWRITES
from retrieval.understanding.rewrites import Rewrites, load_rewrites
from retrieval.understanding.spelling_rules import FILE as SPELLING
from retrieval.understanding.spelling_rules import SpellingRules, load_spelling_rules


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The dictionaries in force."""

    lexicon: Lexicon
    entities: EntityLexicon
    constraints: ConstraintRules
    categories: tuple[CategoryRule, ...]
    spelling: SpellingRules
    rewrites: Rewrites


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
    )
