"""Short videos and livestreams: who made them, what is said when, and which products are on the screen meanwhile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from demo.nouns import Creator, Product, Segment, Showing, Video
from demo.randomness import around, deal, heavy_tail, scaled, stream
from demo.speech import Script, draw_manner, fill, sayable, spoken_words, transcribe
from demo.vocabulary import Vocabulary

SHORT_VIDEOS, LIVESTREAMS = 400, 16
LIVE_PRODUCTS = (10, 18)
RECENT_DAYS = 180

Window = tuple[int, int, int]
"""Lines in which a product is shown: the first, the one that names it, and the one after the last."""


def make_videos(
    vocabulary: Vocabulary, products: Sequence[Product], *, seed: int, scale: float, now: datetime
) -> list[Video]:
    """All short videos, then all livestreams. Every video shows products that are on sale, in spoken order."""
    creators = creators_of(vocabulary)
    shelf = shelf_of(products)
    rng = stream(seed, "videos")
    videos = [
        _video(f"v{number:05d}", "video", chosen, creators, vocabulary, seed, now)
        for number, chosen in enumerate(_short_line_ups(shelf, scaled(SHORT_VIDEOS, scale), rng))
    ]
    videos += [
        _video(f"l{number:05d}", "live", chosen, creators, vocabulary, seed, now)
        for number, chosen in enumerate(_live_line_ups(shelf, list(creators), scaled(LIVESTREAMS, scale), rng))
    ]
    return videos


def creators_of(vocabulary: Vocabulary) -> dict[str, list[Creator]]:
    """Department → who makes videos in it."""
    return {
        department.department: [
            Creator(f"c{number:02d}{place:02d}", name, department) for place, name in enumerate(department.creators)
        ]
        for number, department in enumerate(vocabulary.departments)
    }


def shelf_of(products: Sequence[Product]) -> dict[tuple[str, str], list[Product]]:
    """One product on sale of each SPU, by (category path, kind)."""
    shelf: dict[tuple[str, str], list[Product]] = {}
    for product in {product.spu.id: product for product in products if product.status == "on"}.values():
        shelf.setdefault((product.spu.path, product.spu.kind.key), []).append(product)
    return shelf


def _short_line_ups(shelf: dict[tuple[str, str], list[Product]], count: int, rng: random.Random) -> list[list[Product]]:
    """One product in four of five short videos, two or three of one category in the rest; every kind has its turn."""
    line_ups = []
    for path, kind in deal(list(shelf), count, rng):
        chosen = [rng.choice(shelf[path, kind])]
        others = [key for key in shelf if key[0] == path and key[1] != kind]
        if others and rng.random() < 0.2:
            chosen += [rng.choice(shelf[key]) for key in rng.sample(others, min(len(others), rng.randint(1, 2)))]
        line_ups.append(chosen)
    return line_ups


def _live_line_ups(
    shelf: dict[tuple[str, str], list[Product]], departments: list[str], count: int, rng: random.Random
) -> list[list[Product]]:
    """Livestreams go through one department, kind by kind."""
    line_ups = []
    for department in deal(departments, count, rng):
        keys = [key for key in shelf if key[0].split("/")[0] == department]
        picked = rng.sample(keys, min(len(keys), rng.randint(*LIVE_PRODUCTS)))
        line_ups.append([rng.choice(shelf[key]) for key in picked])
    return line_ups


def _video(
    video_id: str,
    form: str,
    products: list[Product],
    creators: dict[str, list[Creator]],
    vocabulary: Vocabulary,
    seed: int,
    now: datetime,
) -> Video:
    rng = stream(seed, "video", video_id)
    department, speech = products[0].spu.department, vocabulary.speech
    script = Script(speech, rng)
    windows = _live(script, products, rng, vocabulary) if form == "live" else _short(script, products, rng, vocabulary)
    segments = transcribe(script.lines, draw_manner(rng, live=form == "live"), speech.misheard, rng)
    showings = shown(products, windows, segments)
    published = draw_published(products, now, rng)
    stats = draw_stats(3_000.0 if form == "video" else 8_000.0, rng)
    title = _title(form, products[0], script.lines[0], vocabulary, rng)
    creator = rng.choice(creators[department.department])
    status = "off" if rng.random() < 0.03 else "on"
    return Video(video_id, title, creator, form, segments, showings, published, stats, status)


def shown(products: Sequence[Product], windows: Sequence[Window], segments: Sequence[Segment]) -> tuple[Showing, ...]:
    """The products in their windows, which are lines and so segments."""
    return tuple(
        Showing(product, segments[first].start, segments[end - 1].end, (named, min(named + 1, end - 1)))
        for product, (first, named, end) in zip(products, windows, strict=True)
    )


def draw_published(products: Sequence[Product], now: datetime, rng: random.Random) -> datetime:
    """A time of the last half year at which all the products were listed."""
    earliest = max([now - timedelta(days=RECENT_DAYS), *(product.spu.created_at for product in products)])
    return earliest + timedelta(seconds=int((now - earliest).total_seconds() * rng.random()))


def draw_stats(median: float, rng: random.Random) -> dict[str, int]:
    """Views, of which half of all videos have fewer than ``median``, and what comes of them."""
    views = 50 + int(heavy_tail(median, 5_000_000.0, rng))
    return {
        "views": views,
        "likes": int(views * around(0.005, 0.08, rng)),
        "comments": int(views * around(0.0, 0.01, rng)),
        "shares": int(views * around(0.0, 0.008, rng)),
    }


def _short(script: Script, products: list[Product], rng: random.Random, vocabulary: Vocabulary) -> list[Window]:
    own, shared = products[0].spu.department.openers, vocabulary.speech.openers
    script.say(own if rng.random() < 0.35 else shared, 1)
    windows = []
    for product in products:
        first = len(script.lines)
        named = script.present(product, thorough=False)
        windows.append((first, named, len(script.lines)))
    script.say(vocabulary.speech.calls, rng.randint(1, 2), products[-1])
    return windows


def _live(script: Script, products: list[Product], rng: random.Random, vocabulary: Vocabulary) -> list[Window]:
    speech = vocabulary.speech
    script.say(speech.welcome, rng.randint(4, 7))
    script.say(products[0].spu.department.openers, 1)
    windows = []
    for number, product in enumerate(products):
        script.say(speech.chatter, rng.randint(0, 1))
        script.say(speech.next_up, 1 if number else 0)
        first = len(script.lines)
        named = script.present(product, thorough=True)
        windows.append((first, named, len(script.lines)))
    script.say(speech.farewell, rng.randint(2, 4))
    return windows


def _title(form: str, product: Product, opener: str, vocabulary: Vocabulary, rng: random.Random) -> str:
    speech, words = vocabulary.speech, spoken_words(product, rng)
    pool = speech.live_titles if form == "live" else speech.video_titles
    fitting = [line for line in pool if sayable(line, words)]
    head = opener if form == "video" and rng.random() < 0.25 else fill(rng.choice(fitting), words)
    tags = rng.sample(speech.tags, rng.randint(0, 3))
    if rng.random() < 0.5:
        tags.append(product.spu.category.leaf if form == "video" else product.spu.department.department)
    return " ".join([head, *(f"#{tag}" for tag in tags)])
