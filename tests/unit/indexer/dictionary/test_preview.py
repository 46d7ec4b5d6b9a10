"""A preview of an edit:

1. Of the queries of the log those whose plan changes, with the parts that differ, the most frequent first; nothing is
   kept. Only queries with a piece of an edited line are read.
2. Hits that come and go with their titles, for so many queries as the bounds say.
3. User words: how many documents change tokens, which is what applying them finds, and the titles of the first.
4. A text that cannot be read, an unknown name and a shop without a generation are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from configs.settings import Settings
from indexer.dictionary.desk import Desk
from indexer.dictionary.preview import SHOWN, Bounds, pieces_of
from retrieval.engine import Engine
from retrieval.errors import LexiconError, NotFound, NotReady
from retrieval.wiring import make_understanding, open_engine
from retrieval.wiring.places import dictionaries_of
from tests import world
from tests.unit.indexer.dictionary.test_apply import apply, edit

LOG = {"暖水瓶": 30, "暖水瓶 大号": 5, "连衣裙": 90, "长裙": 20, "碎花裙 长裙": 2}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("shop")
    queries = folder / "queries.txt"
    queries.write_text("".join(f"{query}\t{count}\n" for query, count in LOG.items()), encoding="utf-8")
    settings = world.settings(folder / "data")
    world.publish(settings.data_dir, world.products(200), queries=[queries])
    return settings


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    opened = open_engine(settings)
    yield opened
    opened.close()


def desk(settings: Settings, engine: Engine, **bounds: int) -> Desk:
    return Desk(
        dictionaries_of(settings), lambda: nullcontext(engine.serving.reader),
        lambda changes: make_understanding(settings, changes), lambda: engine,
        Bounds(**bounds),
    )  # fmt: skip


def test_plans(settings: Settings, engine: Engine) -> None:  # 1, 2
    of = desk(settings, engine, searched=1)
    found = of.preview("rewrites", "暖水瓶\t保温杯\n暖水瓶 大号\t保温壶\n# 连衣裙\n")
    assert [(change.query, change.count) for change in found.queries] == [("暖水瓶", 30), ("暖水瓶 大号", 5)]
    assert [(c.before["rewrite"], c.after["rewrite"]) for c in found.queries] == [(None, "保温杯"), (None, "保温壶")]
    assert (found.known, found.compared) == (len(LOG), found.matching)
    assert found.matching < len(LOG)
    assert (found.documents, found.documents_read) == (0, 0)
    first, second = found.queries
    assert first.come
    assert first.gone is not None
    records = {id: engine.product(id).record["title"] for id in (*first.gone, *first.come)}
    assert found.titles == records
    assert (second.gone, second.come) == (None, None)
    assert "+暖水瓶\t保温杯" in found.lines
    assert of.store.current("rewrites") == 0
    assert of.preview("rewrites", of.store.text("rewrites")).queries == ()


def test_one_query(settings: Settings, engine: Engine) -> None:  # 1
    found = desk(settings, engine, queries=1).preview("synonyms", "暖水瓶\t保温杯\n")
    assert (found.compared, [change.query for change in found.queries]) == (1, ["暖水瓶"])
    assert set(found.queries[0].before) == {"scored", "weights"}  # it is ranked as the synonym, too


def test_pieces() -> None:  # 1
    assert pieces_of(["+番茄\tＴＯＭＡＴＯ\t0.9", "-华为=hua_wei *色 # 说明", "+# 说明"]) == {
        "番茄",
        "tomato",
        "华为",
        "hua",
        "wei",
        "色",
    }


def test_documents(settings: Settings, engine: Engine) -> None:  # 3
    of = desk(settings, engine)
    found = of.preview("user_words", of.store.text("user_words") + "碎花裙\n显瘦长裙\n")
    assert {change.query for change in found.queries} == {"碎花裙 长裙"}
    assert found.queries[0].before["tokens"] != found.queries[0].after["tokens"]
    assert not of.overview()[2].pending
    edit(settings, user_words="碎花裙\n显瘦长裙\n")
    assert {view.name for view in of.overview() if view.pending} == {"user_words", "units"}
    assert found.documents == len(apply(settings, dry_run=True).changed) > 0
    assert len(found.changed) == min(SHOWN, found.documents)
    assert found.changed == {id: engine.product(id).record["title"] for id in found.changed}
    dictionaries_of(settings).rollback("user_words", 0)


def test_refused(settings: Settings, engine: Engine, tmp_path: Path) -> None:  # 4
    of = desk(settings, engine)
    with pytest.raises(LexiconError, match="1 found"):
        of.preview("rewrites", "暖水瓶\n")
    with pytest.raises(NotFound):
        of.preview("rewrite", "")
    empty = open_engine(world.settings(tmp_path))
    with pytest.raises(NotReady):
        desk(world.settings(tmp_path), empty).preview("rewrites", "")
    assert not any(view.pending for view in desk(world.settings(tmp_path), empty).overview())
    empty.close()
