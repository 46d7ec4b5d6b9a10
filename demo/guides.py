"""Videos that explain: how to choose a thing (怎么选), what a few of them are like (测评), how to use it (教程).

One for each category, and with it a query that asks for it. Only a test shows products; the others sell nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from demo.entries import Category, Guide
from demo.nouns import Product, Query, Video
from demo.prices import spoken_number, spoken_price
from demo.randomness import stream
from demo.speech import Script, draw_manner, fill, sayable, transcribe
from demo.videos import Window, creators_of, draw_published, draw_stats, shelf_of, shown
from demo.vocabulary import Vocabulary

FORMS = ("choose", "test", "choose", "teach")
"""By the place of a category in its department."""
TAKEN = (2, 3)
"""Products that are tested, kinds that are explained."""
MEDIAN_VIEWS = 6_000.0
ANSWERS, TOUCHES = 3, 1
"""Grades of the video that was asked for, and of others that show such a thing."""


def make_guides(
    vocabulary: Vocabulary, products: Sequence[Product], videos: Sequence[Video], *, seed: int, now: datetime
) -> tuple[list[Video], list[Query]]:
    """A video for each category with products on sale, and its query, whose grades are those of videos."""
    creators = creators_of(vocabulary)
    touching: dict[str, dict[str, int]] = {}
    for video in videos:
        for showing in video.showings:
            touching.setdefault(showing.product.spu.path, {})[video.id] = TOUCHES
    guides, queries = [], []
    for number, (form, on_sale) in enumerate(_subjects(vocabulary, products)):
        video_id, spu = f"g{number:05d}", on_sale[0].spu
        rng = stream(seed, "guide", video_id)
        lines, thing = getattr(vocabulary.guides, form), thing_of(spu.category)
        script = _Lines(Script(vocabulary.speech, rng), lines, vocabulary.speech.facts, rng, {"thing": thing})
        chosen = _tested(on_sale, rng) if form == "test" else []
        windows = script.write(form, spu.category, on_sale, chosen)
        segments = transcribe(script.lines, draw_manner(rng, live=False), vocabulary.speech.misheard, rng)
        title = fill(rng.choice([line for line in lines.titles if sayable(line, script.words)]), script.words)
        asked = fill(rng.choice(lines.queries), script.words)
        guides.append(
            Video(
                id=video_id,
                title=f"{title} #{thing}",
                creator=rng.choice(creators[spu.department.department]),
                kind="video",
                segments=segments,
                showings=shown(chosen, windows, segments),
                published_at=draw_published(chosen, now, rng),
                stats=draw_stats(MEDIAN_VIEWS, rng),
                status="on",
            )
        )
        grades = touching.get(spu.path, {}) | {video_id: ANSWERS}
        queries.append(Query(f"guide-{number + 1:03d}", asked, spu.path, grades))
    return guides, queries


def thing_of(category: Category) -> str:
    """What people call its things: the category's own name where a kind is called so, else the first kind's."""
    called = any(category.leaf in noun for kind in category.kinds for noun in kind.noun)
    return category.leaf if called else category.kinds[0].key


def _subjects(vocabulary: Vocabulary, products: Sequence[Product]) -> Iterator[tuple[str, list[Product]]]:
    """Form of each guide, and what is on sale in its category."""
    shelf: dict[str, list[Product]] = {}
    for (path, _), kept in shelf_of(products).items():
        shelf.setdefault(path, []).extend(kept)
    for department in vocabulary.departments:
        for place, category in enumerate(department.categories):
            form = FORMS[place % len(FORMS)]
            if form == "teach" and department.department not in vocabulary.guides.lasting:
                form = "test"
            if on_sale := shelf.get(f"{department.department}/{category.name}"):
                yield form, on_sale


def _tested(on_sale: Sequence[Product], rng: random.Random) -> list[Product]:
    """A few products, of different kinds."""
    of_kind = {product.spu.kind.key: product for product in rng.sample(on_sale, len(on_sale))}
    return rng.sample(list(of_kind.values()), min(len(of_kind), rng.randint(*TAKEN)))


class _Lines:
    """The script of one guide; `words` are those that any of its lines may have."""

    def __init__(
        self, script: Script, guide: Guide, facts: Sequence[str], rng: random.Random, words: Mapping[str, str]
    ) -> None:
        self.words = dict(words)
        self._script, self._guide, self._facts, self._rng = script, guide, facts, rng

    @property
    def lines(self) -> list[str]:
        return self._script.lines

    def write(
        self, form: str, category: Category, on_sale: Sequence[Product], chosen: Sequence[Product]
    ) -> list[Window]:
        """All of it; windows of the products that it shows."""
        self.words["count"] = spoken_number(len(chosen)).replace("二", "两")
        self._say(self._guide.openers)
        windows: list[Window] = []
        if form == "choose":
            self._choose(category, on_sale)
        elif form == "teach":
            self._script.say(category.pain, 1)
            self._say(self._guide.steps, 2)
            self._script.say(category.show, 2)
            self._say(self._guide.steps, 2)
        else:
            windows = [self._test(number, product) for number, product in enumerate(chosen, start=1)]
        self._say(self._guide.endings, 2)
        return windows

    def _choose(self, category: Category, on_sale: Sequence[Product]) -> None:
        self._script.say(category.pain, 1)
        kinds = self._rng.sample(category.kinds, min(len(category.kinds), self._rng.randint(*TAKEN)))
        for number, kind in enumerate(kinds, start=1):
            words = {"number": spoken_number(number), "noun": self._rng.choice(kind.noun)}
            words |= {name: self._rng.choice(said) for name, said in (("who", kind.who), ("use", kind.use)) if said}
            self._say(self._guide.kinds, 1, words)
            self._script.say(kind.talk, 1)
        for attribute, values in category.attrs.items():
            if attribute != "型号" and len(values) > 1:
                self._say(self._guide.attributes, 1, {"attribute": attribute, "values": " ".join(values)})
        prices = [product.price for product in on_sale]
        self._say(self._guide.prices, 1, {"low": spoken_price(min(prices)), "high": spoken_price(max(prices))})

    def _test(self, number: int, product: Product) -> Window:
        first, kind = len(self.lines), product.spu.kind
        noun = next((noun for noun in kind.noun if noun in product.title), kind.key)
        words = {"number": spoken_number(number), "noun": noun} | ({} if product.spu.brand else {"无牌": ""})
        self._script.say(self._guide.products, 1, product, words)
        self._script.say(self._facts, 1, product)
        self._script.say(kind.talk, 1)
        self._script.say(product.spu.category.show if kind.show is None else kind.show, 1)
        self._script.say(self._guide.prices, 1, product)
        self._say(self._guide.verdicts)
        return first, first, len(self.lines)

    def _say(self, lines: Sequence[str], count: int = 1, words: Mapping[str, str] | None = None) -> None:
        self._script.say(lines, count, None, self.words | dict(words or {}))
