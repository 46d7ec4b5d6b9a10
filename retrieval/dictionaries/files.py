"""Which dictionaries there are, where each lies among the folders of settings, and which loader says it can be read.

A name is a file without its ending; the words of kinds (``entities/brands``) carry their folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from retrieval.analysis.lexicon import load_lexicon
from retrieval.errors import NotFound
from retrieval.understanding.constraints import constraint_rules
from retrieval.understanding.constraints.constraint_rules import load_constraint_rules
from retrieval.understanding.reading import expansion_rules, rewrites
from retrieval.understanding.reading.category_rules import load_category_rules
from retrieval.understanding.reading.entity_lexicon import CUE_FILES, KIND_FILES, load_entity_lexicon
from retrieval.understanding.reading.expansion_rules import load_expansions
from retrieval.understanding.reading.rewrites import load_rewrites
from retrieval.understanding.spelling import rules as spelling_rules
from retrieval.understanding.spelling.rules import load_spelling_rules

CATEGORIES = "categories.tsv"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the loaders read: `load_lexicon`, `load_entity_lexicon`, and all rules."""

    lexicon: Path
    entities: Path
    rules: Path


@dataclass(frozen=True, slots=True)
class DictionaryFile:
    """One dictionary.

    Attributes:
        group: the field of `Folders` that it lies in; `file`: its name there.
        load: reads it as a service does.
        indexed: it decides the tokens of documents, so an edit waits for `xunhuo dictionary apply` or a rebuild.
    """

    group: str
    file: str
    load: Callable[[Folders], object]
    indexed: bool = False


def _lexicon(folders: Folders) -> object:
    return load_lexicon(folders.lexicon)


def _entities(folders: Folders) -> object:
    return load_entity_lexicon(folders.entities)


FILES: Mapping[str, DictionaryFile] = MappingProxyType(
    {
        "synonyms": DictionaryFile("lexicon", "synonyms.tsv", _lexicon),
        "stop_words": DictionaryFile("lexicon", "stop_words.txt", _lexicon),
        "regional": DictionaryFile("lexicon", "regional.tsv", _lexicon),
        "kept_suffixes": DictionaryFile("lexicon", "kept_suffixes.txt", _lexicon),
        "user_words": DictionaryFile("lexicon", "user_words.txt", _lexicon, indexed=True),
        "units": DictionaryFile("lexicon", "units.tsv", _lexicon, indexed=True),
        "rewrites": DictionaryFile("rules", rewrites.FILE, lambda f: load_rewrites(f.rules / rewrites.FILE)),
        "categories": DictionaryFile("rules", CATEGORIES, lambda f: load_category_rules(f.rules / CATEGORIES)),
        "expansions": DictionaryFile(
            "rules", expansion_rules.FILE, lambda f: load_expansions(f.rules / expansion_rules.FILE)
        ),
        "constraints": DictionaryFile("rules", constraint_rules.FILE, lambda f: load_constraint_rules(f.rules)),
        "spelling": DictionaryFile(
            "rules", spelling_rules.FILE, lambda f: load_spelling_rules(f.rules / spelling_rules.FILE)
        ),
        **{f"entities/{kind}": DictionaryFile("entities", f"{kind}.txt", _entities) for kind in KIND_FILES},
        **{f"entities/{cue}": DictionaryFile("entities", f"{cue}.txt", _entities) for cue in CUE_FILES},
    }
)
"""Name → dictionary."""


def dictionary_file(name: str) -> DictionaryFile:
    """The dictionary of this name.

    Raises:
        NotFound: there is none.
    """
    if name not in FILES:
        raise NotFound(f"there is no dictionary {name}", field="name", hint=f"there are: {', '.join(FILES)}")
    return FILES[name]
