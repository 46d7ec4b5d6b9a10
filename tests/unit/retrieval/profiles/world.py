"""A small catalogue for tests of interests: every item a title, and a word space that knows all of its words."""

from __future__ import annotations

from retrieval.interest.profile import Dimension
from retrieval.profiles.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    {"女": (Dimension.AUDIENCE, "女"), "女士": (Dimension.AUDIENCE, "女"), "男": (Dimension.AUDIENCE, "男"),
     "儿童": (Dimension.AUDIENCE, "儿童"), "希禾": (Dimension.BRAND, "希禾")},
    idle=frozenset({"包邮"}), sensitive=frozenset({"避孕", "佛像"}),
)  # fmt: skip
DAY = 86_400.0
NOW = 100 * DAY
