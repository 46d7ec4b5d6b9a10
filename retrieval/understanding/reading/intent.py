"""What kind of ask a query is, and how much of what the shopper wants it already says.

The **strength** is a weighted mean of signals x in [0, 1], so its parts sum to it:

    strength = Σ w·x / Σ w      over the signals that are known

    signal         w     x
    product        0.22  1 for a known product noun, 0.5 for a guessed one; 0 for 礼物
    brand          0.14  1 when a brand is named
    model          0.22  1 when a model or series is named
    attributes     0.20  1 - 0.5^n, n attributes (colour, material, size, function, audience, …)
    length         0.08  min (1, characters said / 12), noise not counted
    category       0.14  1 - entropy of the predicted categories; left out where none are known
    concentration  0.10  how sure the answer is of its first hits (`concentrated`); left out before there is one
    clicks         0.20  1 - entropy of the clicked categories; left out without clicks

The weights are set by hand so that 礼物 < 连衣裙 < 红色连衣裙 < 华为mate60pro 手机壳 透明, and are checked on real
queries by the tests. **Kinds**, the first that fits:

    not_shopping   a word of ``entertainment.txt`` and no known brand, model or product after it
    broad          a word of ``gifts.txt`` and no known product; further down, neither product, brand nor model
    content        a word of ``contents.txt`` (教程, 怎么选, 哪个好), or a question
    shop           a shop's name, or a word of ``shops.txt`` after a name and no product after it
    item           a model with a brand or a product, or a brand and a product with two attributes
    brand          a brand without a product
    attribute      a product with an attribute or a brand
    category       a product alone
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import THINGS, Entity, Intent
from retrieval.understanding.reading.categories import CategoryPrediction
from retrieval.understanding.reading.cue_words import CueWords
from retrieval.understanding.reading.entity_lexicon import EntityLexicon

WEIGHTS = {
    "product": 0.22, "brand": 0.14, "model": 0.22, "attributes": 0.20, "length": 0.08, "category": 0.14,
    "concentration": 0.10, "clicks": 0.20,
}  # fmt: skip
FULL_LENGTH = 12
_ATTRIBUTES = frozenset(Kind) - THINGS - {Kind.SHOP, Kind.CATEGORY, Kind.NOISE}
_QUESTIONS = ("吗", "呢", "么")


class IntentModel:
    """Immutable after construction and safe to share between threads."""

    def __init__(self, knowledge: Knowledge, lexicon: EntityLexicon) -> None:
        self._knowledge = knowledge
        self._gifts = lexicon.cue("gifts")
        self._cues = {name: CueWords(lexicon.cue(name)) for name in ("contents", "gifts", "entertainment", "shops")}

    def judge(
        self,
        normalized: str,
        entities: Sequence[Entity],
        prediction: CategoryPrediction,
    ) -> Intent:
        """The intent of a normalised query.

        Args:
            prediction: its categories; one without guesses counts as unknown.
        """
        clicks = self._knowledge.click_entropy(normalized)
        things = [e for e in entities if e.kind is Kind.PRODUCT and e.value not in self._gifts]
        gift = not any(e.source != Source.CONTEXT for e in things) and self._cues["gifts"].said(normalized)
        known = {
            "product": 0.0 if gift else max(map(_sure, things), default=0.0),
            "brand": float(any(e.kind is Kind.BRAND for e in entities)),
            "model": float(any(e.kind is Kind.MODEL and e.source != Source.CONTEXT for e in entities)),
            "attributes": 1 - 0.5 ** sum(1 for e in entities if e.kind in _ATTRIBUTES),
            "length": min(1.0, _said(normalized, entities) / FULL_LENGTH),
            "category": 1 - prediction.entropy if prediction.guesses else None,
            "clicks": None if clicks is None else 1 - clicks,
        }
        signals = {name: x for name, x in known.items() if x is not None}
        total = sum(WEIGHTS[name] for name in signals)
        parts = {name: WEIGHTS[name] * x / total for name, x in signals.items()}
        return Intent(self._kind(normalized, entities, gift=gift), min(1.0, sum(parts.values())), parts)

    def _kind(self, text: str, entities: Sequence[Entity], *, gift: bool) -> IntentKind:
        kinds = [e.kind for e in entities if e.source != "context"]
        product, brand, model = (kind in kinds for kind in (Kind.PRODUCT, Kind.BRAND, Kind.MODEL))
        if self._is_no_shopping(text, entities):
            return IntentKind.NOT_SHOPPING
        if gift:
            return IntentKind.BROAD
        if self._cues["contents"].said(text) or text.endswith(_QUESTIONS):
            return IntentKind.CONTENT
        if Kind.SHOP in kinds or self._names_shop(text, entities):
            return IntentKind.SHOP
        attributes = sum(kind in _ATTRIBUTES for kind in kinds)
        if (model and (brand or product)) or (brand and product and attributes > 1):
            return IntentKind.ITEM
        guessed = any(e.kind is Kind.PRODUCT for e in entities)
        if not (product or brand or model or guessed):
            return IntentKind.BROAD
        if brand and not (product or guessed):
            return IntentKind.BRAND
        return IntentKind.ATTRIBUTE if attributes or brand or model else IntentKind.CATEGORY

    def _is_no_shopping(self, text: str, entities: Sequence[Entity]) -> bool:
        """Whether a cue is said, and nothing known is named after it: 世界杯|比分, but not 世界杯比分|挂图."""
        _, end = self._cues["entertainment"].last(text)
        return end > 0 and max((e.end for e in entities if e.names_thing), default=0) <= end

    def _names_shop(self, text: str, entities: Sequence[Entity]) -> bool:
        """Whether a cue of shops follows a name, and no product follows the cue."""
        at, _ = self._cues["shops"].last(text)
        return at > 0 and not any(e.kind is Kind.PRODUCT and e.start > at for e in entities)


def concentrated(intent: Intent, concentration: float) -> Intent:
    """The intent once there is an answer, whose scores are concentrated so much, in [0, 1]."""
    before = sum(WEIGHTS[name] for name in intent.parts)
    total = before + WEIGHTS["concentration"]
    parts = {name: part * before / total for name, part in intent.parts.items()}
    parts["concentration"] = WEIGHTS["concentration"] * concentration / total
    return replace(intent, strength=min(1.0, sum(parts.values())), parts=parts)


def _sure(product: Entity) -> float:
    return 0.5 if product.source == Source.CONTEXT else 1.0


def _said(text: str, entities: Sequence[Entity]) -> int:
    noise = sum(e.end - e.start for e in entities if e.kind is Kind.NOISE)
    return len(text.replace(" ", "")) - noise
