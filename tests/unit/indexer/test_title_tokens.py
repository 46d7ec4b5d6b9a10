"""Tokens of titles in the rows of a generation, by the encoder e5.

1. A rebuild puts those of each title into its row, and passes its checks; the next one reads them where it left them.
2. A copy in another place has the very same rows.
3. An edit of words writes rows anew with the tokens that they had.
4. A product that is written live has those of its title; of one that keeps its title they stay. A generation that
   catches up has them, too, and so has a compacted one.
5. A search reads them: they are part of the score of a hit, and make the right one first.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pytest

from configs.settings import Settings, load_settings
from indexer.changes.compact import compact
from indexer.changes.settling import settling
from indexer.learning.opening import make_learner
from indexer.migrate import migrate
from indexer.rebuild import rebuild
from indexer.report import RebuildReport
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.encoders.e5 import E5Encoder, load
from retrieval.late.titles import TitleTokens
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import title_tokens, with_tokens
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import EVERYTHING
from retrieval.wiring import make_analyzer, make_encoder, open_engine
from tests import world
from tests.encoder_cache import encoder_cache_dir
from tests.live_shop import LiveShop, row
from tests.token_encoder import steps_of
from tests.unit.indexer.dictionary.test_apply import WORDS, apply, edit

COUNT = 60


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    return encoder_cache_dir(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="module")
def e5(cache: Path) -> E5Encoder:
    return load({}, cache_dir=cache, threads=1)


def settings(data_dir: Path, *overrides: str) -> Settings:
    return load_settings(overrides=["encoder.name=e5", *overrides], data_dir=data_dir)


def built(data_dir: Path) -> RebuildReport:
    of = settings(data_dir)
    file = world.write(data_dir / "products.jsonl", world.products(COUNT))
    encoder, backend = make_encoder(of, threads=1), EmbeddedBackend(data_dir)
    return rebuild(world.plan(data_dir, file), backend, make_analyzer(of), encoder, world.Quiet(), make_learner(of))


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory, cache: Path, e5: E5Encoder) -> Path:
    """Rebuilt; who publishes into it takes a copy."""
    data_dir = tmp_path_factory.mktemp("mall")
    (data_dir / "cache").mkdir()
    for folder in cache.glob("e5-*"):
        (data_dir / "cache" / folder.name).symlink_to(folder)
    assert built(data_dir).encoded > 0
    return data_dir


@pytest.fixture
def copy(mall: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mall, tmp_path / "copy", symlinks=True))


def current(data_dir: Path) -> IndexReader:
    backend = EmbeddedBackend(data_dir)
    return backend.open(str(backend.current())).collection(PRODUCT.kind)


def rows_of(reader: IndexReader) -> list[bytes]:
    return reader.forward(np.arange(reader.rows))


def check(e5: E5Encoder, reader: IndexReader) -> None:
    """Each row that can be found has the tokens of its title, but for what company may change."""
    rows = reader.rows_passing(EVERYTHING)
    titles = [orjson.loads(source)["title"] for source in reader.sources(rows)]
    there, wanted = [title_tokens(forward) for forward in reader.forward(rows)], e5.encode_titles(titles).tokens
    assert [*map(len, there)] == [*map(len, wanted)]
    assert TitleTokens.decode(there).counts.min() > 1
    assert (steps_of(*there) != steps_of(*wanted)).mean() < 0.01


def test_a_rebuild(mall: Path, copy: Path, e5: E5Encoder) -> None:  # 1
    check(e5, current(mall))
    report = built(copy)
    assert (report.encoded, report.reused) == (0, COUNT)
    assert report.generation == current(copy).manifest.generation != current(mall).manifest.generation
    assert rows_of(current(copy)) == rows_of(current(mall))


def test_a_copy(mall: Path, tmp_path: Path) -> None:  # 2
    migrate(EmbeddedBackend(mall), EmbeddedBackend(tmp_path), make_analyzer(settings(mall)))
    assert rows_of(current(tmp_path)) == rows_of(current(mall))


def test_an_edit_of_words(mall: Path, copy: Path) -> None:  # 3
    edit(settings(copy), user_words=WORDS)
    report = apply(settings(copy))
    old, new = rows_of(current(mall)), rows_of(current(copy))
    assert report.generation == current(copy).manifest.generation
    assert 0 < len(report.changed) < COUNT
    changed = [place for place in range(COUNT) if with_tokens(old[place], b"") != with_tokens(new[place], b"")]
    assert 0 < len(changed) <= len(report.changed)
    assert [title_tokens(each) for each in new] == [title_tokens(each) for each in old]


def test_live(tmp_path: Path, e5: E5Encoder, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    shop, asked = LiveShop.of(tmp_path, encoder=e5), list[str]()
    shop.build([row(number) for number in range(5)])
    encode = e5.encode_titles

    def told(texts: Sequence[str]) -> object:
        asked.extend(texts)
        return encode(texts)

    monkeypatch.setattr(e5, "encode_titles", told)
    shop.writer.apply([
        {"op": "upsert", **row(7, "second")}, {"op": "upsert", **row(2, brand="山风")},
        {"op": "patch", "id": "p003", "title": "登山鞋 third"}, {"op": "patch", "id": "p004", "price": 2.0},
        {"op": "delete", "id": "p001"},
    ])  # fmt: skip
    assert asked == ["保温杯 second", "登山鞋 third"]
    check(e5, shop.now())
    asked.clear()
    other = shop.build([row(number) for number in range(4)])
    assert shop.now().manifest.generation == other
    check(e5, shop.now())
    assert {"p002", "p003", "p007"} <= set(shop.records())
    asked.clear()
    made = compact(settling(shop.backend, shop.catch_up), shop.changes, shop.catch_up.analyzer_of)
    assert (shop.backend.current(), asked) == (made.generation, [])
    assert made.generation != other
    check(e5, shop.now())


def test_a_search(copy: Path) -> None:  # 5
    engine = open_engine(settings(copy))
    titles = random.Random(1).sample([each["title"] for each in world.products(COUNT)], 5)
    for title in titles:
        hits = engine.search(SearchRequest(title, explain=True, size=20)).hits
        assert hits[0].source["title"] == title
        parts = [hit.explain.features["late_interaction"] for hit in hits if hit.explain]
        assert parts[0] == max(parts) > min(parts)
    words = engine.search(SearchRequest(titles[0], explain=True, channels=("lexical",)))
    assert all("late_interaction" not in hit.explain.features for hit in words.hits if hit.explain)
    engine.close()
