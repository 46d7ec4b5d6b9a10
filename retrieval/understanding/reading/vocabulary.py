"""All words that the tagger knows: the lexicon's, and what the catalogue's own fields and titles taught.

Found by looking up every piece of a query of up to the longest word's characters in one dict: 12 µs a query. An
Aho–Corasick automaton takes 2 µs (measured with pyahocorasick), which is not worth a dependency and a second copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Kind
from retrieval.understanding.reading.entity_lexicon import LONGEST, EntityLexicon

ATTRIBUTE_KINDS: Mapping[str, Kind] = {
    "颜色": Kind.COLOR, "材质": Kind.MATERIAL, "面料": Kind.MATERIAL, "质地": Kind.MATERIAL,
    "风格": Kind.STYLE, "款式": Kind.STYLE, "版型": Kind.STYLE, "流行元素": Kind.STYLE, "图案": Kind.STYLE,
    "领型": Kind.STYLE, "口味": Kind.STYLE, "香型": Kind.STYLE, "形状": Kind.STYLE, "工艺": Kind.STYLE,
    "功能": Kind.FUNCTION, "功效": Kind.FUNCTION,
    "适用对象": Kind.AUDIENCE, "人群": Kind.AUDIENCE, "性别": Kind.AUDIENCE, "年龄": Kind.AUDIENCE,
    "场景": Kind.SCENE, "场合": Kind.SCENE, "季节": Kind.SEASON,
    "尺码": Kind.SIZE, "尺寸": Kind.SIZE, "规格": Kind.SPECIFICATION, "净含量": Kind.CAPACITY, "容量": Kind.CAPACITY,
    "系列": Kind.MODEL, "型号": Kind.MODEL, "产地": Kind.OTHER,
}  # fmt: skip
"""Part of an attribute's name → the kind of its values; the first that fits. Other attributes teach no entities."""

LEAST_VALUES = 3
"""A value of an attribute is believed when so many products have it."""
MAX_VALUE_CHARS = 8
_NAMED = {Kind.BRAND, Kind.MODEL}
_MODEL = re.compile(r"[a-z]{1,3}\d")
"""What follows a brand written without a blank: iqoo|z8x, oppo|a59."""
LEAST_BRAND_SHARE = 0.15
"""A brand that is also an everyday word (移动, 创意) counts when so many of the titles with it are of the brand."""


@dataclass(frozen=True, slots=True)
class Known:
    """One reading of a word: its kind, the name to show, where it is known from, and how surely, in [0, 1]."""

    kind: Kind
    value: str
    source: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """A known word at characters ``[start, end)`` with its readings by kind."""

    start: int
    end: int
    readings: Mapping[Kind, Known]


class Vocabulary:
    """Immutable after construction."""

    def __init__(self, knowledge: Knowledge, lexicon: EntityLexicon) -> None:
        words: dict[str, dict[Kind, Known]] = {}

        def learn(word: str, kind: Kind, value: str, source: str, confidence: float) -> None:
            if 0 < len(word) <= LONGEST:
                words.setdefault(word, {}).setdefault(kind, Known(kind, value, source, confidence))

        for word, kinds in lexicon.words.items():
            for kind, value in kinds.items():
                learn(word, kind, _written(knowledge, value) if kind is Kind.BRAND else value, "lexicon", 0.9)
        for cue in ("contents", "shops"):
            for word in lexicon.cue(cue):
                learn(word, Kind.NOISE, word, "lexicon", 0.9)
        for name, count in knowledge.brands.items():
            if _is_brand(name, count, knowledge, lexicon):
                learn(name, Kind.BRAND, _written(knowledge, name), "catalogue", min(0.95, 0.6 + 0.05 * count))
        # Titles that end with 怎么办 sell books; the words of a question name nothing.
        asking = {word.lstrip("*^") for word in (*lexicon.cue("contents"), *lexicon.cue("entertainment"))}
        for noun, count in knowledge.products.items():
            if noun not in lexicon.words and noun not in asking:
                learn(noun, Kind.PRODUCT, noun, "catalogue", min(0.9, 0.5 + 0.05 * count))
        for name in knowledge.shops:
            if len(name) > 3 and name not in words:
                learn(name, Kind.SHOP, name, "catalogue", 0.9)
        for value, kind in _values(knowledge):
            if value not in words:
                learn(value, kind, value, "catalogue", 0.7)
        self._words = words
        self._longest = max(map(len, words), default=0)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def matches(self, text: str) -> Iterator[Match]:
        """Every known word in normalised `text`; those of letters and digits only where a run of such ends or turns."""
        words, length = self._words, len(text)
        for start in range(length):
            if text[start] == " ":
                continue
            for end in range(start + 1, min(length, start + self._longest) + 1):
                readings = words.get(text[start:end])
                if readings is None or _joined(text, start):
                    continue
                if not _joined(text, end) or (_NAMED & readings.keys() and end - start > 2 and _MODEL.match(text, end)):
                    yield Match(start, end, readings)


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of `at` are of one run: two Latin letters or two digits."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def _written(knowledge: Knowledge, name: str) -> str:
    """The brand as most products write it, so that a filter on the value finds them."""
    return next(iter(knowledge.brand_names.get(name, ())), name)


def _is_brand(name: str, count: int, knowledge: Knowledge, lexicon: EntityLexicon) -> bool:
    kinds = lexicon.words.get(name)
    if kinds is not None and Kind.BRAND not in kinds:
        return False
    return count >= LEAST_BRAND_SHARE * knowledge.words.get(name, 0)


def _values(knowledge: Knowledge) -> Iterator[tuple[str, Kind]]:
    for name, values in knowledge.attributes.items():
        kind = next((kind for part, kind in ATTRIBUTE_KINDS.items() if part in name), None)
        if kind is not None:
            for value, count in values.items():
                if count >= LEAST_VALUES and 2 <= len(value) <= MAX_VALUE_CHARS and not value.isdigit():
                    yield value, kind
