"""Migration, from one folder of generations to another:

1. The copy has the same documents, tokens and vectors: lists, scores, facets and records are the same; it is published.
   Who watches is told of every document.
2. Nothing is encoded: the source has vectors that no encoder of this machine made.
3. Another analyzer, an empty source or a copy that is not whole is refused, and nothing is published.
4. Suggestions name the documents where they stand in the copy, and none that did not come along.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.migrate import migrate
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.errors import CheckFailed, GenerationError, NotFound
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.suggest.table import ATTACHMENT, Table
from retrieval.types import Filters, LexicalQuery
from retrieval.wiring import make_analyzer
from tests import spoken, world


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedBackend:
    folder = tmp_path_factory.mktemp("source")
    world.publish(folder, world.products(120), gold_samples=0)
    return EmbeddedBackend(folder)


class Counting:
    """An observer that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, int]] = []

    def stage(self, name: str, total: int) -> None:
        self.told.append((name, total))

    def advance(self, read_bytes: int, documents: int) -> None:
        self.told.append((read_bytes, documents))


def test_the_copy_is_the_same(source: EmbeddedBackend, tmp_path: Path) -> None:  # 1, 2
    target, watched = EmbeddedBackend(tmp_path), Counting()
    analyzer = make_analyzer(world.settings(tmp_path))
    manifest = migrate(source, target, analyzer, watched)
    assert target.current() == manifest.generation
    old, new = (
        source.open(str(source.current())).collection(PRODUCT.kind),
        target.open(manifest.generation).collection(PRODUCT.kind),
    )
    assert watched.told == [("feed", 120), (120, 120), ("finish", 0)]
    assert new.rows == old.rows == 120
    assert (manifest.analyzer, manifest.encoder) == (old.manifest.analyzer, old.manifest.encoder)
    assert manifest.details["migrated_from"] == old.manifest.generation
    rows = np.arange(old.rows)
    assert new.sources(rows) == old.sources(rows)
    assert new.vectors(rows).tobytes() == old.vectors(rows).tobytes()
    assert new.facets(PRODUCT.facets, rows) == old.facets(PRODUCT.facets, rows)
    text = analyzer.query("白色保温杯 连衣裙")
    query = LexicalQuery(text.weights, {"title": 1.0, "description": 0.1, "brand": 0.5}, (), 0)
    found, expected = (reader.lexical(query, Filters(), 50) for reader in (new, old))
    assert (found.rows.tolist(), found.scores.tolist()) == (expected.rows.tolist(), expected.scores.tolist())
    assert len(found.rows) > 10


def test_suggestions_go_along(source: EmbeddedBackend, tmp_path: Path) -> None:  # 4
    def now(kind: str, built: IndexReader) -> IndexReader:
        return built.without(np.arange(0, 120, 3), epoch=1)

    target = EmbeddedBackend(tmp_path)
    manifest = migrate(source, target, make_analyzer(world.settings(tmp_path)), now=now)
    reader = target.open(manifest.generation).collection(PRODUCT.kind)
    table = Table.from_bytes(reader.attachment(ATTACHMENT) or b"")
    entries = {table[place].text: table[place] for place in range(len(table))}
    for text in ("保温杯", "连衣裙", "蓝牙耳机"):
        rows = np.array(entries[text].rows)
        assert len(rows)
        assert all(text in str(one, "utf-8") for one in reader.sources(rows))


def test_another_analyzer(source: EmbeddedBackend, tmp_path: Path) -> None:  # 3
    words = tmp_path / "lexicon"
    words.mkdir()
    (words / "user_words.txt").write_text("保温大杯\n", encoding="utf-8")
    other = make_analyzer(world.settings(tmp_path, f"analysis.lexicon_dir={words}"))
    with pytest.raises(GenerationError, match="built with analyzer"):
        migrate(source, EmbeddedBackend(tmp_path), other)
    assert EmbeddedBackend(tmp_path).manifests() == []


def test_nothing_to_migrate(tmp_path: Path) -> None:  # 3
    with pytest.raises(NotFound, match="no generation to migrate"):
        migrate(
            EmbeddedBackend(tmp_path / "a"), EmbeddedBackend(tmp_path / "b"), make_analyzer(world.settings(tmp_path))
        )


def test_a_copy_with_holes(source: EmbeddedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    target = EmbeddedBackend(tmp_path)

    class Leaky(EmbeddedBackend):
        def verify(self, generation: str) -> list[str]:
            return ["a hole"]

    with pytest.raises(CheckFailed, match="a hole"):
        migrate(source, Leaky(tmp_path), make_analyzer(world.settings(tmp_path)))
    assert (target.current(), target.manifests()) == (None, [])


def test_videos_go_along(tmp_path: Path) -> None:  # 1
    spoken.build(tmp_path / "from")
    source, target = EmbeddedBackend(tmp_path / "from"), EmbeddedBackend(tmp_path / "to")
    manifest = migrate(source, target, make_analyzer(world.settings(tmp_path / "from")))
    old, new = source.open(str(source.current())), target.open(manifest.generation)
    assert {kind: held.documents for kind, held in manifest.collections.items()} == {
        kind: held.documents for kind, held in old.manifest.collections.items()
    }
    for kind in ("moment", "video"):
        was, now = old.collection(kind), new.collection(kind)
        rows = np.arange(was.rows)
        assert now.sources(rows) == was.sources(rows)
        assert now.forward(rows) == was.forward(rows)
        assert now.vectors(rows).tobytes() == was.vectors(rows).tobytes()
        assert now.rows > 0
    shows_cup = Filters({"product": ("cup",)})
    was, now = old.collection("moment"), new.collection("moment")
    assert now.passing(shows_cup, np.arange(now.rows)).tolist() == was.passing(shows_cup, np.arange(was.rows)).tolist()
