"""The kinds that understanding tells apart, as the API writes them."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a piece of a query is."""

    BRAND = "brand"
    PRODUCT = "product"
    CATEGORY = "category"
    COLOR = "color"
    MATERIAL = "material"
    SIZE = "size"
    SPECIFICATION = "specification"
    CAPACITY = "capacity"
    STYLE = "style"
    FUNCTION = "function"
    MODEL = "model"
    AUDIENCE = "audience"
    SCENE = "scene"
    SEASON = "season"
    SHOP = "shop"
    NOISE = "noise"
    OTHER = "other"


class Source(StrEnum):
    """Where the kind of a piece is known from."""

    CATALOGUE = "catalogue"
    LEXICON = "lexicon"
    PATTERN = "pattern"
    CONTEXT = "context"


class ConstraintKind(StrEnum):
    """What a constraint is about."""

    PRICE = "price"
    AMOUNT = "amount"
    SORT = "sort"
    SERVICE = "service"
    NEGATION = "negation"
    ORIGIN = "origin"
    LABEL = "label"
    STOCK = "stock"
    OCCASION = "occasion"


class CorrectionKind(StrEnum):
    """How a query was mistyped, or written."""

    PINYIN = "pinyin"
    """A character of the same sound."""
    NEAR_PINYIN = "near_pinyin"
    SHAPE = "shape"
    KEYBOARD = "keyboard"
    MISSING = "missing"
    EXTRA = "extra"
    SWAP = "swap"
    FULL_PINYIN = "full_pinyin"
    INITIALS = "initials"
    RULE = "rule"
    """As a shop wrote into its rules."""


class CorrectionAction(StrEnum):
    """What is done with a correction."""

    REPLACE = "replace"
    """It is searched instead of the query."""
    BOTH = "both"
    """It is searched beside the query."""
    SUGGEST = "suggest"
    """It is only offered."""


class IntentKind(StrEnum):
    """What kind of ask a query is (`retrieval.understanding.reading.intent`)."""

    ITEM = "item"
    BRAND = "brand"
    CATEGORY = "category"
    ATTRIBUTE = "attribute"
    BROAD = "broad"
    CONTENT = "content"
    SHOP = "shop"
    NOT_SHOPPING = "not_shopping"


class CauseKind(StrEnum):
    """Why an answer is empty."""

    NO_LETTERS = "no_letters"
    NO_THING = "no_thing"
    """Wishes were said, and not what for."""
    TYPO = "typo"
    CHANNEL_FAILED = "channel_failed"
    CONSTRAINT = "constraint"
    FILTER = "filter"
    STOCK = "stock"
    CATEGORY_EMPTY = "category_empty"
    CONDITIONS = "conditions"
    """Only all filters and constraints together leave nothing."""
    TAKEN_DOWN = "taken_down"
    UNKNOWN_WORD = "unknown_word"
    BELOW_FLOOR = "below_floor"
    NO_MATCH = "no_match"
