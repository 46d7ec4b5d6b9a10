"""Two kinds of documents in one generation: each with its own fields, and published together."""

from __future__ import annotations

import numpy as np
import orjson
import pytest

from retrieval.errors import NotFound
from retrieval.generations import Manifest
from retrieval.protocols import Backend
from retrieval.schema import PRODUCT, Schema
from retrieval.types import Document, FacetValue, Filters, IndexedDocument, Sort
from tests.contract import world
from tests.contract.world import NO_FILTER, ROWS, asking, direction

CLIP = Schema(
    kind="clip",
    text=("said", "room"),
    keywords=("room",),
    numbers=("seconds",),
    facets=("room", "seconds"),
    sorts={Sort.NEWEST: ("seconds", 1)},
    bands={"seconds": (0, 6_000)},
)
NOTE = Schema(kind="note", text=("text",), encoded=False)
CLIPS = (
    ("c2", "这 款 保温杯 真 好", "早场", 3_000),
    ("c1", "绿茶 怎么 泡", "晚场", 9_000),
    ("c3", "红色 保温杯", "早场", None),
)


def clip(name: str, said: str, room: str, seconds: int | None) -> IndexedDocument:
    numbers = {} if seconds is None else {"seconds": seconds}
    document = Document(name, {"said": said}, {"room": (room,)}, numbers, said, orjson.dumps({"id": name}))
    return IndexedDocument(document, {"said": said.split(), "room": [room]}, forward=name.encode())


def note(name: str, text: str) -> IndexedDocument:
    return IndexedDocument(Document(name, {"text": text}, {}, {}, text, orjson.dumps({"id": name})), {"text": [text]})


def build(backend: Backend, *, clips: int = len(CLIPS), notes: int = 0) -> Manifest:
    kinds = [PRODUCT.kind, CLIP.kind, *([NOTE.kind] if notes else [])]
    with backend.create(analyzer="a", encoder=world.ENCODER, dim=world.DIM, kinds=kinds) as writer:
        writer.collection(PRODUCT.kind).add([world.document(row) for row in ROWS], world.VECTORS)
        for place, row in enumerate(CLIPS[:clips]):
            writer.collection(CLIP.kind).add([clip(*row)], direction(10.0 * place)[None])
        for place, text in enumerate("一二三"[:notes]):
            writer.collection(NOTE.kind).add([note(f"n{place}", text)], None)
        writer.attach("learned", b"of both")
        return writer.finish({}, None)


