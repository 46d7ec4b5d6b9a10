"""Shoppers: personas of the vocabulary, each with tastes of its own."""

from __future__ import annotations

from demo.entries import Persona
from demo.nouns import Shopper
from demo.randomness import around, heavy_tail, scaled, stream, weighted
from demo.vocabulary import Vocabulary

SHOPPERS = 500
CURIOSITIES = 3
"""How many leaf categories outside the persona a shopper also looks at, now and then."""


def make_shoppers(vocabulary: Vocabulary, *, seed: int, scale: float) -> list[Shopper]:
    """All shoppers; interest weights sum to 1 (to rounding), activity is heavy-tailed."""
    leaves = {
        category.leaf: f"{department.department}/{category.name}"
        for department in vocabulary.departments
        for category in department.categories
    }
    aisles = {
        department.department: [category.leaf for category in department.categories]
        for department in vocabulary.departments
    }
    personas = {persona.name: persona for persona in vocabulary.personas}
    shares = {persona.name: persona.share for persona in vocabulary.personas}
    return [
        _shopper(number, personas[weighted(shares, stream(seed, "persona", number))], leaves, aisles, seed)
        for number in range(scaled(SHOPPERS, scale))
    ]


def _shopper(number: int, persona: Persona, leaves: dict[str, str], aisles: dict[str, list[str]], seed: int) -> Shopper:
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
    return Shopper(f"u{number:04d}", persona.name, interests, level, persona.hints, 0.5 + heavy_tail(1.0, 12.0, rng))
