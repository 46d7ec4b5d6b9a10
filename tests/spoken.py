"""A shop of six things and four videos, known by heart: what is said where, and what may not be seen."""

from __future__ import annotations

from pathlib import Path

from configs.settings import VIDEOS, Settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from indexer.videos.speech import Speech
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import make_backend
from tests import world
from tests.world import Row

PRODUCTS: tuple[Row, ...] = (
    {"id": "cup", "title": "希禾 316不锈钢保温杯 500ml 白色", "brand": "希禾", "price": 89},
    {"id": "pot", "title": "山风 焖烧壶 1L 大容量", "brand": "山风", "price": 129},
    {"id": "shoe", "title": "晋跑 男士缓震跑鞋 黑色 42码", "brand": "晋跑", "price": 299},
    {"id": "sock", "title": "竹间 中筒袜 5双装", "brand": "竹间", "price": 29},
    {"id": "mask", "title": "海盐 补水面膜 10片", "brand": "海盐", "price": 59},
    {"id": "gone", "title": "小蚁 加湿器 静音", "brand": "小蚁", "price": 99, "status": "off"},
)

VIDEO_ROWS: tuple[Row, ...] = (
    {
        "id": "v1", "title": "冬天喝热水", "creator": {"id": "c1", "name": "小周"},
        "published_at": "2026-01-02T00:00:00Z",
        "segments": [
            {"start": 0, "end": 6, "text": "冬天手脚冰凉，今天说两样东西。"},
            {"start": 6, "end": 16, "text": "希禾的保温杯，早上装的水晚上还烫嘴。"},
            {"start": 16, "end": 26, "text": "杯盖可以当小碗，露营也带着。"},
            {"start": 26, "end": 38, "text": "这个焖烧壶，出门前放米，中午就是粥。"},
        ],
        "products": [
            {"product_id": "cup", "start": 6, "end": 26}, {"product_id": "pot", "start": 26, "end": 38},
        ],
    },
    {
        "id": "v2", "title": "跑鞋怎么选", "creator": {"id": "c2", "name": "阿跑"},
        "segments": [
            {"start": 0, "end": 12, "text": "跑鞋怎么选，先看脚型，再看缓震。"},
            {"start": 12, "end": 30, "text": "扁平足要支撑，大体重要缓震。"},
        ],
    },
    {
        "id": "l1", "title": "晋跑专场", "kind": "live", "creator": {"id": "c2", "name": "阿跑"},
        "segments": [{"start": 0, "end": 20, "text": "这双跑鞋踩下去像弹簧，马拉松都能穿。"}],
        "products": [{"product_id": "shoe", "start": 0, "end": 20}],
    },
    {
        "id": "v3", "title": "卧室好物",
        "segments": [
            {"start": 0, "end": 15, "text": "小蚁的加湿器，开一夜也听不见声音。"},
            {"start": 15, "end": 40, "text": "睡前再敷一片面膜，海盐这个补水。"},
        ],
        "products": [
            {"product_id": "gone", "start": 0, "end": 15}, {"product_id": "mask", "start": 15, "end": 40},
        ],
    },
    {
        "id": "v4", "title": "下架的视频", "status": "off",
        "segments": [{"start": 0, "end": 20, "text": "竹间的袜子，一百块三打。"}],
        "products": [{"product_id": "sock", "start": 0, "end": 20}],
    },
)  # fmt: skip


def build(data_dir: Path, settings: Settings | None = None, *, videos: bool = True) -> RebuildReport:
    """Both are rebuilt and published, into `data_dir` unless `settings` name another backend."""
    settings = settings or world.settings(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    goods, clips = world.write(data_dir / "goods.jsonl", PRODUCTS), world.write(data_dir / "clips.jsonl", VIDEO_ROWS)
    plan = world.plan(data_dir, goods, videos=[clips] if videos else [])
    speech = Speech(VIDEOS) if videos else None
    return rebuild(
        plan, make_backend(settings), make_analyzer(settings), world.encoder_of(settings), world.Quiet(),
        make_learner(settings), None, speech,
    )  # fmt: skip
