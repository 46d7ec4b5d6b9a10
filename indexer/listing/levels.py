"""What the things of a brand cost: the level against which a counterfeit is cheap.

For each brand and category the median of the prices, of brands with enough of them. Learned by a rebuild, kept
with the generation, and read by the next one and by live changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

import orjson

from retrieval.types import Buffer

ATTACHMENT = "levels"
ENOUGH = 20
"""Prices, from which on a median is a level."""
_KEPT = 2000
"""Prices of a brand in a category that are remembered: the first ones say as much."""

Key = tuple[str, str]
"""Brand, and category as its path."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Key → median price in yuan."""

    medians: Mapping[Key, float] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, brand: str, category: str) -> float | None:
        """The level; None where too few are known."""
        return self.medians.get((brand, category))

    def to_bytes(self) -> bytes:
        return orjson.dumps([[*key, value] for key, value in sorted(self.medians.items())])

    @classmethod
    def from_bytes(cls, data: Buffer) -> Levels:
        return cls({(brand, category): value for brand, category, value in orjson.loads(data)})


class LevelLearner:
    """Hears of prices as products go by."""

    def __init__(self) -> None:
        self._prices: dict[Key, list[float]] = defaultdict(list)

    def add(self, brand: str, category: str, price: float) -> None:
        """One price above 0."""
        heard = self._prices[brand, category]
        if len(heard) < _KEPT:
            heard.append(price)

    def finish(self) -> Levels:
        """The levels of those heard of often enough."""
        return Levels({key: float(median(heard)) for key, heard in self._prices.items() if len(heard) >= ENOUGH})
