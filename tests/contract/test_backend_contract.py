"""What every backend must do, asserted on a world of twelve products.

1. Publication: nothing is seen before it is published, the switch is atomic, an open reader is pinned, even after
   deletion; manifests are in order; what is served cannot be deleted; one builder at a time; empty generations and
   generations without vectors work. (`tests.contract.publication`)
2. Recall: order, BM25 and cosines by formula, ties by id, `need`, depth, filters before the cut. (`….recall`)
3. Selection: filters, facets, orders and records equal what is counted by hand. (`….selection`)
4. Batches: several questions in one give what each gives alone. (`….batches`)
5. Amending: replaced documents have their new tokens, everything else is as it was. (`….amending`)
6. Rows that are gone: the answers are those of a fresh generation of the rest. (`….gone`)
7. Two kinds of documents in one generation. (`….kinds`)
8. Embedded only: a generation that is damaged, of another format, or left half-built by a killed builder.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.errors import GenerationError
from retrieval.generations import check_readable
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT, Schema
from tests.contract import world
from tests.contract.amending import Amending
from tests.contract.batches import Batches
from tests.contract.gone import Gone
from tests.contract.kinds import CLIP, NOTE, Kinds
from tests.contract.publication import Publication
from tests.contract.recall import Recall
from tests.contract.selection import Selection


class BackendContract(Publication, Recall, Selection, Batches, Amending, Gone, Kinds):
    """A backend passes when a subclass says how to open it on a folder (or an index prefix) of its own."""

    @classmethod
    def open_backend(cls, place: Path, schemas: Sequence[Schema] = (PRODUCT,)) -> Backend:
        raise NotImplementedError

    @pytest.fixture
    def pair_of_kinds(self, tmp_path: Path) -> Backend:
        return self.open_backend(tmp_path, (PRODUCT, CLIP, NOTE))

    @pytest.fixture
    def backend(self, tmp_path: Path) -> Backend:
        return self.open_backend(tmp_path)

    @pytest.fixture
    def again(self, tmp_path: Path, backend: Backend) -> Backend:
        return self.open_backend(tmp_path)

    @pytest.fixture(scope="class")
    @classmethod
    def class_backend(cls, tmp_path_factory: pytest.TempPathFactory) -> Backend:
        return cls.open_backend(tmp_path_factory.mktemp("world"))

    @pytest.fixture(scope="class")
    @classmethod
    def reader(cls, class_backend: Backend) -> IndexReader:
        return class_backend.open(world.build(class_backend).generation).collection(PRODUCT.kind)


class TestEmbedded(BackendContract):
    @classmethod
    def open_backend(cls, place: Path, schemas: Sequence[Schema] = (PRODUCT,)) -> EmbeddedBackend:
        return EmbeddedBackend(place, schemas=schemas)

    def test_verify_finds_every_damage(self, tmp_path: Path) -> None:  # 8
        backend = self.open_backend(tmp_path)
        name = world.build(backend).generation
        folder = tmp_path / "generations" / name
        for file in sorted(manifest_files(folder)):
            path, whole = folder / file, (folder / file).read_bytes()
            flipped = bytearray(whole)
            flipped[len(whole) // 2] ^= 1
            path.write_bytes(flipped)
            assert backend.verify(name) == [f"{file} has changed: {len(whole)} bytes, {len(whole)} expected"]
            path.write_bytes(whole[:-1])
            assert backend.verify(name) == [f"{file} has changed: {len(whole) - 1} bytes, {len(whole)} expected"]
            path.unlink()
            assert backend.verify(name) == [f"{file} is missing"]
            path.write_bytes(whole)
        assert backend.verify(name) == []
        (folder / PRODUCT.kind / "columns" / "stray.npy").write_bytes(b"")
        assert backend.verify(name) == ["product/columns/stray.npy is not in the manifest"]

    def test_verify_counts_rows(self, tmp_path: Path) -> None:  # 8
        backend = self.open_backend(tmp_path)
        name = world.build(backend).generation
        edit_manifest(tmp_path / "generations" / name, 11)
        assert backend.verify(name) == [
            f"product/{part} has 12 rows, the manifest says 11"
            for part in ("lexical", "columns", "documents", "vectors")
        ]

    def test_damage_is_refused_when_opened(self, tmp_path: Path) -> None:  # 8
        backend = self.open_backend(tmp_path)
        for file in ("columns/price.npy", "documents/offsets.npy", "lexical/meta.json", "vectors/index.faiss"):
            name = world.build(backend).generation
            (tmp_path / "generations" / name / PRODUCT.kind / file).write_bytes(b"nonsense")
            with pytest.raises(GenerationError, match=name) as damaged:
                backend.open(name).collection(PRODUCT.kind)
            assert "xunhuo generations verify" in str(damaged.value.hint)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (b"", "damaged"), (b"{", "damaged"), (b"[]", "damaged"), (b"{}", "damaged"),
            (b'{"format_version": 3}', "damaged"), (b'{"format_version": 2}', r"format 2; this version reads 3 and 4"),
        ],
    )  # fmt: skip
    def test_a_manifest_that_cannot_be_read(self, tmp_path: Path, text: bytes, message: str) -> None:  # 8
        backend = self.open_backend(tmp_path)
        sound, broken = world.build(backend).generation, world.build(backend).generation
        (tmp_path / "generations" / broken / "manifest.json").write_bytes(text)
        with pytest.raises(GenerationError, match=message) as refused:
            backend.open(broken).collection(PRODUCT.kind)
        assert "rebuild" in str(refused.value.hint)
        assert [broken in problem for problem in backend.verify(broken)] == [True]
        # Although it is the current one, it is in the way neither of the others nor of the next rebuild.
        assert backend.current() == broken
        assert [m.generation for m in backend.manifests()] == [sound]
        assert world.build(backend).generation == backend.current()
        backend.delete(broken)

    def test_another_analyzer_or_encoder_is_refused(self, tmp_path: Path) -> None:  # 8
        manifest = world.build(self.open_backend(tmp_path))
        check_readable(manifest, analyzer=world.ANALYZER, encoder=world.ENCODER)
        check_readable(manifest, analyzer=world.ANALYZER, encoder=None)  # words only
        with pytest.raises(GenerationError, match=f"built with analyzer {world.ANALYZER}, this is other") as refused:
            check_readable(manifest, analyzer="other", encoder=world.ENCODER)
        assert "xunhuo rebuild" in str(refused.value.hint)
        with pytest.raises(GenerationError, match=f"built with encoder {world.ENCODER}, this is other") as refused:
            check_readable(manifest, analyzer=world.ANALYZER, encoder="other")
        assert "encoder.name" in str(refused.value.hint)

    def test_the_next_builder_takes_leftovers_away(self, tmp_path: Path) -> None:  # 8
        backend = self.open_backend(tmp_path)
        serving = world.build(backend).generation
        left = tmp_path / "generations" / ".building-g20260101T000000.000Z-0000"
        shutil.copytree(tmp_path / "generations" / serving, left)
        with backend.building():
            assert not left.exists()
        assert [m.generation for m in backend.manifests()] == [serving]
        assert backend.verify(serving) == []


def manifest_files(folder: Path) -> list[str]:
    """The files that a manifest lists, without those that hold nothing."""
    files = orjson.loads((folder / "manifest.json").read_bytes())["files"]
    assert {name.split("/")[1] for name in files} == {"lexical", "columns", "documents", "vectors"}
    return [name for name, entry in files.items() if entry["bytes"]]


def edit_manifest(folder: Path, documents: int) -> None:
    """Says of the products that there are so many."""
    path = folder / "manifest.json"
    manifest = orjson.loads(path.read_bytes())
    manifest["collections"][PRODUCT.kind]["documents"] = documents
    path.write_bytes(orjson.dumps(manifest))
