"""What a feed says of the products of a video: when each is shown, only which are for sale, or nothing.

As creators do it: some mark the times, more only fill the basket, also with what is not shown, and some do neither.
What is held back here is what links found in speech are judged by.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from demo.nouns import Product, Showing, Video
from demo.randomness import stream
from demo.records import Row

MARKED, FILLED = 0.35, 0.5
"""Shares of the videos with times, and with a basket alone; the others have neither."""
DISTRACTORS = (2, 3)
"""Products of a basket that are not shown."""


def told(videos: Sequence[Video], products: Sequence[Product], *, seed: int) -> dict[str, list[Row]]:
    """Video id → its products as the feed names them; empty where it names none."""
    on_sale: dict[str, list[str]] = {}
    for product in products:
        if product.status == "on":
            on_sale.setdefault(product.spu.department.department, []).append(product.id)
    return {video.id: _of_one(video, on_sale, seed) for video in videos}


def _of_one(video: Video, on_sale: dict[str, list[str]], seed: int) -> list[Row]:
    rng = stream(seed, "told", video.id)
    way = rng.random()
    if way < MARKED:
        return [{"product_id": one.product.id, "start": one.start, "end": one.end} for one in video.showings]
    if way > MARKED + FILLED or not video.showings:
        return []
    shown = dict.fromkeys(one.product.id for one in video.showings)
    others = [each for each in on_sale[video.creator.department.department] if each not in shown]
    basket = [*shown, *rng.sample(others, min(len(others), rng.randint(*DISTRACTORS)))]
    rng.shuffle(basket)
    return [{"product_id": each} for each in basket]


def judged_links(videos: Sequence[Video], told: dict[str, list[Row]]) -> list[Row]:
    """Of each video on show whose feed marks no times: its basket, None without, and when each product is shown."""
    return [
        {
            "id": video.id,
            "kind": video.kind,
            "title": video.title,
            "segments": [{"start": one.start, "end": one.end, "text": one.text} for one in video.segments],
            "basket": [each["product_id"] for each in told[video.id]] or None,
            "gold": [
                {"product_id": one.product.id, "ranges": [[one.start, one.end]], "best": list(one.best)}
                for one in video.showings
            ],
        }
        for video in videos
        if video.status == "on" and not any("start" in each for each in told[video.id])
    ]


def evidence_queries(videos: Sequence[Video], told: dict[str, list[Row]], *, seed: int) -> list[Row]:
    """For each short video with a basket alone: a query for what it shows first, and where that is said.

    The query is what a shopper would type: brand, noun and a fact, as the feed of products has them.
    """
    asked = []
    for video in videos:
        marked = any("start" in each for each in told[video.id])
        if video.kind == "video" and video.status == "on" and told[video.id] and not marked:
            first = video.showings[0]
            query = _query(first, stream(seed, "evidence", video.id))
            asked.append(
                {"query": query, "product_id": first.product.id, "video_id": video.id, "best": list(first.best)}
            )
    return asked


def _query(showing: Showing, rng: random.Random) -> str:
    spu = showing.product.spu
    noun = next((noun for noun in spu.kind.noun if noun in showing.product.title), spu.kind.key)
    facts = [value for value in (*spu.facts.values(), *showing.product.variant.values()) if value not in noun]
    return " ".join([*([spu.brand] if spu.brand else []), noun, *rng.sample(facts, min(len(facts), 1))])
