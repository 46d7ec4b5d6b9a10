"""The event log: the visits of all shoppers over the last month, in time order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from demo.nouns import Product, Query, Shopper, Video
from demo.randomness import scaled, stream
from demo.records import Row
from demo.sessions import Act, Mall, visit
from demo.vocabulary import Vocabulary

EVENTS = 60_000
DAYS = 28
PAUSE_S = 900
"""A shopper's next visit begins at least this long after the last one ended."""
HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 6, 6, 6, 7, 9, 7, 6, 6, 6, 6, 8, 11, 14, 15, 12, 6)
"""Weights of the hours of the day: a bump at noon and a long evening."""


def make_events(
    vocabulary: Vocabulary,
    products: Sequence[Product],
    videos: Sequence[Video],
    shoppers: Sequence[Shopper],
    queries: Sequence[Query],
    *,
    seed: int,
    scale: float,
    now: datetime,
) -> list[Row]:
    """Event rows sorted by time; all rows of a session have its id and lie before ``now``."""
    mall = _open_mall(vocabulary, products, videos, queries)
    rows: list[tuple[datetime, str, Row]] = []
    for shopper, visits in _visits(mall, shoppers, scaled(EVENTS, scale), seed):
        free_from = now - timedelta(days=DAYS + 2)
        starts = sorted(_start(now, stream(seed, "start", shopper.id, number)) for number in range(len(visits)))
        for number, (start, acts) in enumerate(zip(starts, visits, strict=True)):
            begin = max(start, free_from)
            session_id = f"{shopper.id}-{number:04d}"
            for step, act in enumerate(acts):
                moment = begin + timedelta(seconds=act.offset)
                row = {"id": f"{session_id}-{step:03d}"} | _row(act, moment, shopper.id, session_id)
                rows.append((moment, session_id, row))
            free_from = begin + timedelta(seconds=acts[-1].offset + PAUSE_S)
    # Stable: the acts of one second keep their order.
    rows.sort(key=lambda row: row[:2])
    return [row for _, _, row in rows]


def _visits(mall: Mall, shoppers: Sequence[Shopper], count: int, seed: int) -> list[tuple[Shopper, list[list[Act]]]]:
    """Visits until there are ``count`` acts, the last one cut short; the more active come more often."""
    rng = stream(seed, "events")
    activity = [shopper.activity for shopper in shoppers]
    visits: dict[str, list[list[Act]]] = {shopper.id: [] for shopper in shoppers}
    while count > 0:
        shopper = rng.choices(shoppers, weights=activity)[0]
        acts = visit(shopper, mall, rng)[:count]
        visits[shopper.id].append(acts)
        count -= len(acts)
    return [(shopper, visits[shopper.id]) for shopper in shoppers]


def _start(now: datetime, rng: random.Random) -> datetime:
    midnight = (now - timedelta(days=1 + rng.randrange(1, DAYS))).replace(hour=0, minute=0, second=0, microsecond=0)
    hour = rng.choices(range(24), weights=HOURS)[0]
    return midnight + timedelta(hours=hour, seconds=rng.randrange(3600))


def _row(act: Act, moment: datetime, user_id: str, session_id: str) -> Row:
    return {
        "ts": moment.isoformat(),
        "user_id": user_id,
        "session_id": session_id,
        "type": act.type,
        "item_id": act.item_id,
        "kind": act.kind,
        "query": act.query,
        "position": act.position,
        "watch_s": act.watch_s,
        "surface": act.surface,
    }


def _open_mall(
    vocabulary: Vocabulary, products: Sequence[Product], videos: Sequence[Video], queries: Sequence[Query]
) -> Mall:
    shelves: dict[str, list[Product]] = {}
    for product in products:
        if product.status == "on":
            shelves.setdefault(product.spu.path, []).append(product)
    price_rank: dict[str, float] = {}
    for shelf in shelves.values():
        for rank, product in enumerate(sorted(shelf, key=lambda p: (p.price, p.id))):
            price_rank[product.id] = rank / max(1, len(shelf) - 1)
        shelf.sort(key=lambda p: (-p.sales_30d, p.id))
    words: dict[str, list[str]] = {}
    for department in vocabulary.departments:
        for category in department.categories:
            nouns = [noun for kind in category.kinds for noun in kind.noun]
            said = [name for kind in category.kinds for name in kind.say]
            words[f"{department.department}/{category.name}"] = [category.leaf, *nouns, *said]
    for query in queries:
        words[query.path].insert(1, query.text)
    shown: dict[str, list[Video]] = {}
    live: dict[str, list[Video]] = {}
    for video in videos:
        spu = video.showings[0].product.spu
        if video.status == "on" and video.kind == "video":
            shown.setdefault(spu.path, []).append(video)
        elif video.status == "on":
            live.setdefault(spu.department.department, []).append(video)
    return Mall(shelves, words, shown, live, price_rank)
