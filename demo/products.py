"""What is on sale: every SPU becomes a few variants with prices, stock, sales and all that customers leave behind."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.nouns import Product, Spu
from demo.prices import charm
from demo.randomness import around, heavy_tail, stream, weighted
from demo.shops import FACTORY
from demo.spus import NEW_DAYS

VARIANTS = (1, 2, 3, 3, 4, 4, 5)
STATUSES = {"on": 0.95, "off": 0.04, "banned": 0.01}
MARKED_SHARE, MARK_UP = 0.55, (1.15, 2.0)
SOLD_OUT_SHARE = 0.04
MOST_SALES = 200_000.0
ANY_PRICE = 1e8


@dataclass(frozen=True, slots=True)
class _Terms:
    """What all variants of an SPU share: base price, mark-up to the list price, popularity, status, promises."""

    base: float
    mark_up: float | None
    popularity: float
    status: str
    services: tuple[str, ...]
    labels: tuple[str, ...]
    variant_in_title: bool


def make_products(spus: Iterable[Spu], *, seed: int, now: datetime) -> list[Product]:
    """All variants of all SPUs, SPU by SPU."""
    return [product for spu in spus for product in _variants(spu, seed, now)]


def _variants(spu: Spu, seed: int, now: datetime) -> Iterator[Product]:
    rng = stream(seed, "variants", spu.id)
    terms = _terms(spu, rng, now)
    axes = spu.category.axes_of(spu.kind)
    combinations = list(itertools.product(*axes.values()))
    picked = sorted(rng.sample(range(len(combinations)), min(len(combinations), rng.choice(VARIANTS))))
    for number, index in enumerate(picked):
        variant = dict(zip(axes, combinations[index], strict=True))
        # A stream begun anew ends all prices of an SPU alike: 39.9, 79.9, or 39, 79.
        price = charm(terms.base * _factor(spu, variant), *spu.category.price, stream(seed, "ending", spu.id))
        yield _product(spu, number, variant, price, terms, rng)


def _terms(spu: Spu, rng: random.Random, now: datetime) -> _Terms:
    low, high = spu.kind.price
    labels = [*spu.category.labels, *spu.kind.labels]
    if spu.shop.kind == FACTORY:
        labels.append("产业带")
    if spu.brand and rng.random() < 0.3:
        labels.append("国货")
    if now - spu.created_at < timedelta(days=NEW_DAYS):
        labels.append("新品")
    return _Terms(
        # The product of two uniform draws: most prices lie in the lower part of the range.
        base=low + (high - low) * rng.random() * rng.random(),
        mark_up=around(*MARK_UP, rng) if rng.random() < MARKED_SHARE else None,
        popularity=heavy_tail(1.0, 200.0, rng),
        status=weighted(STATUSES, rng),
        services=tuple(name for name, share in spu.department.services.items() if rng.random() < share),
        labels=tuple(dict.fromkeys(labels)),
        variant_in_title=rng.random() < 0.6,
    )


def _product(
    spu: Spu, number: int, variant: dict[str, str], price: float, terms: _Terms, rng: random.Random
) -> Product:
    # Cheaper things sell more often; the median product sells some dozens a month.
    median = 40.0 * (0.3 + terms.popularity) * min(2.0, 60.0 / price + 0.2)
    sales = int(heavy_tail(median, MOST_SALES, rng))
    reviews = int(sales * around(0.0, 4.0, rng))
    marked = None if terms.mark_up is None else charm(price * terms.mark_up, price, ANY_PRICE, rng)
    views = (number + 1, *range(11, 11 + rng.randint(1, 4)))
    return Product(
        id=f"p{spu.id.removeprefix('spu')}{number:02d}",
        spu=spu,
        variant=variant,
        title=" ".join((spu.title, *variant.values())) if terms.variant_in_title else spu.title,
        price=price,
        list_price=marked,
        stock=0 if rng.random() < SOLD_OUT_SHARE else rng.randrange(3, 3_000),
        sales_30d=0 if terms.status == "banned" else sales,
        rating=None if reviews < 5 else round(min(5.0, around(4.1, 5.1, rng)), 1),
        reviews=reviews,
        return_rate=round(spu.department.return_rate * around(0.4, 1.8, rng), 3),
        complaint_rate=round(0.02 * rng.random() * rng.random(), 4),
        services=terms.services,
        labels=terms.labels,
        images=tuple(f"{spu.id}/{view}.jpg" for view in views),
        status=terms.status,
    )


def _factor(spu: Spu, variant: dict[str, str]) -> float:
    factor = 1.0
    for axis, value in variant.items():
        factor *= spu.category.axes_of(spu.kind)[axis][value]
    return factor
