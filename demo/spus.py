"""SPUs: every kind of the vocabulary becomes a few products with a brand, facts, a shop, a title and a description."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from demo.entries import SLOT, Kind
from demo.nouns import Aisle, Spu
from demo.randomness import deal, scaled, stream
from demo.shops import ShopBook
from demo.titles import TitleWords, compose_title
from demo.vocabulary import Vocabulary

SPUS_PER_KIND = 4
NEW_DAYS, OLDEST_DAYS = 30, 600
NEW_SHARE = 0.1
ATTEMPTS = 60
SEXES = ("男士", "女士")
USES = ("适合{}。", "{}都用得上。", "{}的好选择。")


def make_spus(vocabulary: Vocabulary, shops: ShopBook, *, seed: int, scale: float, now: datetime) -> Iterator[Spu]:
    """All SPUs in the order of the vocabulary; every kind has at least one, and no two share a title."""
    taken: set[str] = set()
    for department in vocabulary.departments:
        for category in department.categories:
            for kind in category.kinds:
                aisle = Aisle(department, category, kind)
                yield from _fill(aisle, shops, taken, scaled(SPUS_PER_KIND, scale), seed, now)


def _fill(aisle: Aisle, shops: ShopBook, taken: set[str], count: int, seed: int, now: datetime) -> Iterator[Spu]:
    """``count`` SPUs of one kind. Brands and attribute values are dealt out, so that all of them occur."""
    category, kind = aisle.category, aisle.kind
    rng = stream(seed, "kind", category.leaf, kind.key)
    brands = deal(kind.brands or category.brands, count, rng)
    decks = {name: deal(values, count, rng) for name, values in category.attrs_of(kind).items()}
    for number in range(count):
        branded = kind.brands is not None or rng.random() >= category.unbranded
        brand = brands[number] if branded else None
        facts = {name: _model_number(deck[number], rng) for name, deck in decks.items()}
        who = _audience(kind, number)
        days = rng.randrange(NEW_DAYS if rng.random() < NEW_SHARE else OLDEST_DAYS)
        created = now - timedelta(days=days, seconds=rng.randrange(86_400))
        words = _title_words(aisle, brand, facts, who, created, rng)
        yield Spu(
            id=f"spu{len(taken):05d}",
            aisle=aisle,
            brand=brand,
            title=_title(kind.titles or category.titles, words, taken, rng),
            description=_description(aisle, facts, rng),
            facts=facts,
            who=who,
            shop=shops.shop_for(aisle, brand, rng),
            created_at=created,
        )


def _title_words(
    aisle: Aisle,
    brand: str | None,
    facts: dict[str, str],
    who: tuple[str, ...],
    created: datetime,
    rng: random.Random,
) -> TitleWords:
    kind = aisle.kind
    # Listings from November on are sold as next year's.
    year = created.year + (created.month >= 11)
    gift = f"送{rng.choice(kind.gift)}{rng.choice(('', '礼物', '生日礼物'))}" if kind.gift else ""
    return TitleWords(
        fixed={**facts, "brand": brand or "", "year": f"{year}{kind.season}新款", "gift": gift},
        pools={
            "noun": kind.noun,
            # What is special about the kind comes up twice as often as what goes for the whole category.
            "p": (*kind.points, *kind.points, *aisle.category.points),
            "who": who,
            "use": kind.use,
            "promo": aisle.department.promo,
        },
    )


def _title(patterns: tuple[str, ...], words: TitleWords, taken: set[str], rng: random.Random) -> str:
    for _ in range(ATTEMPTS):
        title = compose_title(rng.choice(patterns), words, rng)
        if title not in taken:
            break
    else:
        # Sellers with many look-alikes put their article number behind the title.
        title = f"{title} 货号{len(taken):05d}"
    taken.add(title)
    return title


def _description(aisle: Aisle, facts: dict[str, str], rng: random.Random) -> str:
    about = [SLOT.sub(lambda m: facts.get(m[2], ""), text) for text in aisle.category.about_of(aisle.kind)]
    sentences = rng.sample(about, rng.randint(1, min(2, len(about))))
    if aisle.kind.use and rng.random() < 0.6:
        sentences.append(rng.choice(USES).format("、".join(aisle.kind.use)))
    return "".join(sentences)


def _audience(kind: Kind, number: int) -> tuple[str, ...]:
    """The kind's audience; where it is for both sexes, each SPU is cut for one of them in turn."""
    if not set(SEXES) <= set(kind.who):
        return kind.who
    return tuple(word for word in kind.who if word != SEXES[number % 2])


def _model_number(value: str, rng: random.Random) -> str:
    return "".join(rng.choice("0123456789") if char == "#" else char for char in value)