class Kinds:
    """Needs fixtures `pair_of_kinds`, a backend of products and clips, empty in every test, and `backend`."""

    def test_each_has_its_own_fields(self, pair_of_kinds: Backend) -> None:
        manifest = build(pair_of_kinds)
        assert {kind: held.documents for kind, held in manifest.collections.items()} == {"product": 12, "clip": 3}
        assert (manifest.documents, manifest.collections["clip"].field_counts) == (15, {"room": 3, "said": 3})
        assert pair_of_kinds.verify(manifest.generation) == []
        generation = pair_of_kinds.open(manifest.generation)
        assert (generation.manifest, generation.attachment("learned")) == (manifest, b"of both")
        products, clips = generation.collection("product"), generation.collection("clip")
        assert generation.collection("clip") is clips
        assert (products.rows, clips.rows, clips.row_of("c1"), clips.row_of("p01")) == (12, 3, 1, None)
        assert world.everything(products) == world.everything(
            pair_of_kinds.open(world.build(pair_of_kinds).generation).collection("product")
        )
        cups = clips.lexical(asking("保温杯", said=1.0), NO_FILTER, 5)
        assert cups.rows.tolist() == [2, 0]  # the shorter one first
        assert clips.lexical(asking("早场", room=1.0), NO_FILTER, 5).rows.tolist() == [0, 2]
        assert clips.lexical(asking("保温杯", said=1.0), NO_FILTER, 1, Sort.NEWEST).rows.tolist() == [0]
        assert clips.semantic(direction(10), Filters({"room": ("早场",)}), 1).rows.tolist() in ([0], [2])
        assert clips.semantic(direction(20), NO_FILTER, 3).rows.tolist() == [2, 1, 0]
        assert clips.facets(CLIP.facets, np.arange(3)) == {
            "room": (FacetValue("早场", 2), FacetValue("晚场", 1)),
            "seconds": (FacetValue("0-59.99", 1), FacetValue("60-", 1)),
        }
        assert clips.forward(np.array([2, 0])) == [b"c3", b"c2"]

    def test_a_field_of_another_kind_matches_nothing(self, pair_of_kinds: Backend) -> None:
        clips = pair_of_kinds.open(build(pair_of_kinds).generation).collection("clip")
        query, rows = asking("保温杯", said=1.0), np.arange(3)
        for filters in (Filters({"brand": ("花田",)}), Filters(price=(0, None)), Filters(price=(None, 10**9))):
            assert clips.lexical(query, filters, 5).rows.tolist() == []
            assert clips.semantic(direction(0), filters, 5).rows.tolist() == clips.passing(filters, rows).tolist() == []
        assert clips.passing(Filters(in_stock=True), rows).tolist() == rows.tolist()
        assert clips.lexical(asking("保温杯", title=1.0), NO_FILTER, 5).rows.tolist() == []

    def test_they_are_published_together(self, pair_of_kinds: Backend, backend: Backend) -> None:
        first, second = build(pair_of_kinds), build(pair_of_kinds, clips=1)
        for manifest in (first, second, first):
            pair_of_kinds.publish(manifest.generation)
            generation = pair_of_kinds.open(str(pair_of_kinds.current()))
            assert generation.collection("clip").rows == manifest.collections["clip"].documents
        assert [m.generation for m in pair_of_kinds.manifests()] == [first.generation, second.generation]
        pair_of_kinds.delete(second.generation)
        assert [m.generation for m in pair_of_kinds.manifests()] == [first.generation]

    def test_a_generation_of_one_kind(self, pair_of_kinds: Backend, backend: Backend) -> None:
        """`backend` knows products alone; both read what the other wrote."""
        alone = world.build(backend)
        generation = pair_of_kinds.open(alone.generation)
        assert generation.collection("product").rows == 12
        with pytest.raises(NotFound, match="clip") as missing:
            generation.collection("clip")
        assert "product" in str(missing.value.hint)
        pair_of_kinds.publish(build(pair_of_kinds).generation)
        assert backend.open(str(backend.current())).collection("product").rows == 12
        pair_of_kinds.publish(alone.generation)
        assert pair_of_kinds.current() == backend.current() == alone.generation
        generation.close()
        generation.close()

    def test_only_the_kinds_that_are_asked_for(self, pair_of_kinds: Backend) -> None:
        with pair_of_kinds.create(analyzer="a", encoder=None, dim=0, kinds=["product"]) as writer:
            writer.collection(PRODUCT.kind).add([world.document(ROWS[0])], None)
            manifest = writer.finish({}, None)
        assert list(manifest.collections) == ["product"]
        assert pair_of_kinds.verify(manifest.generation) == []
        with pytest.raises(NotFound, match="clip"):
            pair_of_kinds.open(manifest.generation).collection("clip")

    def test_a_kind_without_vectors(self, pair_of_kinds: Backend) -> None:
        manifest = build(pair_of_kinds, notes=2)
        notes = pair_of_kinds.open(manifest.generation).collection(NOTE.kind)
        assert (notes.rows, manifest.collections[NOTE.kind].vectors) == (2, {})
        assert notes.lexical(asking("一", text=1.0), NO_FILTER, 5).rows.tolist() == [0]
        assert notes.semantic(direction(0), NO_FILTER, 5).rows.tolist() == notes.check_vectors() == []
        assert notes.semantic_scores(direction(0), np.arange(2)).tolist() == [0.0, 0.0]
        assert notes.vectors(np.arange(2)).shape == (2, 0)
        assert pair_of_kinds.verify(manifest.generation) == []

    def test_each_can_be_amended(self, pair_of_kinds: Backend) -> None:
        old = build(pair_of_kinds).generation
        with pair_of_kinds.amend(old, analyzer="b") as amender:
            amender.replace("clip", 1, clip("c1", "绿茶怎么泡", "晚场", 9_000))
            new = amender.finish({}).generation
        was, now = pair_of_kinds.open(old), pair_of_kinds.open(new)
        tea = asking("绿茶", said=1.0)
        assert was.collection("clip").lexical(tea, NO_FILTER, 5).rows.tolist() == [1]
        assert now.collection("clip").lexical(tea, NO_FILTER, 5).rows.tolist() == []
        assert world.everything(now.collection("product")) == world.everything(was.collection("product"))
        assert now.attachment("learned") == b"of both"
        assert pair_of_kinds.verify(new) == []
