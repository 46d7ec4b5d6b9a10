"""A small catalogue that understanding learns from, and the built-in words of entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from configs.settings import LEXICON
from indexer.learning.learner import Learner
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.segment import Segmenter, open_segmenter
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.entities import Tagger
from retrieval.understanding.reading.entity_lexicon import EntityLexicon, load_entity_lexicon

RECORDS: tuple[Mapping[str, Any], ...] = (
    {
        "title": "云杉 保温杯 500ml",
        "brand": "云杉（YUNSHAN）",
        "category": ["厨具", "杯子"],
        "shop": {"name": "云杉旗舰"},
    },
    {"title": "云杉 保温杯 1升 大容量", "brand": "云杉（YUNSHAN）", "category": ["厨具", "杯子"]},
    {"title": "青禾 炒锅 32cm", "brand": "青禾", "category": ["厨具", "锅"], "attributes": {"材质": ["304不锈钢"]}},
    {"title": "碎花 连衣裙 夏", "brand": "其他", "category": ["女装", "连衣裙"], "attributes": {"颜色": ["红", "蓝"]}},
    {"title": "法式 连衣裙 红色", "brand": None, "category": ["女装", "连衣裙"]},
    {"title": "美的（Midea）电饭煲 4L", "category": ["厨具", "锅"]},
)


@cache
def segmenter() -> Segmenter:
    return open_segmenter("auto", load_lexicon(LEXICON).user_words)


@cache
def quantities() -> Quantities:
    return Quantities(load_lexicon(LEXICON).units)


@cache
def words() -> EntityLexicon:
    return load_entity_lexicon(LEXICON / "entities")


def learner() -> Learner:
    return Learner(segmenter(), quantities(), words())


def learned(records: Iterable[Mapping[str, Any]] = RECORDS, queries: Mapping[str, int] | None = None) -> Knowledge:
    new = learner()
    for record in records:
        new.add(record)
    for query, count in (queries or {}).items():
        new.add_query(query, count)
    return new.finish()


@cache
def tagger() -> Tagger:
    return Tagger(learned(), words(), segmenter(), quantities())


def tags(query: str) -> list[tuple[str, str]]:
    """Each tagged piece of a query as it is typed, with its kind."""
    text = " ".join(normalize(query).split())
    return [(text[e.start : e.end], e.kind.value) for e in tagger().tag(text)]
