"""What a shopper does in one visit: search and look down a page, browse the mall, scroll videos, watch a livestream.

Clicks follow the examination hypothesis (Richardson et al., WWW 2007): P(click) = P(examined | position) x P(attracted
| shopper, product), here with P(examined | k) = 1 / (1 + 0.3 k) for the k-th place from 0. Attraction grows with how
well the price fits the shopper's price level, with rating, with audience, and with a brand and a look that are liked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demo.nouns import Product, Shopper, Video
from demo.randomness import weighted

PAGE = (6, 14)
SCROLL = (4, 12)
DECAY = 0.3
ATTRACTION, LIKED = 0.3, 1.6
CART, ORDER, ORDER_AT_ONCE = 0.22, 0.4, 0.04


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done ``offset`` seconds into a session; ``kind`` (product, video, query) says what ``item_id`` is."""

    offset: int
    type: str
    surface: str
    kind: str
    item_id: str | None = None
    query: str | None = None
    position: int | None = None
    watch_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mall:
    """What there is to find: by category path the products (best-selling first), search words (commonest first) and
    videos; livestreams by department; and the price rank (0 cheapest, 1 dearest of its category) of a product."""

    products: dict[str, list[Product]]
    words: dict[str, list[str]]
    videos: dict[str, list[Video]]
    livestreams: dict[str, list[Video]]
    price_rank: dict[str, float]


def visit(shopper: Shopper, mall: Mall, rng: random.Random) -> list[Act]:
    """All acts of one visit in time order; it begins with what is shown or searched."""
    ways: dict[Callable[[_Visit], None], float] = {
        _Visit.search: 0.5,
        _Visit.browse: 0.13,
        _Visit.scroll: 0.25,
        _Visit.watch_live: 0.12,
    }
    stay = _Visit(shopper, mall, rng)
    weighted(ways, rng)(stay)
    return stay.acts


def looks_liked(shopper: Shopper, product: Product) -> bool:
    """Whether a value of its attributes is one that the shopper likes."""
    return not shopper.looks.isdisjoint(product.spu.facts.values())


class _Visit:
    def __init__(self, shopper: Shopper, mall: Mall, rng: random.Random) -> None:
        self.acts: list[Act] = []
        self._shopper, self._mall, self._rng = shopper, mall, rng
        self._clock = 0
        # In a very small mall a whole category may be off the shelf.
        stocked = {path: weight for path, weight in shopper.interests.items() if path in mall.products}
        self._interests = stocked or dict.fromkeys(mall.products, 1.0)

    def search(self) -> None:
        """One to three queries about one interest, each with a page of results."""
        path = self._interest()
        for _ in range(self._rng.choice((1, 1, 1, 2, 3))):
            words = self._mall.words[path]
            # Squaring a uniform draw favours the front of the list: head and tail queries.
            query = words[int(len(words) * self._rng.random() * self._rng.random())]
            self._add("search", "search", "query", query=query)
            self._look_down(self._page(self._mall.products[path]), "search", query)

    def browse(self) -> None:
        """The mall's front page: products of several interests."""
        offers = [self._rng.choice(self._mall.products[self._interest()]) for _ in range(self._rng.randint(*PAGE))]
        self._look_down(list({product.id: product for product in offers}.values()), "mall", None)

    def scroll(self) -> None:
        """Short videos one after the other; what interests is watched longer, and now and then its product opened."""
        if not self._mall.videos:
            return self.browse()
        for position in range(self._rng.randint(*SCROLL)):
            liked = self._rng.random() < 0.7
            path = self._interest() if liked else self._rng.choice(list(self._mall.videos))
            video = self._rng.choice(self._mall.videos.get(path) or next(iter(self._mall.videos.values())))
            self._add("impression", "feed", "video", video.id, position=position)
            share = self._rng.random() if liked else self._rng.random() * self._rng.random() * 0.6
            self._watch(video, round(video.seconds * share, 1), "video", position)
            if share > 0.7 and self._rng.random() < 0.3:
                self._add("like", "video", "video", video.id, position=position)
        return None

    def watch_live(self) -> None:
        """One livestream of a department the shopper likes, for a while."""
        live = self._mall.livestreams.get(self._interest().split("/")[0])
        if not live:
            return self.scroll()
        video = self._rng.choice(live)
        self._add("impression", "feed", "video", video.id, position=0)
        return self._watch(video, round(video.seconds * self._rng.random() * self._rng.random(), 1), "live", 0)

    def _watch(self, video: Video, seconds: float, surface: str, position: int) -> None:
        self._clock += int(seconds)
        self._add("watch", surface, "video", video.id, position=position, watch_s=seconds)
        for showing in video.showings:
            if showing.start < seconds and self._rng.random() < 0.5 * self._attraction(showing.product):
                self._open(showing.product, surface, None, position)

    def _look_down(self, page: Sequence[Product], surface: str, query: str | None) -> None:
        for position, product in enumerate(page):
            self._add("impression", surface, "product", product.id, query, position)
        for position, product in enumerate(page):
            self._clock += self._rng.randint(0, 2)
            if self._rng.random() < self._attraction(product) / (1.0 + DECAY * position):
                self._open(product, surface, query, position)

    def _open(self, product: Product, surface: str, query: str | None, position: int) -> None:
        self._clock += self._rng.randint(1, 4)
        self._add("click", surface, "product", product.id, query, position)
        self._clock += self._rng.randint(4, 60)
        if product.stock == 0:
            return
        in_cart = self._rng.random() < CART
        if in_cart:
            self._add("cart", surface, "product", product.id, query, position)
            self._clock += self._rng.randint(3, 30)
        if self._rng.random() < (ORDER if in_cart else ORDER_AT_ONCE):
            self._add("order", surface, "product", product.id, query, position)

    def _attraction(self, product: Product) -> float:
        wanted = (self._shopper.price_level - 0.5) / 3.0
        price_fit = 1.0 - abs(self._mall.price_rank[product.id] - wanted)
        quality = (product.rating or 4.3) / 5.0
        meant = 1.3 if set(self._shopper.hints) & set(product.spu.who) else 1.0
        liked = LIKED ** ((product.spu.brand in self._shopper.brands) + looks_liked(self._shopper, product))
        return ATTRACTION * price_fit * quality * meant * liked

    def _page(self, ranked: Sequence[Product]) -> list[Product]:
        # A better rank makes an early place likely, not certain.
        keyed = sorted((self._rng.random() * (rank + 5), rank) for rank in range(len(ranked)))
        return [ranked[rank] for _, rank in keyed[: self._rng.randint(*PAGE)]]

    def _interest(self) -> str:
        return weighted(self._interests, self._rng)

    def _add(
        self,
        what: str,
        surface: str,
        kind: str,
        item_id: str | None = None,
        query: str | None = None,
        position: int | None = None,
        watch_s: float | None = None,
    ) -> None:
        self.acts.append(Act(self._clock, what, surface, kind, item_id, query, position, watch_s))
