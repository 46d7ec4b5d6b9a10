"""All words that the tagger knows: the lexicon's, and what the catalogue's own fields and titles taught.

Found by looking up the hashes of all pieces of a query at once (`retrieval.analysis.text_table`): 0.1 ms a query, and
no memory of its own. A dict of all words takes 12 µs and 20 MB of every worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from retrieval.analysis.text_table import SortedKeys, TextTable, hashes_of, pieces_of
from retrieval.understanding.counted import Counts
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.knowledge import Knowledge
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

READINGS_KEPT = 4_096
"""Words whose readings are remembered, about 500 bytes each."""
LEAST_VALUES = 3
"""A value of an attribute is believed when so many products have it."""
MAX_VALUE_CHARS = 8
_LEAST_SHOP = 3
"""A shop is known by a name of more characters."""
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
    source: Source
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """A known word at characters ``[start, end)`` with its readings by kind."""

    start: int
    end: int
    readings: Mapping[Kind, Known]


class Vocabulary:
    """The lexicon's words and those of the catalogue, which stay in the tables of its knowledge.

    Immutable after construction.
    """

    def __init__(self, knowledge: Knowledge, lexicon: EntityLexicon) -> None:
        self._knowledge = knowledge
        written = _lexicon_readings(knowledge, lexicon)
        self._readings = tuple(written.values())
        self._brands, self._products = Counts.of(knowledge.brands), Counts.of(knowledge.products)
        shops = Counts.of(knowledge.shops).texts
        self._no_brands = _no_brands(self._brands, knowledge, lexicon)
        # Titles that end with 怎么办 sell books; the words of a question name nothing.
        asking = {word.lstrip("*^") for word in (*lexicon.cue("contents"), *lexicon.cue("entertainment"))}
        self._no_products = frozenset({*lexicon.words, *asking})
        values = dict(reversed([*_values(knowledge)]))
        self._kinds = tuple(values.values())
        tables = (
            TextTable.of(tuple(written)),
            self._brands.texts,
            self._products.texts,
            shops,
            TextTable.of(tuple(values)),
        )
        self._known = SortedKeys(np.unique(np.concatenate([table.keys.keys for table in tables])))
        self._where = np.stack([table.places_of(self._known.keys) for table in tables], axis=1).astype(np.int32)

        self._known_readings = lru_cache(maxsize=READINGS_KEPT)(self._read)

    def matches(self, text: str) -> Iterator[Match]:
        """Every known word in normalised `text`; those of letters and digits only where a run of such ends or turns."""
        pieces = pieces_of(text, LONGEST)
        found = self._known.find_all(pieces.keys)
        known = np.flatnonzero(found >= 0)
        starts, ends, where = (
            pieces.starts[known].tolist(),
            pieces.ends[known].tolist(),
            self._where[found[known]].tolist(),
        )
        for start, end, places in zip(starts, ends, where, strict=True):
            if text[start] == " " or _joined(text, start):
                continue
            readings = self._known_readings(text[start:end], *places)
            if not readings:
                continue
            if not _joined(text, end) or (_NAMED & readings.keys() and end - start > 2 and _MODEL.match(text, end)):
                yield Match(start, end, readings)

    def _read(self, word: str, written: int, brand: int, product: int, shop: int, value: int) -> Mapping[Kind, Known]:
        """What `word` may be, by its places in the tables."""
        readings = dict(self._readings[written]) if written >= 0 else {}
        if brand >= 0 and brand not in self._no_brands:
            confidence = min(0.95, 0.6 + 0.05 * int(self._brands.numbers[brand]))
            name = _written(self._knowledge, word)
            readings.setdefault(Kind.BRAND, Known(Kind.BRAND, name, Source.CATALOGUE, confidence))
        if product >= 0 and word not in self._no_products:
            confidence = min(0.9, 0.5 + 0.05 * int(self._products.numbers[product]))
            readings.setdefault(Kind.PRODUCT, Known(Kind.PRODUCT, word, Source.CATALOGUE, confidence))
        if not readings and shop >= 0 and len(word) > _LEAST_SHOP:
            return {Kind.SHOP: Known(Kind.SHOP, word, Source.CATALOGUE, 0.9)}
        if not readings and value >= 0:
            kind = self._kinds[value]
            return {kind: Known(kind, word, Source.CATALOGUE, 0.7)}
        return readings


def _lexicon_readings(knowledge: Knowledge, lexicon: EntityLexicon) -> dict[str, dict[Kind, Known]]:
    words: dict[str, dict[Kind, Known]] = {}
    for word, kinds in lexicon.words.items():
        for kind, value in kinds.items():
            name = _written(knowledge, value) if kind is Kind.BRAND else value
            words.setdefault(word, {}).setdefault(kind, Known(kind, name, Source.LEXICON, 0.9))
    for cue in ("contents", "shops"):
        for word in lexicon.cue(cue):
            words.setdefault(word, {}).setdefault(Kind.NOISE, Known(Kind.NOISE, word, Source.LEXICON, 0.9))
    return words


def _no_brands(brands: Counts, knowledge: Knowledge, lexicon: EntityLexicon) -> frozenset[int]:
    """Places of names that the catalogue has as brands and that are none: everyday words, and other kinds of things."""
    titles = Counts.of(knowledge.words).get_keys(brands.texts.hashes)
    everyday = np.flatnonzero(brands.numbers < LEAST_BRAND_SHARE * titles).tolist()
    others = [word for word, kinds in lexicon.words.items() if Kind.BRAND not in kinds]
    return frozenset({*everyday, *brands.texts.places_of(hashes_of(others)).tolist()})


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


def _values(knowledge: Knowledge) -> Iterator[tuple[str, Kind]]:
    for name, values in knowledge.attributes.items():
        kind = next((kind for part, kind in ATTRIBUTE_KINDS.items() if part in name), None)
        if kind is not None:
            for value, count in values.items():
                if count >= LEAST_VALUES and 2 <= len(value) <= MAX_VALUE_CHARS and not value.isdigit():
                    yield value, kind
