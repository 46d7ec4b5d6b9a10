"""Shoppers: personas of the vocabulary, each with tastes of their own: categories, prices, brands and looks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from demo.entries import Category, Persona
from demo.nouns import Shopper
from demo.randomness import around, heavy_tail, scaled, stream, weighted
from demo.vocabulary import Vocabulary

SHOPPERS = 500
CURIOSITIES = 3
"""How many leaf categories outside the persona a shopper also looks at, now and then."""


def make_shoppers(vocabulary: Vocabulary, *, seed: int, scale: float) -> list[Shopper]:
    """All shoppers; interest weights sum to 1 (to rounding), activity is heavy-tailed."""
    aisle_of = {
        f"{department.department}/{category.name}": category
        for department in vocabulary.departments
        for category in department.categories
    }
    leaves = {category.leaf: path for path, category in aisle_of.items()}
    aisles = {
        department.department: [category.leaf for category in department.categories]
        for department in vocabulary.departments
    }
    personas = {persona.name: persona for persona in vocabulary.personas}
    shares = {persona.name: persona.share for persona in vocabulary.personas}
    return [
        _shopper(number, personas[weighted(shares, stream(seed, "persona", number))], leaves, aisles, aisle_of, seed)
        for number in range(scaled(SHOPPERS, scale))
    ]


def _shopper(
    number: int, persona: Persona, leaves: Mapping[str, str], aisles: Mapping[str, list[str]],
    aisle_of: Mapping[str, Category], seed: int,
) -> Shopper:  # fmt: skip
    rng = stream(seed, "shopper", number)
    weights: dict[str, float] = {}
    for interest, weight in persona.interests.items():
        among = aisles.get(interest, [interest])
        for leaf in among:
            weights[leaf] = weights.get(leaf, 0.0) + weight / len(among) * around(0.2, 1.8, rng)
    for leaf in rng.sample(list(leaves), CURIOSITIES):
        weights[leaf] = weights.get(leaf, 0.0) + 0.3
    total = sum(weights.values())
    interests = {leaves[leaf]: round(weight / total, 4) for leaf, weight in weights.items()}
    level = min(3, max(1, persona.price_level + rng.choice((-1, 0, 0, 0, 1))))
    activity = 0.5 + heavy_tail(1.0, 12.0, rng)
    visited = [aisle_of[path] for path in interests]
    brands = frozenset(rng.choice(category.brands) for category in visited)
    looks = frozenset(_favourites(visited, rng))
    return Shopper(f"u{number:04d}", persona.name, interests, level, persona.hints, brands, looks, activity)


def _favourites(categories: Iterable[Category], rng: random.Random) -> Iterable[str]:
    """For each attribute the favourite of the values that these categories offer; where there is none to choose, none.

    Whoever likes 法式 dresses likes 法式 skirts: values are ranked once for all categories.
    """
    offered: dict[str, dict[str, float]] = {}
    for category in categories:
        for kind in category.kinds:
            for attribute, values in category.attrs_of(kind).items():
                ranked = offered.setdefault(attribute, {})
                for value in values:
                    ranked.setdefault(value, rng.random())
                if len(values) > 1 and "#" not in values[0]:
                    yield max(values, key=ranked.__getitem__)
