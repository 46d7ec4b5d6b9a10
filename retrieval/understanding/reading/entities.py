"""The tagger: what each piece of a query is, with how surely and where it is known from.

`reading.spans` cuts the query into known words, patterns and unknown words. What a word with several readings is, and
what an unknown word may be, is decided by its place:

* Chinese noun phrases are head-final: of several product nouns the last is the head, but what things are packed in
  (红茶 礼盒) is none beside them; a word that may be a product or
  something else (篮球 的鞋, 苹果 的壳) is the product only where no product follows.
* A brand comes first. 苹果 beside a model, a number or a product is the brand, with a weight (5斤) or at the end the
  product; alone it is what the catalogue has more of.
* A brand or model after 适用, 兼容 or “for” is what the thing fits, not who makes it.
* An unknown word at the end is the product if there is none. One at the beginning, before a product, is a brand if the
  catalogue hardly knows the word; any other one describes the product (style). These guesses say ``context``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.analysis.normalize import HAN
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.segment import Segmenter
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.entity_lexicon import EntityLexicon
from retrieval.understanding.reading.spans import Span, cut, is_foreign, joined
from retrieval.understanding.reading.vocabulary import Known, Vocabulary

WEIGHTS: Mapping[Kind, float] = {
    Kind.PRODUCT: 1.0, Kind.BRAND: 0.9, Kind.MODEL: 0.9, Kind.SHOP: 0.7, Kind.CATEGORY: 0.7, Kind.CAPACITY: 0.6,
    Kind.SIZE: 0.5, Kind.SPECIFICATION: 0.6, Kind.MATERIAL: 0.6, Kind.FUNCTION: 0.5, Kind.COLOR: 0.5,
    Kind.AUDIENCE: 0.5, Kind.STYLE: 0.45, Kind.SCENE: 0.35, Kind.SEASON: 0.35, Kind.OTHER: 0.5, Kind.NOISE: 0.05,
}  # fmt: skip
"""What missing a piece costs, by kind. A product that is not the head counts `MODIFIER`, what it is packed in `PACKED`,
a fitted device `FITTED`."""
MODIFIER, PACKED, FITTED = 0.7, 0.4, 0.7

RARE = 3e-4
"""A word in a smaller share of the titles may be a brand that the catalogue does not list."""
CONTEXT_CONFIDENCE = 0.4
ACCESSORY_BRAND = 0.6
"""Times the confidence of a brand before an accessory: 华为 手机壳 is seldom made by 华为."""

_FITS = frozenset({"适用", "适用于", "通用", "兼容", "适合", "适配", "for", "配"})
_FOR = frozenset({"专用", "用", "款", "专用款", "式"})
_SERVED = (Kind.AUDIENCE, Kind.SCENE, Kind.SEASON)
"""After these kinds the words of `_FOR` belong to them: 电工|专用."""
_ORDER = (
    Kind.BRAND, Kind.MODEL, Kind.COLOR, Kind.MATERIAL, Kind.AUDIENCE, Kind.SEASON, Kind.FUNCTION, Kind.STYLE, Kind.SIZE,
    Kind.SCENE, Kind.NOISE, Kind.OTHER,
)  # fmt: skip
"""Which reading a word has when its place does not decide, the first first."""
_HAN_WORD = re.compile(rf"[{HAN}]{{2,}}\Z")
_NO_HEAD = {
    Kind.BRAND, Kind.MODEL, Kind.COLOR, Kind.AUDIENCE, Kind.SEASON, Kind.NOISE, Kind.SIZE, Kind.SPECIFICATION,
    Kind.CAPACITY, Kind.OTHER, Kind.SHOP,
}  # fmt: skip
"""What no product noun is, whatever it ends with."""


class Tagger:
    """Immutable after construction and safe to share between threads."""

    def __init__(
        self, knowledge: Knowledge, lexicon: EntityLexicon, segmenter: Segmenter, quantities: Quantities
    ) -> None:
        """`segmenter` and `quantities` are those of the analyzer."""
        self._knowledge = knowledge
        self._vocabulary = Vocabulary(knowledge, lexicon)
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._quantities = quantities
        self._suffixes = tuple(sorted(lexicon.cue("suffixes")))
        self._accessories = tuple(sorted(lexicon.cue("accessories")))
        self._packings = lexicon.cue("packings")

    def tag(self, normalized: str) -> tuple[Entity, ...]:
        """The entities of a normalised query, left to right, without overlap. Never raises; nothing known gives ()."""
        words = self._segmenter.cut(normalized)
        spans = joined(cut(normalized, words, self._vocabulary, self._quantities), self._suffixes)
        head = self._head(spans)
        entities: list[Entity] = []
        for at, span in enumerate(spans):
            known = self._read(spans, at, head)
            if entities and span.text in _FOR and entities[-1].kind in _SERVED and entities[-1].end == span.start:
                entities[-1] = replace(entities[-1], end=span.end)
            elif known is not None:
                entities.append(self._entity(spans, at, head, known))
        return tuple(entities)

    def _head(self, spans: Sequence[Span]) -> int | None:
        """The place of the head noun: the last product noun, else the last word that looks like one or is unknown."""
        sure = [
            at for at, span in enumerate(spans) if Kind.PRODUCT in span.readings and not self._is_brand_here(spans, at)
        ]
        if sure:
            sure = [at for at in sure if spans[at].text not in self._packings] or sure
            return next((at for at in reversed(sure) if len(spans[at].readings) == 1), sure[-1])
        for at in range(len(spans) - 1, -1, -1):
            if not (_NO_HEAD & spans[at].readings.keys()) and spans[at].text.endswith(self._suffixes):
                return at
        named = any(Kind.BRAND in span.readings and not is_foreign(span) for span in spans)
        unknown = [at for at, span in enumerate(spans) if not span.readings and (at or not named)]
        return next((at for at in reversed(unknown) if _HAN_WORD.match(spans[at].text)), None)

    def _is_brand_here(self, spans: Sequence[Span], at: int) -> bool:
        """Whether a word that is a brand and a product (苹果) is the brand."""
        readings = spans[at].readings
        if Kind.BRAND not in readings or Kind.PRODUCT not in readings:
            return False
        others = [span for place, span in enumerate(spans) if place != at]
        if any(_is_weight(span) for span in others):
            return False
        if any(Kind.PRODUCT in span.readings or Kind.MODEL in span.readings for span in others):
            return True
        after = spans[at + 1].text if at + 1 < len(spans) else ""
        if after[:1].isascii() and after[:1].isalnum():
            return True
        if at and not after:
            return False
        word = spans[at].text
        return self._knowledge.brands.get(word, 0) > self._knowledge.products.get(word, 0) / 2

    def _read(self, spans: Sequence[Span], at: int, head: int | None) -> Known | None:
        span = spans[at]
        readings = span.readings
        if not readings:
            return self._guess(spans, at, head)
        if at == head and Kind.PRODUCT not in readings:
            return Known(Kind.PRODUCT, span.text, Source.PATTERN, CONTEXT_CONFIDENCE)
        if Kind.PRODUCT in readings and len(readings) > 1:
            if self._is_brand_here(spans, at):
                return readings[Kind.BRAND]
            if at == head or ((head is None or at > head) and Kind.NOISE not in readings):
                return readings[Kind.PRODUCT]
        elif Kind.PRODUCT in readings:
            return readings[Kind.PRODUCT]
        known = next((readings[kind] for kind in _ORDER if kind in readings), next(iter(readings.values())))
        if known.source != "pattern":
            return known
        return self._pattern(spans, at, known)

    def _pattern(self, spans: Sequence[Span], at: int, known: Known) -> Known:
        """A bare number or foreign word by what stands before it: after a brand or series it is a model."""
        before = spans[at - 1].readings if at else {}
        named = Kind.BRAND in before or Kind.MODEL in before
        if (
            named
            and spans[at].text.replace("+", "").isalnum()
            and (known.kind is Kind.BRAND or spans[at].text.isdigit())
        ):
            return Known(Kind.MODEL, known.value, Source.PATTERN if spans[at].text.isdigit() else Source.CONTEXT, 0.6)
        if known.kind is Kind.BRAND and at:
            return Known(Kind.MODEL, known.value, Source.CONTEXT, CONTEXT_CONFIDENCE)
        return known

    def _guess(self, spans: Sequence[Span], at: int, head: int | None) -> Known | None:
        """What an unknown word may be; a single character says nothing."""
        word = spans[at].text
        if at != head and not _HAN_WORD.match(word):
            return None
        if at == head or word.endswith(self._suffixes):
            source = Source.PATTERN if word.endswith(self._suffixes) else Source.CONTEXT
            return Known(Kind.PRODUCT, word, source, CONTEXT_CONFIDENCE)
        if shape := self._lexicon.shape(word):
            return Known(shape, word, Source.PATTERN, CONTEXT_CONFIDENCE)
        if at and Kind.BRAND in spans[at - 1].readings:
            return Known(Kind.MODEL, word, Source.CONTEXT, CONTEXT_CONFIDENCE)
        if self._is_name(word) and head is not None:
            if at < head and all(Kind.OTHER in span.readings for span in spans[:at]):
                return Known(Kind.BRAND, word, Source.CONTEXT, CONTEXT_CONFIDENCE)
            if at > head and at == len(spans) - 1:
                return Known(Kind.MODEL, word, Source.CONTEXT, CONTEXT_CONFIDENCE / 2)
        return Known(Kind.STYLE, word, Source.CONTEXT, CONTEXT_CONFIDENCE / 2)

    def _is_name(self, word: str) -> bool:
        """Whether neither the titles nor the segmenter's dictionary have `word` as an everyday one."""
        rare = self._knowledge.words.get(word, 0) <= RARE * self._knowledge.documents
        return rare and len(word) <= 4 and word not in self._segmenter.inner_words(word + " ")

    def _entity(self, spans: Sequence[Span], at: int, head: int | None, known: Known) -> Entity:
        span = spans[at]
        kind, weight, confidence = known.kind, WEIGHTS[known.kind], known.confidence
        if kind is Kind.PRODUCT and at != head:
            weight = PACKED if span.text in self._packings else MODIFIER
        fitted = any(before.text in _FITS for before in spans[max(0, at - 2) : at])
        if kind in (Kind.BRAND, Kind.MODEL) and fitted:
            return Entity(Kind.MODEL, known.value, span.start, span.end, confidence, FITTED, Source.CONTEXT)
        if kind is Kind.BRAND and head is not None and head > at and spans[head].text.endswith(self._accessories):
            confidence *= ACCESSORY_BRAND
        return Entity(kind, known.value, span.start, span.end, round(confidence, 3), weight, known.source)


def _is_weight(span: Span) -> bool:
    return Kind.SPECIFICATION in span.readings and span.text.endswith(("斤", "克", "kg", "g", "箱"))
