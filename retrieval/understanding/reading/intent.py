"""What kind of ask a query is, and how much of what the shopper wants it already says.

The **strength** is the share of the choice that the words have made: 1 where one product is left, 0 where so many are
that a shopper could want anything (2 % of a catalogue, as after 礼物). Measured, it is 1 - ln m / ln (0.02 N), with m
products of N that answer equally. Read in words, each signal x leaves e^(-w·x) of the choice:

    strength = 1 - e^(-Σ w·x)        and a part of it is its share of the sum

    signal         w     x
    model          2.4   1 when a model, or a code (350720-1), is named: what is left of the choice is 9 %
    series         0.5   1 when a series without a number is named (iphone, matebook)
    brand          0.5   1 when a brand is named
    product        0.35  1 for a known product noun, 0.15 for a guessed one; 0 for 礼物
    attributes     0.3   how many of a product: colour, material, size, function, audience …; a guessed one counts half
    wishes         0.09  how many, where no product is named: a scene or a style alone leaves nearly everything open
    length         1.1   (characters said - 6) / 10, of letters and digits two a character, noise not counted
    category       0.1   1 - entropy of the predicted categories
    concentration  0.3   how sure the answer is of its first hits (`concentrated`)
    clicks         0.3   1 - entropy of the clicked categories

The weights are fitted to the judgments of a simulated market and rounded; docs/understanding.md has the reliability by
band. **Kinds**, the first that fits:

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

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import THINGS, Entity, Intent
from retrieval.understanding.reading.categories import CategoryPrediction
from retrieval.understanding.reading.cue_words import CueWords
from retrieval.understanding.reading.entity_lexicon import EntityLexicon

WEIGHTS = {
    "product": 0.35, "brand": 0.5, "model": 2.4, "series": 0.5, "attributes": 0.3, "wishes": 0.09, "length": 1.1,
    "category": 0.1, "concentration": 0.3, "clicks": 0.3,
}  # fmt: skip
SHORT, SPAN = 6, 10
"""So many characters name a product and a wish; what is longer counts by the `SPAN`."""
GUESSED_PRODUCT, GUESSED_ATTRIBUTE = 0.15, 0.5
CODE_DIGITS = 4
_ATTRIBUTES = frozenset(Kind) - THINGS - {Kind.SHOP, Kind.CATEGORY, Kind.NOISE}
_GIVEN = ("送", "送给")
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
        given = self._cues["gifts"].said(normalized) or _is_for_somebody(normalized, entities)
        gift = given and not any(e.source != Source.CONTEXT for e in things)
        codes = [e for e in entities if _names_model(e, normalized[e.start : e.end])]
        attributes = sum(_sure(e) for e in entities if e.kind in _ATTRIBUTES and e not in codes)
        about = bool(things) and not gift
        signals = {
            "product": max(map(_known, things), default=0.0) if about else 0.0,
            "brand": float(any(e.kind is Kind.BRAND and e not in codes for e in entities)),
            "model": float(bool(codes)),
            "series": float(any(_is_series(e) and e not in codes for e in entities)),
            "attributes": attributes if about else 0.0,
            "wishes": 0.0 if about else attributes,
            "length": max(0.0, _said(normalized, entities) - SHORT) / SPAN,
            "category": 1 - prediction.entropy if prediction.guesses else 0.0,
            "clicks": 0.0 if clicks is None else 1 - clicks,
        }
        evidence = {name: WEIGHTS[name] * x for name, x in signals.items() if x}
        return Intent(self._kind(normalized, entities, gift=gift), *_made_of(evidence))

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
    total = -math.log(max(1e-12, 1 - intent.strength))
    evidence = {name: total * part / intent.strength for name, part in intent.parts.items()}
    if concentration:
        evidence["concentration"] = WEIGHTS["concentration"] * concentration
    strength, parts = _made_of(evidence)
    return replace(intent, strength=strength, parts=parts)


def _made_of(evidence: Mapping[str, float]) -> tuple[float, Mapping[str, float]]:
    """The strength, and the part that each piece of evidence (> 0) has in it."""
    total = sum(evidence.values())
    if not total:
        return 0.0, {}
    strength = -math.expm1(-total)
    return strength, {name: strength * each / total for name, each in evidence.items()}


def _names_model(entity: Entity, text: str) -> bool:
    """Whether it is a model with a number in it, or a code that no word explains: xm4, 350720-1; not 500ml or 42码."""
    digits = sum(char.isdigit() for char in text)
    if entity.kind is Kind.MODEL:
        return digits > 0 and entity.source != Source.CONTEXT
    coded = entity.kind in (Kind.BRAND, Kind.SPECIFICATION) and entity.source == Source.PATTERN and text.isascii()
    return coded and digits >= (1 if entity.kind is Kind.BRAND else CODE_DIGITS)


def _is_for_somebody(text: str, entities: Sequence[Entity]) -> bool:
    """Whether it is said whom something is given to: 送|小学老师 …"""
    return any(e.kind is Kind.AUDIENCE and text[: e.start].endswith(_GIVEN) for e in entities)


def _is_series(entity: Entity) -> bool:
    return entity.kind is Kind.MODEL and entity.source != Source.CONTEXT


def _known(product: Entity) -> float:
    return GUESSED_PRODUCT if product.source == Source.CONTEXT else 1.0


def _sure(attribute: Entity) -> float:
    return GUESSED_ATTRIBUTE if attribute.source == Source.CONTEXT else 1.0


def _said(text: str, entities: Sequence[Entity]) -> float:
    noise = sum(e.end - e.start for e in entities if e.kind is Kind.NOISE)
    letters = sum(char.isascii() and not char.isspace() for char in text)
    return len(text.replace(" ", "")) - letters / 2 - noise
