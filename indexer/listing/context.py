"""What a listing is compared with: the words of the rules, known brands, what others list, and what was noticed of it.

All of it is read once and then only looked at, so that a listing gets the same findings in a rebuild and live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from indexer.listing.levels import Levels
from indexer.listing.originals import Originals
from indexer.listing.words import WordRules
from retrieval.analysis.normalize import normalize


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of section ``listing`` of the settings; units, ranges and reasons stand in default.yaml."""

    list_price_ratio: float = 5.0
    bait_price: float = 1.0
    repeated: int = 5
    brands: int = 3
    counterfeit_ratio: float = 0.2
    least_quality: float = 0.0


@dataclass(frozen=True, eq=False)
class ListingContext:
    """What the rules know.

    Attributes:
        words, categories: of configs/rules/listing_words.tsv and listing_categories.tsv.
        brands: what a brand is called → its name; own_names: brands that are called by a forbidden word.
        cut: words of a text.
        levels: price levels of brands; originals: who listed a title or picture first.
        brushed: id of a product → why its sales look bought.
        right: product and title → the rules whose findings somebody found to be right (`indexer.listing.verdicts`).
    """

    words: WordRules = field(default_factory=WordRules)
    categories: WordRules = field(default_factory=WordRules)
    brands: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    own_names: tuple[str, ...] = ()
    cut: Callable[[str], list[str]] = str.split
    levels: Levels = field(default_factory=Levels)
    originals: Originals = field(default_factory=Originals)
    brushed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    right: Callable[[], Mapping[tuple[str, str], frozenset[str]]] = dict
    bounds: Bounds = field(default_factory=Bounds)

    def brands_in(self, text: str) -> dict[str, str]:
        """Known brands that stand in a normalised text as words: name → how it is written there."""
        found: dict[str, str] = {}
        for word in self.cut(text):
            if (name := self.brands.get(word)) is not None:
                found.setdefault(name, word)
        return found

    def names_brand(self, shop: str, brand: str) -> bool:
        """Whether the name of a shop names a brand, by any of its names."""
        text, name = normalize(shop), self.brands.get(normalize(brand), normalize(brand))
        return any(each in text for each in (name, normalize(brand), *self._names.get(name, ())))

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for called, name in self.brands.items():
            names.setdefault(name, []).append(called)
        return names
