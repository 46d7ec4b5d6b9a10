"""The life of a generation: what a backend must keep while generations come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread

import numpy as np
import pytest

from retrieval.errors import GenerationError, NotFound
from retrieval.protocols import Backend
from retrieval.schema import PRODUCT
from retrieval.types import Filters
from tests.contract import world
from tests.contract.world import NO_FILTER, ROWS, asking, direction


class Publication:
    """Needs a fixture `backend`, empty in every test, and `again`: the same place opened by another process."""

    def test_nothing_is_visible_before_publish(self, backend: Backend) -> None:
        assert (backend.current(), backend.manifests()) == (None, [])
        with backend.building(), backend.create(analyzer="a", encoder=None, dim=0) as writer:
            writer.collection(PRODUCT.kind).add([world.document(ROWS[0])], None)
            assert (backend.current(), backend.manifests()) == (None, [])
            with pytest.raises(NotFound):
                backend.open(writer.generation).collection(PRODUCT.kind)
            manifest = writer.finish({}, None)
        assert backend.current() is None
        assert [m.generation for m in backend.manifests()] == [manifest.generation]
        backend.publish(manifest.generation)
        assert backend.current() == manifest.generation

    def test_leaving_without_finish_takes_everything_away(self, backend: Backend) -> None:
        with backend.create(analyzer="a", encoder=world.ENCODER, dim=world.DIM) as writer:
            writer.collection(PRODUCT.kind).add([world.document(row) for row in ROWS], world.VECTORS)
        assert backend.manifests() == []
        with pytest.raises(NotFound):
            backend.open(writer.generation).collection(PRODUCT.kind)
        with pytest.raises(RuntimeError, match="stopped"), backend.create(analyzer="a", encoder=None, dim=0) as writer:
            raise RuntimeError("stopped")
        assert backend.manifests() == []

    def test_a_manifest_says_what_was_built(self, backend: Backend) -> None:
        manifest = world.build(backend)
        assert (manifest.analyzer, manifest.encoder, manifest.dim) == (world.ANALYZER, world.ENCODER, world.DIM)
        assert manifest.documents == len(ROWS)
        assert manifest.collections[PRODUCT.kind].field_counts == {"brand": 10, "description": 1, "title": 12}
        assert manifest.details == {"note": "the world"}
        reader = backend.open(manifest.generation).collection(PRODUCT.kind)
        assert (reader.manifest, reader.documents) == (manifest, len(ROWS))
        assert backend.manifests() == [manifest]
        assert backend.verify(manifest.generation) == []

    def test_details_are_added(self, backend: Backend, again: Backend) -> None:
        manifest = world.build(backend)
        backend.annotate(manifest.generation, {"gates": {"passed": ["counts"]}})
        (found,) = again.manifests()
        assert found == replace(manifest, details={"note": "the world", "gates": {"passed": ["counts"]}})
        assert backend.open(manifest.generation).manifest == found
        assert backend.verify(manifest.generation) == []
        with pytest.raises(NotFound):
            backend.annotate("g20000101T000000.000Z-0000", {})

    def test_manifests_are_in_order_of_creation(self, backend: Backend) -> None:
        built = [world.build(backend, ROWS[:n], encoder=None, publish=n != 2).generation for n in (1, 2, 3)]
        assert [m.generation for m in backend.manifests()] == built == sorted(built)
        assert [m.documents for m in backend.manifests()] == [1, 2, 3]

    def test_rollback(self, backend: Backend, again: Backend) -> None:
        first, second = world.build(backend), world.build(backend, ROWS[:3])
        assert again.current() == second.generation
        backend.publish(first.generation)
        assert (backend.current(), again.current()) == (first.generation,) * 2
        assert again.open(first.generation).collection(PRODUCT.kind).documents == len(ROWS)

    def test_an_open_reader_is_pinned(self, backend: Backend) -> None:
        first = world.build(backend)
        reader = backend.open(first.generation).collection(PRODUCT.kind)
        before = world.everything(reader)
        world.build(backend, ROWS[:4])
        assert world.everything(reader) == before
        backend.delete(first.generation)
        assert world.everything(reader) == before
        with pytest.raises(NotFound):
            backend.open(first.generation).collection(PRODUCT.kind)

    def test_deletion(self, backend: Backend) -> None:
        first, second = world.build(backend), world.build(backend)
        with pytest.raises(GenerationError) as refused:
            backend.delete(second.generation)
        assert second.generation in refused.value.message
        assert refused.value.hint
        assert backend.current() == second.generation
        backend.delete(first.generation)
        assert [m.generation for m in backend.manifests()] == [second.generation]

    @pytest.mark.parametrize(
        "name", ["", ".", "..", "g", "../..", "g20260101T000000.000Z-0000", "g" * 5000, "g\0", "红色"]
    )
    def test_a_generation_that_is_not_there(self, backend: Backend, name: str) -> None:
        there = world.build(backend, ROWS[:1], encoder=None).generation
        calls: tuple[Callable[[str], object], ...] = (backend.open, backend.verify, backend.delete, backend.publish)
        for call in calls:
            with pytest.raises(NotFound) as missing:
                call(name)
            assert there in str(missing.value.hint)
        assert backend.current() == there

    def test_one_builder_at_a_time(self, backend: Backend, again: Backend) -> None:
        with backend.building():
            with pytest.raises(GenerationError, match="another rebuild") as busy, again.building():
                pytest.fail("two builders at once")
            assert busy.value.hint
        with again.building():
            pass

    def test_the_switch_is_atomic(self, backend: Backend, again: Backend) -> None:
        names = [world.build(backend, ROWS[:1], encoder=None).generation for _ in range(2)]
        done, seen = Event(), set()

        def look() -> None:
            while not done.is_set():
                seen.add(again.current())

        watcher = Thread(target=look)
        watcher.start()
        for turn in range(100):
            backend.publish(names[turn % 2])
        done.set()
        watcher.join()
        assert seen <= set(names)

    def test_an_empty_generation(self, backend: Backend) -> None:
        for encoder in (None, world.ENCODER):
            manifest = world.build(backend, (), encoder=encoder)
            assert backend.verify(manifest.generation) == []
            reader, nothing = backend.open(manifest.generation).collection(PRODUCT.kind), np.empty(0, np.int64)
            assert (reader.rows, manifest.documents, reader.row_of("p01")) == (0, 0, None)
            for found in (
                reader.lexical(asking("红色"), NO_FILTER, 5),
                reader.semantic(direction(0), NO_FILTER, 5),
                reader.semantic(direction(0), Filters(in_stock=True), 5),
            ):
                assert (found.rows.shape, found.scores.shape, found.complete) == ((0,), (0,), True)
            assert reader.facets(PRODUCT.facets, nothing) == dict.fromkeys(PRODUCT.facets, ())
            assert (reader.check_vectors(), reader.sources(nothing)) == ([], [])

    def test_a_generation_without_vectors(self, backend: Backend) -> None:
        manifest = world.build(backend, encoder=None)
        reader = backend.open(manifest.generation).collection(PRODUCT.kind)
        assert (manifest.encoder, manifest.dim) == (None, 0)
        assert len(reader.semantic(direction(0), NO_FILTER, 5).rows) == 0
        assert reader.semantic_scores(direction(0), np.arange(3)).tolist() == [0, 0, 0]
        assert reader.check_vectors() == []
        assert len(reader.lexical(asking("红色"), NO_FILTER, 12).rows) == 6

    def test_attachments(self, backend: Backend, again: Backend) -> None:
        large = bytes(range(256)) * 36_000  # 9.2 MB
        with backend.building(), backend.create(analyzer="a", encoder=None, dim=0) as writer:
            writer.collection(PRODUCT.kind).add([world.document(ROWS[0])], None)
            for name, data in (("large", b"old"), ("large", large), ("empty", b"")):
                writer.attach(name, data)
            first = writer.finish({}, None).generation
        second = world.build(backend).generation
        reader = again.open(first).collection(PRODUCT.kind)
        assert (reader.attachment("large"), reader.attachment("empty")) == (large, b"")
        assert reader.attachment("other") is None
        assert again.open(second).attachment("large") is None
        assert backend.verify(first) == []

    def test_closing_twice(self, backend: Backend) -> None:
        reader = backend.open(world.build(backend).generation).collection(PRODUCT.kind)
        reader.close()
        reader.close()
