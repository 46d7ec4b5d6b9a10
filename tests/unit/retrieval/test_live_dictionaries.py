"""An engine that follows the dictionaries of its shop:

1. An edited synonym, rewrite or rule counts from the next look on, also for a query that was remembered, and so does
   going back; where nothing is understood, synonyms still follow.
2. What cannot be read leaves the engine as it is, and says so.
3. A cursor that was made before goes on in its generation.
4. Edited user words wait: the generation is read with the words that it was built with, also by an engine that is
   opened later; a rebuild takes them over, and going back to the generation before brings the old words back.
5. An engine that tries other dictionaries leaves the first as it is, and they share no remembered list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from configs.settings import Settings
from retrieval.dictionaries.watch import Watch
from retrieval.engine import Engine
from retrieval.errors import LexiconError
from retrieval.request import SearchRequest
from retrieval.wiring import make_analyzer, make_understanding, open_engine, open_live
from retrieval.wiring.places import dictionaries_of, make_backend
from tests import world

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = [{"id": f"p{n}", "title": title} for n, title in enumerate(("红色保温杯", "蓝色炒锅", "白色长裙", "碎花长裙"))]

PLAIN = ("search.semantic_depth=0", "ranking.enabled=false")
"""Lists of what matches in words, all of it."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return world.settings(tmp_path, *PLAIN)


@pytest.fixture
def live(settings: Settings) -> Iterator[tuple[Engine, Watch]]:
    world.publish(settings.data_dir, ROWS, gold_samples=0)
    engine, watch = open_live(settings)
    yield engine, watch
    engine.close()


def put(settings: Settings, name: str, text: str) -> None:
    dictionaries_of(settings).put(name, text, now=NOW)


def found(engine: Engine, query: str) -> list[str]:
    return [hit.source["title"] for hit in engine.search(SearchRequest(query, channels=("lexical",))).hits]


def test_it_follows(settings: Settings, live: tuple[Engine, Watch]) -> None:  # 1
    engine, watch = live
    assert (found(engine, "暖水瓶"), watch.look()) == ([], False)
    put(settings, "synonyms", "暖水瓶\t保温杯\n")
    put(settings, "rewrites", "厨房神器\t炒锅\n")
    assert found(engine, "暖水瓶") == []
    assert watch.look()
    assert (found(engine, "暖水瓶"), found(engine, "厨房神器")) == (["红色保温杯"], ["蓝色炒锅"])
    understood = engine.search(SearchRequest("厨房神器")).understood
    assert understood is not None
    assert understood.plan.rewrite is not None
    dictionaries_of(settings).rollback("synonyms", 0)
    assert watch.look()
    assert found(engine, "暖水瓶") == []


def test_words_only(settings: Settings, live: tuple[Engine, Watch]) -> None:  # 1
    blind = world.settings(settings.data_dir, "understanding.enabled=false", *PLAIN)
    engine, watch = open_live(blind)
    put(settings, "synonyms", "暖水瓶\t保温杯\n")
    assert watch.look()
    answer = engine.search(SearchRequest("暖水瓶", channels=("lexical",)))
    assert ([hit.id for hit in answer.hits], answer.understood) == (["p0"], None)
    engine.close()


def test_what_cannot_be_read(settings: Settings, tmp_path: Path) -> None:  # 2
    world.publish(settings.data_dir, ROWS, gold_samples=0)
    by_hand = tmp_path / "by hand"
    by_hand.mkdir()
    other = world.settings(settings.data_dir, f"understanding.rules_dir={by_hand}")
    engine, watch = open_live(other)
    (by_hand / "rewrites.tsv").write_text("厨房神器\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(LexiconError, match="1 found"):
            watch.look()
    assert found(engine, "炒锅") == ["蓝色炒锅"]
    (by_hand / "rewrites.tsv").write_text("厨房神器\t炒锅\n", encoding="utf-8")
    assert watch.look()
    assert found(engine, "厨房神器") == ["蓝色炒锅"]
    engine.close()


def test_cursors(settings: Settings, live: tuple[Engine, Watch]) -> None:  # 3
    engine, watch = live
    first = engine.search(SearchRequest("长裙", size=1, channels=("lexical",)))
    put(settings, "synonyms", "暖水瓶\t保温杯\n")
    assert watch.look()
    second = engine.search(SearchRequest("", cursor=first.next_cursor, size=1))
    assert (second.generation, second.query.text) == (first.generation, "长裙")
    assert {first.hits[0].id, second.hits[0].id} == {"p2", "p3"}


def test_user_words_wait(settings: Settings, live: tuple[Engine, Watch]) -> None:  # 4
    engine, watch = live

    def tokens(of: Engine) -> tuple[str, ...]:
        return of.search(SearchRequest("碎花长裙")).query.tokens

    before = tokens(engine)
    put(settings, "user_words", "碎花长裙\n")
    assert watch.look()
    assert tokens(engine) == before != ("碎花长裙",)
    later = open_engine(settings)
    assert tokens(later) == before
    old, backend = engine.generation, make_backend(settings)
    world.publish(settings.data_dir, ROWS, gold_samples=0)
    assert engine.refresh()
    assert tokens(engine) == ("碎花长裙",)
    backend.publish(str(old))
    assert engine.refresh()
    assert tokens(engine) == before
    assert make_analyzer(settings).fingerprint != backend.open(str(old)).manifest.analyzer
    later.close()


def test_trying(settings: Settings, live: tuple[Engine, Watch]) -> None:  # 5
    engine, _ = live
    assert found(engine, "暖水瓶") == []
    other = engine.trying(make_understanding(settings, {"synonyms": "暖水瓶\t保温杯\n"}))
    assert [found(other, "暖水瓶"), found(engine, "暖水瓶"), found(other, "暖水瓶")] == [
        ["红色保温杯"],
        [],
        ["红色保温杯"],
    ]
    words = engine.trying(make_understanding(settings, {"user_words": "碎花长裙\n"}))
    assert words.search(SearchRequest("碎花长裙")).query.tokens == ("碎花长裙",)
