"""What a catalogue of 71,643 real products teaches, on real queries and titles:

1. Of the hand-tagged values of real queries ≥ 80 % are found with a kind that means what their attribute means: more
   than half of the value's characters stand in entities of those kinds. Attributes are named as loosely as annotators
   do (iqoo is 品牌 in one row and 产品名 in the next, 全自动 is 款式, 折叠 is 功能), so any kind of `MEANT` will do.
2. Of the hand-tagged products in 500 real titles ≥ 65 % are touched, and ≥ 70 % of the tagged products touch one.
3. Of 2,000 real shopping queries ≤ 1 % are judged not to be shopping, and ≤ 2 % to want content; of 2,000 queries to a
   video site ≥ 15 % are one or the other.
4. A query that names more has the stronger intent in ≥ 80 % of 500 pairs of a real query and its head noun.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import orjson
import pytest

from configs.settings import LEXICON
from indexer.learning.learner import Learner
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize, normalize_aligned
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.segment import open_segmenter
from retrieval.understanding.kinds import IntentKind, Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity, Intent
from retrieval.understanding.reading.categories import CategoryModel
from retrieval.understanding.reading.entities import Tagger
from retrieval.understanding.reading.entity_lexicon import load_entity_lexicon
from retrieval.understanding.reading.intent import IntentModel
from tests.real.catalogue import drawn, real_queries

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

_DESCRIBES = {Kind.STYLE, Kind.FUNCTION, Kind.SIZE, Kind.SPECIFICATION}
MEANT = {
    "品牌": {Kind.BRAND},
    "产品": {Kind.PRODUCT, Kind.MODEL, Kind.BRAND},
    "系列": {Kind.PRODUCT, Kind.MODEL, Kind.BRAND},
    "型号": {Kind.MODEL, Kind.SPECIFICATION},
    "规格": {Kind.SPECIFICATION, Kind.SIZE, Kind.CAPACITY, Kind.MODEL},
    "人群": {Kind.AUDIENCE, Kind.PRODUCT},
    "材质": {Kind.MATERIAL},
    "颜色": {Kind.COLOR},
    "场景": {Kind.SCENE},
    "时间": {Kind.SEASON, Kind.SCENE},
    "季节": {Kind.SEASON},
    "功能": _DESCRIBES,
    "款式": _DESCRIBES,
    "口语": {Kind.NOISE, *_DESCRIBES},
}
"""Start or part of an attribute's name → kinds that mean it; other attributes (风味, 图案, …) describe: style."""


class Understanding:
    """The models over the real catalogue, without a query log."""

    def __init__(self, folder: Path) -> None:
        lexicon = load_lexicon(LEXICON)
        words, quantities = load_entity_lexicon(LEXICON / "entities"), Quantities(lexicon.units)
        segmenter = open_segmenter("auto", lexicon.user_words)
        learner = Learner(segmenter, quantities, words)
        with gzip.open(folder / "catalog" / "products.jsonl.gz") as file:
            for line in file:
                learner.add(orjson.loads(line))
        self.knowledge = Knowledge.from_bytes(learner.finish().to_bytes())
        self.tagger = Tagger(self.knowledge, words, segmenter, quantities)
        self._categories = CategoryModel(self.knowledge)
        self._intents = IntentModel(self.knowledge, words)
        self._cut = segmenter.cut

    def tag(self, query: str) -> tuple[Entity, ...]:
        return self.tagger.tag(plain(query))

    def judge(self, query: str) -> Intent:
        text = plain(query)
        entities = self.tagger.tag(text)
        return self._intents.judge(text, entities, self._categories.predict(self._cut(text), text))


def plain(text: str) -> str:
    return " ".join(normalize(text).split())[:128]


@cache
def understanding(folder: Path) -> Understanding:
    return Understanding(folder)


def covered(entities: Sequence[Entity], start: int, end: int, kinds: set[Kind]) -> bool:
    inside = sum(max(0, min(end, e.end) - max(start, e.start)) for e in entities if e.kind in kinds)
    return inside * 2 > end - start


def test_values_of_attributes(real_data: Path) -> None:
    known = understanding(real_data)
    rows = (real_data / "relevance" / "ecomqa_query_attribute_dev.jsonl").read_bytes().splitlines()
    missed = []
    for row in map(orjson.loads, rows):
        text, value = plain(row["query"]), plain(row["value"])
        kinds = next((kinds for part, kinds in MEANT.items() if part in row["attribute"]), {Kind.STYLE})
        # A value may be written without the blanks of its query.
        places = [i for i, char in enumerate(text) if char != " "]
        at = text.replace(" ", "").find(value) if value else -1
        start, end = (places[at], places[at + len(value) - 1] + 1) if at >= 0 else (0, 0)
        if not covered(known.tag(text), start, end, kinds):
            missed.append((row["query"], row["attribute"], row["value"]))
    assert len(missed) <= 0.2 * len(rows), missed


def test_products_in_titles(real_data: Path) -> None:
    known = understanding(real_data)
    with gzip.open(real_data / "spans" / "taobao_title_ner.jsonl.gz") as file:
        rows = [row for row in map(orjson.loads, file) if any(kind == "HCCX" for _, _, kind, _ in row["entities"])]
    gold = found = tagged = right = 0
    for row in rows[:: len(rows) // 500]:
        normalized, origin = normalize_aligned(row["title"])
        entities = known.tagger.tag(normalized)
        products = [(origin[e.start], origin[e.end]) for e in entities if e.kind is Kind.PRODUCT]
        spans = [(start, end) for start, end, kind, _ in row["entities"] if kind == "HCCX"]
        gold += len(spans)
        found += sum(any(s < end and start < e for s, e in products) for start, end in spans)
        everything = [(start, end) for start, end, _, _ in row["entities"]]
        judged = [(s, e) for s, e in products if any(s < end and start < e for start, end in everything)]
        tagged += len(judged)
        right += sum(any(s < end and start < e for start, end in spans) for s, e in judged)
    assert found >= 0.65 * gold, (found, gold)
    assert right >= 0.70 * tagged, (right, tagged)


def test_shopping_and_not(real_data: Path) -> None:
    known = understanding(real_data)
    with gzip.open(real_data / "queries" / "video_train.txt.gz", "rt", encoding="utf-8") as file:
        watched = file.read().splitlines()
    shopping, video = (
        [known.judge(q).kind for q in drawn(qs, 2_000, seed=6)] for qs in (real_queries(real_data), watched)
    )
    assert shopping.count(IntentKind.NOT_SHOPPING) <= 20
    assert shopping.count(IntentKind.CONTENT) <= 40
    assert video.count(IntentKind.NOT_SHOPPING) + video.count(IntentKind.CONTENT) >= 300


def test_more_said_is_stronger(real_data: Path) -> None:
    known = understanding(real_data)
    pairs = []
    for query in drawn(real_queries(real_data), 3_000, seed=8):
        heads = [
            e.value for e in known.tag(query) if e.kind is Kind.PRODUCT and e.weight == 1.0 and e.source == "lexicon"
        ]
        if heads and len(plain(query)) >= len(heads[-1]) + 3:
            pairs.append((query, heads[-1]))
    assert len(pairs) >= 500
    stronger = [known.judge(query).strength > known.judge(head).strength for query, head in pairs[:500]]
    assert sum(stronger) >= 400, sum(stronger)
