"""A mall in which every product, video and shop can be told by a code, and what of it can be taken down.

A code (``qq07zz``) stands in the title, the picture and the id of a product, in the title, the speech and the id of a
video, in the name of a shop or brand, and nowhere else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from configs.settings import VIDEOS, Settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from indexer.videos.speech import Speech
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import make_backend
from tests import world
from tests.world import Row

PRODUCTS, VIDEOS_MADE, SHOPS, BRANDS = 48, 8, 4, 6
NOUNS = ("保温杯", "焖烧壶", "跑鞋", "中筒袜", "补水面膜", "加湿器")
WORD = "钢珠"
"""Stands in the title of every eighth product."""
CODE = re.compile(r"[a-z]{2}\d\d[a-z]{2}")
USERS = ("u1", "u2", "u3", "u4", "u5", "u6")


def product_code(number: int) -> str:
    return f"qq{number:02d}zz"


def video_code(number: int) -> str:
    return f"vv{number:02d}xx"


def shop_code(number: int) -> str:
    return f"ss{number:02d}yy"


def products() -> list[Row]:
    """Of `NOUNS`, `BRANDS` and `SHOPS` in turn."""
    return [
        {
            "id": product_code(n), "title": f"{brand_of(n)}{WORD if n % 8 == 0 else ''}{noun_of(n)} {product_code(n)}",
            "brand": brand_of(n), "category": ["百货", noun_of(n)], "price": 20 + n, "sales_30d": 10 * n, "stock": 9,
            "shop": {"id": f"shop{n % SHOPS}", "name": f"{shop_code(n % SHOPS)}店"}, "spu_id": f"spu{n // 2}",
            "rating": 4.8, "reviews": 100, "images": [f"/pictures/{product_code(n)}.jpg"],
            "created_at": 1_700_000_000 + n,
        }
        for n in range(PRODUCTS)
    ]  # fmt: skip


def noun_of(number: int) -> str:
    return NOUNS[number % len(NOUNS)]


def brand_of(number: int) -> str:
    return f"bb{number % BRANDS:02d}cc"


def videos() -> list[Row]:
    """Each shows two products, and one of three is a livestream."""
    made = []
    for n in range(VIDEOS_MADE):
        shown = (n, n + VIDEOS_MADE)
        made.append({
            "id": video_code(n), "title": f"{noun_of(n)}怎么选 {video_code(n)}", "kind": "video" if n % 3 else "live",
            "creator": {"id": f"maker{n % 4}", "name": f"阿{'甲乙丙丁'[n % 4]}"},
            "segments": [
                {"start": 10 * at, "end": 10 * at + 9, "text": f"这个{noun_of(product)}真好用，{video_code(n)}试过。"}
                for at, product in enumerate(shown)
            ],
            "products": [
                {"product_id": product_code(product), "start": 10 * at, "end": 10 * at + 9}
                for at, product in enumerate(shown)
            ],
        })  # fmt: skip
    return made


def events(now: float) -> list[Row]:
    """Every shopper looked at, bought and searched a few things, and watched videos."""
    rng, rows = random.Random(7), list[Row]()
    for user in USERS:
        at = now - 86_400.0
        for n in sorted(rng.sample(range(PRODUCTS), 24)):
            at += 20
            rows.append({"user_id": user, "type": "click", "kind": "product", "item_id": product_code(n), "ts": at})
            if n % 3 == 0:
                rows.append(
                    {"user_id": user, "type": "order", "kind": "product", "item_id": product_code(n), "ts": at + 5}
                )
        for n in range(VIDEOS_MADE):
            at += 60
            watched = {"type": "watch", "kind": "video", "item_id": video_code(n), "watch_s": 30}
            rows.append({"user_id": user, "ts": at, **watched})
            rows.append({"user_id": user, "type": "search", "query": noun_of(n), "ts": at + 10})
            rows.append({"user_id": user, "type": "search", "query": f"{WORD}{noun_of(n)}", "ts": at + 20})
    return rows


def build(data: Path, settings: Settings) -> str:
    """Builds and publishes a generation; its name."""
    data.mkdir(parents=True, exist_ok=True)
    goods, clips = world.write(data / "goods.jsonl", products()), world.write(data / "clips.jsonl", videos())
    plan = world.plan(data, goods, videos=[clips])
    report = rebuild(
        plan, make_backend(settings), make_analyzer(settings), world.encoder_of(settings), world.Quiet(),
        make_learner(settings), None, Speech(VIDEOS),
    )  # fmt: skip
    return str(report.generation)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Something that can be taken down.

    Attributes:
        body: as it is posted; codes: what may not be in an answer then.
    """

    body: Mapping[str, str]
    codes: frozenset[str]

    @property
    def target(self) -> str:
        return f"{self.body['kind']}:{self.body['value']}"


def withdrawals() -> list[Withdrawal]:
    """Of every kind that takes documents down."""

    def having(which: Callable[[Row], bool], *more: str) -> frozenset[str]:
        return frozenset(str(row["id"]) for row in products() if which(row)) | frozenset(more)

    def made_by(maker: str) -> frozenset[str]:
        return frozenset(row["id"] for row in videos() if row["creator"]["id"] == maker)

    each = [Withdrawal({"kind": "product", "value": product_code(n)}, frozenset({product_code(n)})) for n in range(12)]
    each += [
        Withdrawal({"kind": "spu", "value": f"spu{n}"}, having(lambda row, n=n: row["spu_id"] == f"spu{n}"))  # type: ignore[misc]
        for n in (8, 9)
    ]
    each += [
        Withdrawal({"kind": "shop", "value": "shop3"}, having(lambda row: row["shop"]["id"] == "shop3", shop_code(3))),
        Withdrawal({"kind": "brand", "value": "BB05cc"}, having(lambda row: row["brand"] == "bb05cc", "bb05cc")),
        Withdrawal({"kind": "video", "value": video_code(3)}, frozenset({video_code(3)})),
        Withdrawal({"kind": "video", "value": video_code(4)}, frozenset({video_code(4)})),
        Withdrawal({"kind": "creator", "value": "maker1"}, made_by("maker1")),
        Withdrawal({"kind": "word", "value": WORD}, having(lambda row: WORD in row["title"], WORD)),
    ]
    return each
