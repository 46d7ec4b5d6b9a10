"""Make the demo mall: a catalogue, videos, shoppers, their month of events, and judged queries, from one seed.

products.jsonl  videos.jsonl  shoppers.jsonl  events.jsonl   one JSON object a line
recommended.json                                             six shoppers to begin with, named by their taste
queries.tsv     qid <TAB> query
qrels           TREC: qid 0 product_id grade (1-3; what is not listed is 0)
guides.tsv  guides.qrels   the same for queries that videos answer, and videos
linked.jsonl    speech of videos whose times are not told: which products are shown when
evidence.jsonl  queries for products, and the moment of a video that should stand beside; both for `xunhuo eval moments`
personal.jsonl  personal.qrels   the same for queries of shoppers: who asks what, when and in which band
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from demo.events import make_events
from demo.guides import make_guides
from demo.judgments import make_queries
from demo.nouns import Query
from demo.personal import ShopperQuery, make_shopper_queries
from demo.products import make_products
from demo.recommended import recommended
from demo.records import Row, product_row, shopper_row, video_row
from demo.shoppers import make_shoppers
from demo.shops import ShopBook
from demo.spus import make_spus
from demo.told import evidence_queries, judged_links, told
from demo.videos import make_videos
from demo.vocabulary import load_vocabulary
from retrieval.errors import InputError

SEED = 20260101
NOW = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))
SCALES = (0.01, 100.0)


def midnight() -> datetime:
    """The beginning of today: what shoppers did before it is fresh, and the same all day."""
    return datetime.now(NOW.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """How much of everything was written to ``folder``."""

    folder: Path
    products: int
    spus: int
    categories: int
    shops: int
    videos: int
    guides: int
    livestreams: int
    shoppers: int
    events: int
    queries: int
    judgments: int


def generate(
    out: Path, *, seed: int = SEED, scale: float = 1.0, now: datetime = NOW, until: datetime | None = None
) -> DemoSummary:
    """Write the demo mall into the folder ``out`` (made if absent, files of the same name replaced).

    The same ``seed``, ``scale`` and ``now`` (aware) give the same bytes on any machine. ``scale`` multiplies SPUs per
    kind, videos, shoppers and events, each at least one; queries that no product answers at a small scale are left
    out. The month of events ends before ``until``, else before ``now``. Raises `InputError` for a scale outside
    `SCALES`, a naive ``now`` or a folder that cannot be written.
    """
    if not SCALES[0] <= scale <= SCALES[1]:
        raise InputError(f"scale must be within {SCALES[0]}-{SCALES[1]}, got {scale}", field="scale")
    if now.tzinfo is None:
        raise InputError("now must have a time zone", field="now", hint="pass datetime(..., tzinfo=...)")
    vocabulary = load_vocabulary()
    shops = ShopBook(seed, vocabulary.shop_words)
    spus = make_spus(vocabulary, shops, seed=seed, scale=scale, now=now)
    products = make_products(spus, seed=seed, now=now)
    videos = make_videos(vocabulary, products, seed=seed, scale=scale, now=now)
    guides, guide_queries = make_guides(vocabulary, products, videos, seed=seed, now=now)
    all_videos = [*videos, *guides]
    named = told(all_videos, products, seed=seed)
    shoppers = make_shoppers(vocabulary, seed=seed, scale=scale)
    queries = make_queries(vocabulary, products, seed=seed)
    ends = until or now
    asked = make_shopper_queries(products, shoppers, queries, seed=seed, scale=scale, now=ends)
    events = make_events(vocabulary, products, videos, shoppers, queries, seed=seed, scale=scale, now=ends)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write_rows(out / "products.jsonl", (product_row(product, seed=seed) for product in products))
        _write_rows(out / "videos.jsonl", (video_row(video, named[video.id]) for video in all_videos))
        _write_rows(out / "linked.jsonl", judged_links(all_videos, named))
        _write_rows(out / "evidence.jsonl", evidence_queries(videos, named, seed=seed))
        _write_lines(out / "guides.tsv", (f"{query.id}\t{query.text}" for query in guide_queries))
        _write_lines(out / "guides.qrels", _qrels(guide_queries))
        _write_rows(out / "shoppers.jsonl", (shopper_row(shopper) for shopper in shoppers))
        _write_rows(out / "events.jsonl", events)
        _write_lines(out / "recommended.json", [json.dumps(recommended(shoppers, events), ensure_ascii=False)])
        _write_lines(out / "queries.tsv", (f"{query.id}\t{query.text}" for query in queries))
        _write_lines(out / "qrels", _qrels(queries))
        _write_rows(out / "personal.jsonl", (one.row() for one in asked))
        _write_lines(out / "personal.qrels", _qrels(asked))
    except OSError as error:
        raise InputError(f"cannot write the demo mall: {error}", field=str(out)) from error
    return DemoSummary(
        folder=out,
        products=len(products),
        spus=len({product.spu.id for product in products}),
        categories=len({product.spu.path for product in products}),
        shops=len(shops),
        videos=sum(video.kind == "video" for video in videos),
        guides=len(guides),
        livestreams=sum(video.kind == "live" for video in videos),
        shoppers=len(shoppers),
        events=len(events),
        queries=len(queries),
        judgments=sum(len(query.grades) for query in queries),
    )


def _qrels(queries: Sequence[Query | ShopperQuery]) -> Iterable[str]:
    for query in queries:
        for product_id, grade in query.grades.items():
            yield f"{query.id} 0 {product_id} {grade}"


def _write_rows(path: Path, rows: Iterable[Row]) -> None:
    _write_lines(path, (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
