"""The mall's shops, opened as products need them: flagships for brands, factories in their towns, and small sellers."""

from __future__ import annotations

import random

from demo.nouns import Aisle, Shop
from demo.randomness import around, stream

FLAGSHIP, LICENSED, DEALER, STALL, FACTORY = "旗舰店", "专卖店", "专营店", "个体店", "源头工厂"
BRANDED = {FLAGSHIP: 0.6, LICENSED: 0.2, DEALER: 0.2}
DEALERS = 12
"""How many names dealers go by: one dealer sells many brands of a department."""
UNBRANDED = {STALL: 0.4, DEALER: 0.3, FACTORY: 0.3}


class ShopBook:
    """All shops opened so far; the same name is the same shop, so one shop sells many products."""

    def __init__(self, seed: int, words: tuple[str, ...]) -> None:
        self._seed = seed
        self._words = words
        self._shops: dict[str, Shop] = {}

    def __len__(self) -> int:
        return len(self._shops)

    def shop_for(self, aisle: Aisle, brand: str | None, rng: random.Random) -> Shop:
        """A shop that may sell this: brands by their flagship or a dealer, the rest by stalls and factories."""
        department, category, kind = aisle.department, aisle.category, aisle.kind
        mix = dict(BRANDED if brand else UNBRANDED)
        belt = kind.belt if kind.belt is not None else category.belt
        if not belt:
            mix.pop(FACTORY, None)
        form = rng.choices(list(mix), weights=list(mix.values()))[0]
        word = rng.choice(self._words[:DEALERS] if form == DEALER else self._words)
        name = {
            FLAGSHIP: f"{brand}{department.short}旗舰店",
            LICENSED: f"{brand}{word}专卖店",
            DEALER: f"{word}{department.short}专营店",
            STALL: rng.choice(department.stalls),
            FACTORY: f"{belt}{word}{category.maker}",
        }[form]
        return self._shops.setdefault(name, self._open(name, form))

    def _open(self, name: str, form: str) -> Shop:
        rng = stream(self._seed, "shop", name)
        score = None if rng.random() < 0.05 else round(min(5.0, around(3.9, 5.1, rng)), 1)
        return Shop(f"s{len(self._shops) + 1:04d}", name, form, score)
