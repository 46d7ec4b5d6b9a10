"""Which words of titles name a brand or an audience, and which must never enter a profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError
from retrieval.interest.profile import Dimension
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import EntityLexicon

_KINDS = {Kind.AUDIENCE: Dimension.AUDIENCE, Kind.BRAND: Dimension.BRAND}
_NOTHING_SAID = frozenset({Kind.NOISE})
_TELLING = frozenset({
    Kind.PRODUCT, Kind.CATEGORY, Kind.BRAND, Kind.AUDIENCE, Kind.STYLE, Kind.SCENE, Kind.FUNCTION, Kind.MATERIAL,
    Kind.SEASON,
})  # fmt: skip

Key = tuple[Dimension, str]
"""An interest by its name."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words, normalised as texts are. Told apart by identity.

    Attributes:
        names: word → the dimension and the name that it stands for; another word is a `Dimension.WORD` of its own.
        idle: words that say nothing of taste (包邮, 正品).
        sensitive: what has one of them teaches nothing.
        telling: words that a shopper would know for an interest.
        things: those that name a thing; a word that ends in one of them does, too (龙井茶).
    """

    names: Mapping[str, Key] = field(default_factory=dict)
    idle: frozenset[str] = frozenset()
    sensitive: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    things: tuple[str, ...] = ()

    @classmethod
    def of(cls, lexicon: EntityLexicon, sensitive: Iterable[str] = ()) -> Vocabulary:
        names: dict[str, Key] = {}
        idle = set()
        for word, kinds in lexicon.words.items():
            for kind, dimension in _KINDS.items():
                if kind in kinds and Kind.PRODUCT not in kinds:
                    names.setdefault(word, (dimension, kinds[kind]))
            if kinds.keys() <= _NOTHING_SAID:
                idle.add(word)
        telling = frozenset(word for word, kinds in lexicon.words.items() if kinds.keys() & _TELLING)
        return cls(names, frozenset(idle), frozenset(sensitive), telling, tuple(lexicon.of(Kind.PRODUCT)))

    def sayable(self, key: Key) -> bool:
        """Whether an interest may stand in a sentence: pieces that titles were cut into by chance may not."""
        return key[0] is not Dimension.WORD or key[1] in self.telling or key[1].endswith(self.things)

    def key(self, word: str) -> Key:
        return self.names.get(word, (Dimension.WORD, word))

    def forbids(self, text: str) -> bool:
        """Whether the normalised `text` is about something sensitive."""
        return any(word in text for word in self.sensitive)

    def words_of(self, key: Key) -> list[str]:
        """The words that stand for an interest in the texts of documents."""
        others = self._words.get(key)
        return list(dict.fromkeys((key[1], *others))) if others else [key[1]]

    @cached_property
    def _words(self) -> Mapping[Key, list[str]]:
        words: dict[Key, list[str]] = {}
        for word, key in self.names.items():
            words.setdefault(key, []).append(word)
        return words


def load_sensitive(path: Path) -> frozenset[str]:
    """Reads the words of a file: blanks between them, ``#`` starts a comment.

    Raises:
        LexiconError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise LexiconError(f"the sensitive words cannot be read: {why}", field=str(path)) from None
    return frozenset(normalize(word) for line in lines for word in line.partition("#")[0].split())
