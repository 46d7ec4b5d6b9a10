"""Queries of shoppers whose taste is known, for judging the shopper's own order: what they ask, and what fits them.

A product that has what the words ask for has grade 1, and 1 more for each of two ways in which it fits the shopper: a
brand or a look that is liked, and a price of the shopper's level; where the words name no thing (vague), a category of
interest, and either of these. Where they say it all (exact), or say what the shopper does not usually buy (counter),
taste counts for nothing. Truth is what the generator knows, as in `judgments`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.judgments import EXACTLY
from demo.nouns import Product, Query, Shopper
from demo.randomness import scaled, stream
from demo.records import Row
from demo.sessions import looks_liked

EXACT, SPECIFIC, CATEGORY, VAGUE, COUNTER = "exact", "specific", "category", "vague", "counter"
PER_BAND = 60
DAYS = 3
"""Queries are asked in the last days of the log: what is done later is in it, and must not be seen."""
_GROUPS = {CATEGORY: ("category",), SPECIFIC: ("attribute", "audience", "scene")}
_LEAST = 30
"""Products that fit a vague query."""


@dataclass(frozen=True, slots=True)
class ShopperQuery:
    """What a shopper asks at a time, and the grade (1-3) of every product that fits."""

    id: str
    text: str
    shopper: Shopper
    ts: datetime
    band: str
    grades: Mapping[str, int]

    def row(self) -> Row:
        return {
            "qid": self.id, "query": self.text, "user_id": self.shopper.id,
            "session_id": f"{self.shopper.id}-{self.id}", "ts": self.ts.isoformat(), "band": self.band,
        }  # fmt: skip


def make_shopper_queries(
    products: Sequence[Product], shoppers: Sequence[Shopper], queries: Sequence[Query], *, seed: int, scale: float,
    now: datetime,
) -> list[ShopperQuery]:  # fmt: skip
    """Queries of every band; fewer in a mall that is too small for more."""
    on_sale = {product.id: product for product in products if product.status == "on"}
    asking = _Asking(on_sale, queries)
    found = []
    for band in (EXACT, SPECIFIC, CATEGORY, VAGUE, COUNTER):
        for number in range(scaled(PER_BAND, scale)):
            query_id = f"{band}-{number:03d}"
            rng = stream(seed, "shopper query", query_id)
            shopper = rng.choice(shoppers)
            asked = asking.of(band, shopper, rng)
            if asked:
                text, fitting = asked
                grades = {one.id: 1 + fits(band, shopper, one, asking.price_rank[one.id]) for one in fitting}
                ts = now - timedelta(seconds=1 + rng.randrange(DAYS * 86_400))
                found.append(ShopperQuery(query_id, text, shopper, ts, band, grades))
    return found


def fits(band: str, shopper: Shopper, product: Product, price_rank: float) -> int:
    """In how many of two ways; `price_rank` 0 is the cheapest of its category and 1 the dearest."""
    if band in (EXACT, COUNTER):
        return 0
    liked = product.spu.brand in shopper.brands or looks_liked(shopper, product)
    affordable = int(price_rank * 2.999) + 1 == shopper.price_level
    if band == VAGUE:
        return (product.spu.path in shopper.interests) + (liked or affordable)
    return liked + affordable


class _Asking:
    """What may be asked in each band by a shopper, with the products that fit the words."""

    def __init__(self, on_sale: Mapping[str, Product], queries: Sequence[Query]) -> None:
        self._on_sale = on_sale
        self._judged = queries
        self._shelves: dict[str, list[Product]] = {}
        self._vague: dict[str, list[Product]] = {}
        self.price_rank: dict[str, float] = {}
        for product in on_sale.values():
            self._shelves.setdefault(product.spu.path, []).append(product)
            kind = product.spu.kind
            for text in (*(f"送{who}的礼物" for who in kind.gift), *(f"{use}好物" for use in kind.use)):
                self._vague.setdefault(text, []).append(product)
        for shelf in self._shelves.values():
            for rank, product in enumerate(sorted(shelf, key=lambda one: (one.price, one.id))):
                self.price_rank[product.id] = rank / max(1, len(shelf) - 1)

    def of(self, band: str, shopper: Shopper, rng: random.Random) -> tuple[str, list[Product]] | None:
        """A query and what fits its words; None where this shopper has nothing to ask in this band."""
        makers: Mapping[str, Callable[[Shopper], Iterator[tuple[str, list[Product]]]]] = {
            EXACT: self._titles, VAGUE: self._scenes, COUNTER: self._other_brands,
        }  # fmt: skip
        choices = list(makers[band](shopper) if band in makers else self._of_groups(shopper, _GROUPS[band]))
        return rng.choice(choices) if choices else None

    def _titles(self, shopper: Shopper) -> Iterator[tuple[str, list[Product]]]:
        for path in shopper.interests:
            for product in self._shelves.get(path, ()):
                yield product.spu.title, [one for one in self._shelves[path] if one.spu.id == product.spu.id]

    def _of_groups(self, shopper: Shopper, groups: Sequence[str]) -> Iterator[tuple[str, list[Product]]]:
        for query in self._judged:
            if query.id.rpartition("-")[0] in groups and query.path in shopper.interests:
                grades = query.grades.items()
                yield query.text, [self._on_sale[id_] for id_, grade in grades if grade == EXACTLY]

    def _scenes(self, shopper: Shopper) -> Iterator[tuple[str, list[Product]]]:
        for text, fitting in self._vague.items():
            if len(fitting) >= _LEAST and any(one.spu.path in shopper.interests for one in fitting):
                yield text, fitting

    def _other_brands(self, shopper: Shopper) -> Iterator[tuple[str, list[Product]]]:
        for path in shopper.interests:
            shelf = self._shelves.get(path, [])
            for brand in sorted({one.spu.brand for one in shelf if one.spu.brand} - shopper.brands):
                leaf = path.rpartition("/")[2]
                yield f"{brand}{leaf}", [one for one in shelf if one.spu.brand == brand]
