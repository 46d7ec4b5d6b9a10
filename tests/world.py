"""A mall of a few hundred varied products, and the parts to index and search it, for tests that need more than twelve.

Titles share words, brands, shops and prices, values are missing here and there, and some titles stand twice, so that
lists have ties, gaps and every kind of facet. The same seed gives the same rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from configs.settings import Settings, load_settings
from indexer.checks.context import Gates
from indexer.documents.analysed import Analysed, analysed
from indexer.learning.opening import make_learner
from indexer.rebuild import RebuildPlan, rebuild
from indexer.report import RebuildReport
from indexer.sources.records import Product
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.engine import Engine
from retrieval.protocols import Encoder
from retrieval.wiring import make_analyzer, make_encoder, open_engine

Row = dict[str, Any]

_KINDS = (
    (("女装", "裙装", "连衣裙"), ("连衣裙", "长裙", "碎花裙"), ("法式", "显瘦", "红色", "蓝色", "白色"), (49, 399)),
    (("女装", "裙装", "半身裙"), ("半身裙", "百褶裙"), ("高腰", "显瘦", "黑色", "红色"), (39, 259)),
    (("男装", "衬衫"), ("衬衫", "牛津纺衬衫"), ("修身", "免烫", "白色", "蓝色"), (59, 299)),
    (("厨具", "水具", "保温杯"), ("保温杯", "保温壶"), ("316不锈钢", "大容量", "便携", "白色"), (29, 199)),
    (("厨具", "锅具"), ("炒锅", "不粘锅", "汤锅"), ("家用", "加厚", "大容量"), (69, 899)),
    (("食品", "茶"), ("绿茶", "龙井茶", "红茶"), ("明前", "礼盒装", "特级"), (19, 1299)),
    (("数码", "耳机"), ("蓝牙耳机", "降噪耳机"), ("入耳式", "长续航", "白色", "黑色"), (79, 3999)),
    (("家居", "四件套"), ("四件套", "纯棉四件套"), ("加厚", "亲肤", "蓝色"), (99, 999)),
)
_BRANDS = ("花田", "山风", "恒温", "茶里", "小蚁", "Nord", "竹间", "海盐")
_SHOPS = ("旗舰店", "专营店", "小店")
_SIZES = ("500ml", "750ml", "1L", "XL", "2件装", "1.8m", "28cm", "A5", "V2")
_LABELS = ("新品", "热卖", "限时", "官方补贴")
_SERVICES = ("包邮", "七天无理由", "运费险")


def products(count: int = 500, *, seed: int = 1) -> list[Row]:
    """Rows of an input file; every seventh lacks a value of each kind at random, every twentieth title is a repeat."""
    rng = random.Random(seed)
    rows: list[Row] = []
    for number in range(count):
        category, nouns, all_words, (low, high) = rng.choice(_KINDS)
        brand = rng.choice(_BRANDS)
        words = tuple(rng.sample(all_words, rng.randint(1, 3)))
        title = f"{brand}{''.join(words)}{rng.choice(nouns)} {rng.choice(_SIZES)}"
        row: Row = {
            "id": f"p{rng.randrange(10**6):06d}-{number}",
            "title": rng.choice(rows)["title"] if rows and number % 20 == 0 else title,
            "brand": brand,
            "category": list(category),
            "price": rng.randint(low, high) - rng.choice((0, 0.01, 0.1, 0.5)),
            "sales_30d": rng.choice((0, 5, 5, 80, 1200, rng.randrange(10_000))),
            "stock": rng.choice((0, 1, 40)),
            "shop": {"name": f"{brand}{rng.choice(_SHOPS)}"},
            "labels": rng.sample(_LABELS, rng.randint(0, 2)),
            "services": rng.sample(_SERVICES, rng.randint(0, 3)),
            "attributes": {"颜色": [w for w in words if w.endswith("色")] or ["杂色"], "规格": rng.choice(_SIZES)},
            "created_at": 1_700_000_000 + rng.randrange(1000) * 86_400,
            "description": f"{rng.choice(nouns)}，{rng.choice(('送妈妈', '通勤', '露营', '办公室'))}都合适",
        }
        for name in [n for n in row if n not in ("id", "title") and rng.random() < 1 / 7]:
            del row[name]
        if number % 7:
            row["rating"] = 3.5 + number % 16 / 10
        rows.append(row)
    return rows


def analysed_of(row: Row) -> Analysed:
    """The product of a row, as it is written and learned from."""
    return analysed(Product.model_validate(row), make_analyzer(load_settings()))


def write(path: Path, rows: Iterable[Row]) -> Path:
    """Rows as JSON lines."""
    path.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
    return path


def settings(data_dir: Path, *overrides: str) -> Settings:
    """The defaults with the encoder that needs no files, 32 wide."""
    return load_settings(overrides=["encoder.name=hashing", "encoder.options={dim: 32}", *overrides], data_dir=data_dir)


def encoder_of(of: Settings) -> Encoder:
    """The encoder of these settings."""
    encoder = make_encoder(of, threads=1)
    assert encoder is not None
    return encoder


class Quiet:
    """An observer that only remembers the stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, name: str, total: int) -> None:
        self.stages.append(name)

    def advance(self, read_bytes: int, documents: int) -> None:
        pass


LIGHT = Gates(kept_ids=0, samples=100, analysed=5, latency_ratio=0)
"""All checks, on few products: tests rebuild a thousand times, and any catalogue after any other."""


def plan(data_dir: Path, *products: Path, **changes: Any) -> RebuildPlan:
    """A rebuild of these files in small batches."""
    folders = {"rejects_dir": data_dir / "rejects", "cache_dir": data_dir / "cache", "gates": LIGHT}
    return RebuildPlan(**{"products": products, "batch": 64, **folders, **changes})


def publish(data_dir: Path, rows: Iterable[Row], **changes: Any) -> RebuildReport:
    """Builds and publishes a generation of `rows`, with default settings."""
    of = settings(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    file = write(data_dir / "products.jsonl", rows)
    return rebuild(
        plan(data_dir, file, **changes),
        EmbeddedBackend(data_dir),
        make_analyzer(of),
        encoder_of(of),
        Quiet(),
        make_learner(of),
    )


def engine(data_dir: Path) -> Engine:
    """A service over what was published, with default settings."""
    return open_engine(settings(data_dir))
