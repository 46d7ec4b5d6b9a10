"""The hand-written words of the kinds of entities, and the cue words of intents, from plain UTF-8 text files.

One file a kind; entries are separated by blanks, ``#`` starts a comment. Several names of one thing are joined by
``=``, the first is the one that is shown; ``_`` stands for a blank inside a name. A ``*`` at one end makes a shape:
what an unknown word that starts or ends so may be::

    华为=huawei  新百伦=new_balance=nb  防*  *色

A shop edits these files; what it sells (its brands, its nouns) is learned from its catalogue and needs no entry.
A line that cannot be read is an error that names the file and the line; nothing is skipped in silence.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError
from retrieval.understanding.kinds import Kind

KIND_FILES = MappingProxyType(
    {
        "brands": Kind.BRAND,
        "products": Kind.PRODUCT,
        "series": Kind.MODEL,
        "colors": Kind.COLOR,
        "materials": Kind.MATERIAL,
        "sizes": Kind.SIZE,
        "specifications": Kind.SPECIFICATION,
        "styles": Kind.STYLE,
        "functions": Kind.FUNCTION,
        "audiences": Kind.AUDIENCE,
        "scenes": Kind.SCENE,
        "seasons": Kind.SEASON,
        "noise": Kind.NOISE,
        "origins": Kind.OTHER,
    }
)
"""File (without ``.txt``) → the kind of its words. A word may stand in several files; the tagger decides in context."""

CUE_FILES = ("suffixes", "accessories", "packings", "contents", "gifts", "entertainment", "shops")
"""Files of cue words, which are no entities: ends of product nouns, what is no head, and words that tell an intent."""

LONGEST = 24
"""Longest entry in characters; the tagger looks no further."""


@dataclass(frozen=True, slots=True)
class EntityLexicon:
    """All entries, normalised as texts are.

    Attributes:
        words: word → kind → the name to show (the first of the entry's names).
        starts, ends: what an unknown word that starts, or ends, so may be.
        cues: name of `CUE_FILES` → its words.
    """

    words: Mapping[str, Mapping[Kind, str]] = field(default_factory=lambda: MappingProxyType({}))
    starts: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))
    ends: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))
    cues: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kind: Kind) -> frozenset[str]:
        """Every word that may be of `kind`."""
        return frozenset(word for word, kinds in self.words.items() if kind in kinds)

    def shape(self, word: str) -> Kind | None:
        """What an unknown `word` looks like; the longest shape decides, an end before a start."""
        for length in range(len(word) - 1, 0, -1):
            kind = self.ends.get(word[-length:]) or self.starts.get(word[:length])
            if kind is not None:
                return kind
        return None

    def also_called(self, kinds: Container[Kind]) -> Mapping[str, tuple[str, ...]]:
        """Word of these kinds → the other names of what it names, where it has some."""
        names: dict[tuple[Kind, str], list[str]] = {}
        for word, of in self.words.items():
            for kind, name in of.items():
                if kind in kinds:
                    names.setdefault((kind, name), []).append(word)
        return {word: tuple(w for w in words if w != word) for words in names.values() if words[1:] for word in words}

    def cue(self, name: str) -> frozenset[str]:
        """The cue words of one file; empty where the file is absent."""
        return self.cues.get(name, frozenset())


def load_entity_lexicon(folder: Path) -> EntityLexicon:
    """Reads the files of `folder`; one that is absent is empty.

    Raises:
        LexiconError: for a missing folder, a file of an unknown name, or a line that cannot be read (file and line).
    """
    if not folder.is_dir():
        raise LexiconError(f"there is no folder of entity words at {folder}", hint="point the settings at a folder")
    words: dict[str, dict[Kind, str]] = {}
    starts: dict[str, Kind] = {}
    ends: dict[str, Kind] = {}
    cues: dict[str, frozenset[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        if kind := KIND_FILES.get(path.stem):
            for names in _entries(path.name, path.read_bytes()):
                for name in names:
                    if name.startswith("*"):
                        ends[name[1:]] = kind
                    elif name.endswith("*"):
                        starts[name[:-1]] = kind
                    else:
                        words.setdefault(name, {}).setdefault(kind, names[0])
        elif path.stem in CUE_FILES:
            cues[path.stem] = frozenset(name for names in _entries(path.name, path.read_bytes()) for name in names)
        else:
            known = ", ".join((*KIND_FILES, *CUE_FILES))
            raise LexiconError(f"{path.name} is no file of entity words", field=path.name, hint=f"known are {known}")
    return EntityLexicon(
        words=MappingProxyType({word: MappingProxyType(kinds) for word, kinds in words.items()}),
        starts=MappingProxyType(starts),
        ends=MappingProxyType(ends),
        cues=MappingProxyType(cues),
    )


@lru_cache(maxsize=2 * len((*KIND_FILES, *CUE_FILES)))
def _entries(file: str, content: bytes) -> tuple[tuple[str, ...], ...]:
    """The names of each entry. Kept, since a rebuild reads them three times, and who edits them changes one file."""
    entries: list[tuple[str, ...]] = []
    for number, raw in enumerate(content.split(b"\n"), start=1):
        where = f"{file}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0]
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        names = (dict.fromkeys(_name(name, where) for name in entry.split("=")) for entry in line.split())
        entries.extend(map(tuple, names))
    return tuple(entries)


def _name(text: str, where: str) -> str:
    name = " ".join(normalize(text.replace("_", " ")).split())
    if (first := text.startswith("*")) != text.endswith("*"):
        name = f"*{name}" if first else f"{name}*"
    if text.startswith("^"):
        name = f"^{name}"
    if not any(char.isalnum() for char in name):
        raise LexiconError(f"“{text}” has no letter, digit or Han character", field=where)
    if len(name) > LONGEST:
        raise LexiconError(
            f"“{name}” has more than {LONGEST} characters", field=where, hint="entries are set apart by blanks"
        )
    return name
