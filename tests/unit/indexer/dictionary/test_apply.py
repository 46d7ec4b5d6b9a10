"""An edit of user words and units that the index follows, over a mall of varied products:

1. Exactly the documents whose tokens change are named and written again; vectors, columns and records stay the same.
2. The index equals that of a full rebuild with the new words: every token has the same documents, the same words and
   categories are known, and queries get the same plans. BM25 is within a tenth: deleted documents still count.
3. The old generation is untouched, in every byte, and its cursors go on; a dry run publishes nothing.
4. Applied twice there is nothing left to change, and going back leads to the old tokens.
5. A generation that does not pass its checks is taken away again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from configs.settings import Settings
from indexer.dictionary.apply import ApplyPlan, ApplyReport, apply_words
from indexer.learning.opening import make_learner
from indexer.migrate import documents
from retrieval.errors import CheckFailed
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import Filters, LexicalQuery
from retrieval.understanding.knowledge import Knowledge
from retrieval.wiring import (
    analyzer_of_generation,
    make_analyzer,
    open_engine,
)
from retrieval.wiring.places import dictionaries_of, make_backend
from tests import world

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = "牛津纺衬衫\n碎花裙\n长裙 \n龙井茶\n不锈钢保温壶\n白色降噪\n"
COUNT = 400
QUERIES = (
    "碎花裙",
    "白色 长裙",
    "牛津纺衬衫 蓝色",
    "龙井茶礼盒装",
    "不锈钢保温壶 500ml",
    "降噪耳机",
    "亲肤四件套",
    "Nord",
    "送妈妈",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return world.settings(tmp_path / "data")


@pytest.fixture
def served(settings: Settings) -> IndexReader:
    """Built with the words of the settings, learned from with queries."""
    queries = settings.data_dir.parent / "queries.txt"
    queries.write_text("碎花裙\t40\n长裙\t9\n降噪耳机\t30\n", encoding="utf-8")
    world.publish(settings.data_dir, world.products(COUNT), queries=[queries])
    return current(settings)


def current(settings: Settings) -> IndexReader:
    backend = make_backend(settings)
    return backend.open(str(backend.current())).collection(PRODUCT.kind)


def edit(settings: Settings, **texts: str) -> None:
    store = dictionaries_of(settings)
    for name, text in texts.items():
        store.put(name, store.text(name) + text, now=NOW)


def apply(settings: Settings, **plan: Any) -> ApplyReport:
    return apply_words(
        ApplyPlan(**{"gold_samples": 20, **plan}), make_backend(settings),
        lambda reader: analyzer_of_generation(settings, reader), make_analyzer(settings),
        lambda analyzer: make_learner(settings, analyzer),
    )  # fmt: skip


def rebuilt(settings: Settings, tmp_path: Path) -> Settings:
    """A full rebuild of the same products with the edited words, elsewhere."""
    other = world.settings(tmp_path / "other")
    store = dictionaries_of(settings)
    edited = {name: store.text(name) for name in ("user_words", "units")}
    for name, text in edited.items():
        dictionaries_of(other).put(name, text, now=NOW)
    world.publish(other.data_dir, world.products(COUNT), queries=[tmp_path / "queries.txt"])
    return other


def tokens_of(reader: IndexReader, settings: Settings) -> list[Any]:
    found = documents(reader, analyzer_of_generation(settings, reader), np.arange(reader.rows))
    return [(each.indexed.tokens, each.indexed.forward) for each in found]


def answers(settings: Settings, queries: Iterable[str]) -> list[Any]:
    engine = open_engine(settings)
    found = [engine.search(SearchRequest(query, size=20, facets=("brand",))) for query in queries]
    engine.close()
    return found


def test_exactly_what_changes(settings: Settings, served: IndexReader) -> None:  # 1, 3
    before = tokens_of(served, settings)
    old_plans = [a.understood.plan for a in answers(settings, QUERIES)]
    edit(settings, user_words=WORDS, units="ml\t大杯\t500\n")
    report = apply(settings)
    new = current(settings)
    after = tokens_of(new, settings)
    assert (new.manifest.generation, new.manifest.documents) == (report.generation, COUNT)
    assert new.manifest.analyzer == make_analyzer(settings).fingerprint != served.manifest.analyzer
    rows = np.arange(COUNT)
    different = [row for row in rows.tolist() if before[row] != after[row]]
    assert report.changed == tuple(str(id_of(served, row)) for row in different)
    assert 20 < len(different) < COUNT / 2
    assert new.forward(rows) == [forward for _, forward in after]
    assert new.sources(rows) == served.sources(rows)
    assert new.vectors(rows).tobytes() == served.vectors(rows).tobytes()
    assert new.facets(PRODUCT.facets, rows) == served.facets(PRODUCT.facets, rows)
    backend = make_backend(settings)
    assert [backend.verify(m.generation) for m in backend.manifests()] == [[], []]
    assert [a.understood.plan for a in answers(settings, QUERIES)] != old_plans


def id_of(reader: IndexReader, row: int) -> str:
    return str(orjson.loads(reader.sources(np.array([row]))[0])["id"])


def test_as_a_rebuild(settings: Settings, served: IndexReader, tmp_path: Path) -> None:  # 2
    edit(settings, user_words=WORDS, units="ml\t大杯\t500\n")
    report = apply(settings)
    other = rebuilt(settings, tmp_path)
    one, two = current(settings), current(other)
    assert one.manifest.analyzer == two.manifest.analyzer
    assert one.manifest.collections == two.manifest.collections
    for token in {token for fields, _ in tokens_of(two, other) for words in fields.values() for token in words}:
        query = LexicalQuery({token: 1.0}, dict.fromkeys(PRODUCT.text, 1.0), (), 0)
        rows, expected = (sorted(r.lexical(query, Filters(), COUNT).rows.tolist()) for r in (one, two))
        assert rows == expected, token
    amended, whole = (Knowledge.from_bytes(r.attachment("knowledge") or b"") for r in (one, two))
    assert amended.words == whole.words
    assert amended.category_words == whole.category_words
    assert {"碎花裙", "龙井茶"} <= amended.products.keys()
    assert {word: amended.products.get(word) for word in report.words} == {
        word: whole.products.get(word) for word in report.words
    }
    titles = [row["title"][:8] for row in world.products(40)]
    for found, expected in zip(
        answers(settings, (*QUERIES, *titles)), answers(other, (*QUERIES, *titles)), strict=True
    ):
        assert found.query == expected.query
        assert found.understood.plan.term_weights == expected.understood.plan.term_weights
        assert found.understood.plan.categories == expected.understood.plan.categories


def test_scores_are_near(settings: Settings, served: IndexReader, tmp_path: Path) -> None:  # 2
    edit(settings, user_words="特级龙井茶\n")
    report = apply(settings)
    assert 0 < len(report.changed) < 0.05 * COUNT
    one, two = current(settings), current(rebuilt(settings, tmp_path))
    rows = np.arange(COUNT)
    for query in QUERIES:
        asked = LexicalQuery(make_analyzer(settings).query(query).weights, {"title": 1.0, "description": 0.1}, (), 0)
        found, expected = one.lexical_scores(asked, rows), two.lexical_scores(asked, rows)
        assert ((found > 0) == (expected > 0)).all()
        assert found == pytest.approx(expected, rel=0.1)


def test_nothing_left(settings: Settings, served: IndexReader) -> None:  # 4
    before = tokens_of(served, settings)
    edit(settings, user_words=WORDS)
    there = apply(settings)
    again = apply(settings)
    assert (again.generation, again.words, again.changed) == (None, (), ())
    assert current(settings).manifest.generation == there.generation
    dictionaries_of(settings).rollback("user_words", 0)
    back = apply(settings)
    assert back.changed == there.changed
    assert tokens_of(current(settings), settings) == before
    assert current(settings).manifest.analyzer == served.manifest.analyzer


def test_a_dry_run(settings: Settings, served: IndexReader) -> None:  # 3
    edit(settings, user_words=WORDS)
    report = apply(settings, dry_run=True)
    assert (report.generation, current(settings).manifest) == (None, served.manifest)
    assert report.changed == apply(settings).changed != ()


def test_cursors_go_on(settings: Settings, served: IndexReader) -> None:  # 3
    engine = open_engine(settings)
    first = engine.search(SearchRequest("长裙", size=3))
    rest = engine.search(SearchRequest("", cursor=first.next_cursor, size=50))
    edit(settings, user_words=WORDS)
    apply(settings)
    assert engine.refresh()
    again = engine.search(SearchRequest("", cursor=first.next_cursor, size=50))
    assert (again.generation, [h.id for h in again.hits]) == (first.generation, [h.id for h in rest.hits])
    assert engine.search(SearchRequest("长裙")).generation != first.generation
    engine.close()


def test_refused(settings: Settings, served: IndexReader) -> None:  # 5
    edit(settings, user_words=WORDS)
    with pytest.raises(CheckFailed):
        apply(settings, min_count_ratio=2.0)
    backend = make_backend(settings)
    assert [m.generation for m in backend.manifests()] == [backend.current()] == [served.manifest.generation]
