"""Explain, on a real index of documents with titles, brands and descriptions:

1. The contributions of the channels add up to the score, and so does what the weights make of the raw values.
2. The fields' shares add up to the BM25 score; a field without a match has none, nor has a document that words did not
   recall, though it may have one of them.
3. A rank is the channel's own, and None where it did not recall the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from configs.settings import load_settings
from retrieval.answer import Hit
from retrieval.encoders import open_encoder
from retrieval.engine import Engine
from retrieval.fusion.fusers import make_fuser
from retrieval.lists.arrange import ArrangeOptions, arrange
from retrieval.lists.explain import explain
from retrieval.lists.fuse import fuse
from retrieval.lists.score import score
from retrieval.request import SearchRequest
from retrieval.serving.understandings import words_only
from retrieval.types import Document, Sort
from retrieval.understanding.plan import Plan
from retrieval.wiring.options import engine_options
from tests.title_index import build_backend, built_in_analyzer
from tests.unit.retrieval.lists.test_select import FUSER, READER, both, lexical, selected, semantic

FIELDS = {"title": 1.0, "brand": 0.6, "description": 0.15}
WEIGHTS = {"lexical": 1.0, "semantic": 0.2}
RRF_K = 60
ROWS = [
    ("p1", "红色连衣裙夏季", "红豆", "红色雪纺，适合夏季。"),
    ("p2", "连衣裙", "红色小象", "红色"),
    ("p3", "蓝色半身裙", "海澜", "与红色连衣裙同款面料"),
    ("p4", "保温杯500ml", "膳魔师", ""),
    ("p5", "红色行李箱", "", ""),
]


def search(engine: Engine) -> list[Hit]:
    return list(engine.search(SearchRequest("红色连衣裙", explain=True)).hits)


@pytest.fixture(params=["weighted", "rrf"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    analyzer = built_in_analyzer()
    encoder = open_encoder("hashing", options={}, cache_dir=tmp_path, threads=1)
    documents = [
        Document(
            id=name,
            text={k: v for k, v in (("title", title), ("brand", brand), ("description", about)) if v},
            keywords={},
            numbers={},
            embedded_text=title,
            source=orjson.dumps({"id": name, "title": title}),
        )
        for name, title, brand, about in ROWS
    ]
    options = engine_options(load_settings())
    lexical = replace(options.lexical, fields=FIELDS, floor=0.0)
    lists = replace(options.lists, select=replace(options.lists.select, nearest=3))
    options = replace(options, lexical=lexical, lists=lists)
    backend = build_backend(tmp_path / "data", documents, analyzer, encoder)
    engine = Engine(
        backend, encoder, make_fuser(request.param, weights=WEIGHTS, k=RRF_K), options, words_only(analyzer)
    )
    yield engine
    engine.close()


def test_contributions_add_up_to_the_score(engine: Engine) -> None:
    hits = search(engine)
    assert len(hits) >= 4
    for hit in hits:
        assert hit.explain is not None
        parts = hit.explain.channels
        assert sum(float(part["contribution"] or 0) for part in parts.values()) == pytest.approx(hit.score, abs=1e-6)
        assert hit.explain.score == hit.score
        for name, given in parts.items():
            part = {key: float(value or 0) for key, value in given.items()}
            if "rank)" in hit.explain.formula:
                expected = 1 / (RRF_K + part["rank"]) if part["rank"] else 0.0
            else:
                expected = WEIGHTS[name] * (part["value"] - part["centre"]) / part["unit"]
            assert part["contribution"] == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_fields_add_up_to_bm25(engine: Engine) -> None:
    for hit in search(engine):
        assert hit.explain is not None
        fields = hit.explain.fields
        assert sum(fields.values()) == pytest.approx(hit.explain.channels["lexical"]["value"], rel=1e-5)
        assert all(share > 0 for share in fields.values())
        named = {
            name
            for name, text in zip(FIELDS, ROWS[int(hit.id[1:]) - 1][1:], strict=True)
            if set(text) & set("红色连衣裙")
        }
        assert set(fields) == named


def test_ranks(engine: Engine) -> None:
    hits = search(engine)
    for channel, recalled in (("lexical", {"p1", "p2", "p3", "p5"}), ("semantic", None)):
        ranks = {hit.id: hit.explain.channels[channel]["rank"] for hit in hits if hit.explain}
        given = sorted(rank for rank in ranks.values() if rank is not None)
        assert given == list(range(1, len(given) + 1))
        assert recalled is None or {name for name, rank in ranks.items() if rank} == recalled
    assert sum(hit.explain.channels["semantic"]["rank"] is not None for hit in hits if hit.explain) == 3


def test_what_words_did_not_recall() -> None:  # 2
    """p3 is the nearest and has one of two words, which is below the floor."""
    matches = both(lexical(floor=0.6), semantic())
    chosen = selected(matches)
    fused = fuse(READER.reader, matches, chosen, FUSER)
    scored = score(READER.reader, chosen, fused, Plan("", built_in_analyzer().query("")), None, deny=True)
    arranged = arrange(READER.reader, scored, Sort.RELEVANCE, ArrangeOptions(False, 0, 0, 0.0))
    found = explain(READER.reader, matches, arranged, range(len(scored.rows)), FUSER)
    parts = {READER.items[row].id: part for row, part in zip(arranged.list.rows.tolist(), found, strict=True)}
    assert {name: dict(part.fields) for name, part in parts.items()} == {
        "p1": {"title": 2}, "p2": {"title": 2}, "p3": {}, "p4": {},
    }  # fmt: skip
    assert [parts["p3"].channels[name]["rank"] for name in ("lexical", "semantic")] == [None, 1]
    assert parts["p3"].channels["lexical"]["value"] == 0
    only = explain(READER.reader, both(None, semantic()), arranged, range(1), FUSER)
    assert only[0].fields == {}
